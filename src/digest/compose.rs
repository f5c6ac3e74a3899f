//! The facts of a week or a month and one reader make one letter. Pure: the same in, the same out.

use sha2::{Digest, Sha256};

use super::blocks;
use super::desk;
use super::facts::{ByChannel, Edition, Facts, Reader, Why};
use super::letter::{Figure, Link, Page};
use super::period::Period;
use super::wording::Wording;
use crate::messages::Lang;
use crate::report::figures::{count, percent, rate, web_address, whole};
use crate::report::plain::{cut, line};

/// How many characters a name may have in the letter, and in a header.
const NAME_CHARS_MAX: usize = 120;
const NAME_IN_HEADER_CHARS_MAX: usize = 60;

/// A letter, ready to become a mail or a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// One line that tells the news.
    pub subject: String,
    /// What mail programs show after the subject.
    pub preheader: String,
    /// The HTML part, whole.
    pub html: String,
    /// The text part with the same facts.
    pub text: String,
    /// The same for the same reader and period, without angle brackets.
    pub message_id: String,
}

/// Composes the letter of `facts` for `reader`.
///
/// An empty period gives a letter too, which says that there is nothing to decide;
/// [`Facts::is_empty_for`] tells whether it is such a one.
pub fn compose(facts: &Facts, reader: &Reader) -> Letter {
    let page = page(facts, reader);
    Letter {
        html: page.html(),
        text: page.text(),
        subject: page.subject,
        preheader: page.preheader,
        message_id: message_id(facts, reader),
    }
}

fn page(facts: &Facts, reader: &Reader) -> Page {
    let lang = reader.lang;
    let is_desk = reader.edition == Edition::Desk;
    let subject = if is_desk { desk::subject(facts, lang) } else { subject(facts, lang) };
    let organization = match name(&facts.organization) {
        unknown if unknown.is_empty() => lang.text("name").to_owned(),
        known => known,
    };
    Page {
        lang,
        // Nothing stands after the colon where a name was nothing but what headers may not hold.
        subject: subject.trim_end().to_owned(),
        preheader: if is_desk { desk::preheader(facts, lang) } else { preheader(facts, lang) },
        title: Wording::of(facts, lang).title(),
        greeting: greeting(reader),
        intro: if is_desk { desk::intro(facts, reader) } else { intro(facts, reader) },
        figures: figures(facts, reader),
        figures_note: figures_note(facts, lang),
        channels: if is_desk { String::new() } else { channels(facts, lang) },
        blocks: if is_desk { desk::blocks(facts, lang) } else { blocks::all(facts, lang) },
        because: because(facts, reader, &organization),
        links: links(facts, reader),
        organization,
    }
}

/// The subject: the period, how many asked, and the one thing most worth opening the letter for.
fn subject(facts: &Facts, lang: Lang) -> String {
    let period = Wording::of(facts, lang).beginning();
    let asked = count(lang, "letter.questions", facts.inquiries, &[]);
    let gaps = match facts.n_new() {
        0 => count(lang, "letter.without_owner", facts.decide.len() as u64, &[]),
        new => count(lang, "letter.new_gaps", new, &[]),
    };
    let news = [
        ("gaps", facts.decide.first().map(|it| &it.name)),
        ("verified", facts.verified.first().map(|it| &it.name)),
        ("still", facts.still_asked.first().map(|it| &it.name)),
        ("rises", facts.rises.as_ref().map(|it| &it.name)),
    ];
    let (key, name) = news
        .into_iter()
        .find_map(|(key, name)| Some((key, name?.as_str())))
        .unwrap_or(if facts.inquiries == 0 { ("silent", "") } else { ("nothing", "") });
    let name = header_text(name);
    let values = [("period", &*period), ("asked", &asked), ("gaps", &gaps), ("name", &name)];
    lang.fill(&format!("letter.subject.{key}"), &values)
}

fn preheader(facts: &Facts, lang: Lang) -> String {
    let open = match facts.open_gaps {
        0 => lang.text("letter.none_open").to_owned(),
        open => count(lang, "letter.open_gaps", open, &[]),
    };
    answered(facts, lang).map_or(open.clone(), |share| format!("{share} {open}"))
}

/// Which share the website answered, and before.
pub(super) fn answered(facts: &Facts, lang: Lang) -> Option<String> {
    let share = facts.answered?;
    let now = percent(share.percent.into(), lang);
    let Some(before) = share.percent_before else {
        return Some(lang.fill("letter.answered", &[("now", &now)]));
    };
    let before = percent(before.into(), lang);
    let weeks = Wording::of(facts, lang).weeks_before();
    let values = [("now", now.as_str()), ("before", &before), ("weeks_before", &weeks)];
    Some(lang.fill("letter.answered_before", &values))
}

pub(super) fn greeting(reader: &Reader) -> String {
    let name = name(&reader.name);
    if name.is_empty() {
        return reader.lang.text("letter.hello").to_owned();
    }
    reader.lang.fill("letter.hello_name", &[("name", &name)])
}

fn intro(facts: &Facts, reader: &Reader) -> Vec<String> {
    let lang = reader.lang;
    let wording = Wording::of(facts, lang);
    let period = wording.name();
    let mut sentences = Vec::new();
    if reader.is_first {
        let letter = wording.text("name");
        sentences.push(lang.fill("letter.first", &[("letter", &letter)]));
    }
    sentences.push(if facts.inquiries == 0 {
        lang.fill("letter.none_logged", &[("period", &period)])
    } else {
        count(lang, "letter.logged", facts.inquiries, &[("period", &period)])
    });
    if facts.is_new {
        sentences.push(wording.text("is_new"));
    }
    if facts.decide.is_empty() {
        sentences.push(wording.text("nothing"));
    }
    sentences
}

