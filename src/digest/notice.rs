//! Short mails: one thing that has just happened, or a question whether letters are wanted.

use sha2::{Digest, Sha256};

use super::compose::{Letter, absolute, greeting, header_text, host, name, reader_links};
use super::facts::{Reader, ReaderId};
use super::letter::{Block, Item, Link, Page};
use crate::messages::Lang;
use crate::report::figures::count;

/// What a short mail tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// A gap has become the reader's own.
    Assigned {
        /// Who saw to that; none when it is not known.
        by: Option<String>,
    },
    /// A crawl has found that a mended page answers.
    Verified,
    /// A question is asked far more often than usual.
    Surge {
        /// So often in the last hours.
        n: u64,
    },
}

/// One thing that has just happened to a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Whose front desk and website it is.
    pub organization: String,
    /// The address of the service.
    pub base: String,
    /// What happened.
    pub happened: Happened,
    /// The topic's name as letters show it.
    pub name: String,
    /// Where it is shown.
    pub link: String,
    /// What keys the mail, together with the reader.
    pub key: String,
}

/// A question whether somebody wants the letters that another has set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Whose front desk and website it is.
    pub organization: String,
    /// The address of the service.
    pub base: String,
    /// Who set it up; none when the reader did.
    pub by: Option<String>,
    /// The link that says yes.
    pub agree: String,
    /// What keys the mail, together with the reader.
    pub key: String,
}

/// Composes the mail that tells `notice` to `reader`.
pub fn compose_notice(notice: &Notice, reader: &Reader) -> Letter {
    let lang = reader.lang;
    let said = |part: &str| format!("notice.{part}.{}", notice.happened.key());
    let topic = name(&notice.name);
    let short = header_text(&notice.name);
    let link = Link { text: topic, href: absolute(&notice.base, &notice.link) };
    let says = notice.happened.says(lang);
    let item = Item { name: link, says, page: None, page_label: String::new() };
    let organization = organization(&notice.organization, lang);
    let because = lang.fill("notice.because", &[("organization", &organization)]);
    letter(Parts {
        subject: lang.fill(&said("subject"), &[("name", &short)]),
        title: lang.text(&said("title")).to_owned(),
        intro: vec![],
        items: vec![item],
        because,
        organization,
        base: &notice.base,
        key: &notice.key,
        reader,
    })
}

/// Composes the question.
pub fn compose_consent(consent: &Consent, reader: &Reader) -> Letter {
    let lang = reader.lang;
    let organization = organization(&consent.organization, lang);
    let who = consent.by.as_deref().map(name).unwrap_or_default();
    let values = [("organization", organization.as_str()), ("who", &who)];
    let key = if consent.by.is_some() { "notice.consent.by" } else { "notice.consent.own" };
    let href = absolute(&consent.base, &consent.agree);
    let link = Link { text: lang.text("notice.consent.agree").to_owned(), href };
    let says = lang.text("notice.consent.then").to_owned();
    let item = Item { name: link, says, page: None, page_label: String::new() };
    letter(Parts {
        subject: lang
            .fill("notice.subject.consent", &[("organization", &header_text(&organization))]),
        title: lang.text("notice.title.consent").to_owned(),
        intro: vec![lang.fill(key, &values)],
        items: vec![item],
        because: lang.fill("notice.consent.because", &values),
        organization: organization.clone(),
        base: &consent.base,
        key: &consent.key,
        reader,
    })
}

impl Happened {
    const fn key(&self) -> &'static str {
        match self {
            Self::Assigned { .. } => "assigned",
            Self::Verified => "verified",
            Self::Surge { .. } => "surge",
        }
    }

    fn says(&self, lang: Lang) -> String {
        match self {
            Self::Assigned { by: Some(by) } => {
                lang.fill("notice.says.assigned_by", &[("who", &name(by))])
            }
            Self::Assigned { by: None } => lang.text("notice.says.assigned").to_owned(),
            Self::Verified => lang.text("notice.says.verified").to_owned(),
            Self::Surge { n } => count(lang, "notice.surge", *n, &[]),
        }
    }
}

/// What a short mail is made of.
struct Parts<'a> {
    subject: String,
    title: String,
    intro: Vec<String>,
    items: Vec<Item>,
    because: String,
    organization: String,
    base: &'a str,
    key: &'a str,
    reader: &'a Reader,
}

fn letter(parts: Parts<'_>) -> Letter {
    let Parts { subject, title, intro, items, because, organization, base, key, reader } = parts;
    let block = Block { items, ..Block::default() };
    let page = Page {
        lang: reader.lang,
        preheader: title.clone(),
        subject,
        organization,
        title,
        greeting: greeting(reader),
        intro,
        figures: vec![],
        figures_note: String::new(),
        channels: String::new(),
        blocks: vec![block],
        because,
        links: reader_links(base, reader),
    };
    Letter {
        html: page.html(),
        text: page.text(),
        subject: page.subject,
        preheader: page.preheader,
        message_id: message_id(base, &reader.id, key),
    }
}

fn organization(text: &str, lang: Lang) -> String {
    match name(text) {
        unknown if unknown.is_empty() => lang.text("name").to_owned(),
        known => known,
    }
}

/// Keys the mail by reader and what it tells of; the host is the service's own.
fn message_id(base: &str, reader: &ReaderId, key: &str) -> String {
    let hash = Sha256::digest(format!("{key} {reader}"));
    let hash: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("notice.{hash}@{}", host(base))
}