fn figures(facts: &Facts, reader: &Reader) -> Vec<Figure> {
    let lang = reader.lang;
    let wording = Wording::of(facts, lang);
    let figure = |key: &str, value: String, before: Option<String>| Figure {
        label: lang.text(&format!("letter.figure.{key}")).to_owned(),
        value,
        before: before.map_or(String::new(), |it| wording.mean(&it)),
    };
    let mut figures = vec![figure(
        "questions",
        whole(facts.inquiries, lang),
        facts.inquiries_before.map(|it| rate(it, lang)),
    )];
    if let Some(it) = facts.answered {
        let before = it.percent_before.map(|it| percent(it.into(), lang));
        figures.push(figure("answered", percent(it.percent.into(), lang), before));
    }
    if reader.edition == Edition::Editors {
        figures.push(figure("open", whole(facts.open_gaps, lang), None));
    }
    figures
}

fn figures_note(facts: &Facts, lang: Lang) -> String {
    let wording = Wording::of(facts, lang);
    let note = || lang.fill(&wording.key("note"), &[("weeks_before", &wording.weeks_before())]);
    let shares = facts.answered.and_then(|it| it.percent_before);
    let before = (facts.inquiries_before.is_some() || shares.is_some()).then(note);
    let of = facts.answered.map(|_| lang.text("letter.answered_of").to_owned());
    before.into_iter().chain(of).collect::<Vec<_>>().join(" ")
}

/// The channels with their counts: `telefon 320 (snitt 310), chat 12 (snitt 9)`.
fn channels(facts: &Facts, lang: Lang) -> String {
    let wording = Wording::of(facts, lang);
    let told = |it: &ByChannel| {
        let usual = || lang.text(&format!("channel.{}", it.channel.name())).to_lowercase();
        // A name of its own is written as it was given.
        let channel = it.names.given(lang).map_or_else(usual, name);
        let n = whole(it.inquiries, lang);
        let mean = it.before.map(|it| wording.mean(&rate(it, lang)));
        mean.map_or(format!("{channel} {n}"), |mean| format!("{channel} {n} ({mean})"))
    };
    if facts.channels.is_empty() {
        return String::new();
    }
    let list = facts.channels.iter().map(told).collect::<Vec<_>>().join(", ");
    lang.fill("letter.channels", &[("list", &list)])
}

fn because(facts: &Facts, reader: &Reader, organization: &str) -> String {
    let lang = reader.lang;
    let letter = match reader.edition {
        Edition::Editors => Wording::of(facts, lang).text("name"),
        Edition::Desk => lang.text("letter.name.desk").to_owned(),
    };
    let values = [("organization", organization), ("letter", &letter)];
    let fill = |key: &str| lang.fill(&format!("letter.because.{key}"), &values);
    match &reader.why {
        Why::SetUpBy(who) => {
            let who = name(who);
            let values = [("who", who.as_str()), ("organization", organization)];
            lang.fill("letter.because.set_up", &values)
        }
        Why::SignedUp => fill("signed_up"),
        Why::Account => fill("account"),
        Why::NobodyYet => fill("nobody_yet"),
    }
}

fn links(facts: &Facts, reader: &Reader) -> Vec<Link> {
    let text = reader.lang.text(&format!("letter.online.{}", facts.period.name())).to_owned();
    let online = Link { text, href: address(facts, &format!("/digest/{}", facts.period.last())) };
    let mut links = vec![online];
    links.extend(reader_links(&facts.base, reader));
    links.retain(|link| !link.href.is_empty());
    links
}

/// Where the reader changes or ends what comes.
pub(super) fn reader_links(base: &str, reader: &Reader) -> Vec<Link> {
    let link = |key: &str, to: &str| Link {
        text: reader.lang.text(&format!("letter.{key}")).to_owned(),
        href: absolute(base, to),
    };
    let mut links = vec![link("settings", &reader.settings)];
    links.extend(reader.stop.as_deref().map(|to| link("stop", to)));
    links.retain(|link| !link.href.is_empty());
    links
}

/// A name in one line of bearable length.
pub(super) fn name(text: &str) -> String {
    cut(&line(text), NAME_CHARS_MAX)
}

/// A name for a header: short, and never an encoded word that a mail program would decode.
pub(super) fn header_text(text: &str) -> String {
    // RFC 2047 begins an encoded word with these two, and the mail builder lets them pass.
    let text = line(text).replace("=?", "= ?");
    cut(&text, NAME_IN_HEADER_CHARS_MAX)
}

/// The whole address of a link; empty when it is no web address.
pub(super) fn address(facts: &Facts, link: &str) -> String {
    absolute(&facts.base, link)
}

/// The same under the address of the service.
pub(super) fn absolute(base: &str, link: &str) -> String {
    if link.is_empty() {
        return String::new();
    }
    let base = url::Url::parse(base);
    let joined = base.and_then(|base| base.join(link)).map(String::from);
    joined.ok().and_then(|it| web_address(&it)).unwrap_or_default()
}

/// Keys the letter by reader and period; the host is the service's own.
fn message_id(facts: &Facts, reader: &Reader) -> String {
    let host = host(&facts.base);
    // The id of a reader may name a person: a mail's header shows only its fingerprint.
    let (of, said) = match facts.period {
        Period::Week(week) => (week.to_string(), week.to_string()),
        Period::Month(last) => (format!("month {last}"), format!("month.{last}")),
    };
    let hash = Sha256::digest(format!("{of} {}", reader.id));
    let hash: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("digest.{said}.{hash}@{host}")
}

/// The host that stands in message ids.
pub(super) fn host(base: &str) -> String {
    let base = url::Url::parse(base).ok();
    base.as_ref().and_then(url::Url::domain).unwrap_or("skranke.invalid").to_owned()
}
