//! Who gets Monday's letter, the answers to the links in it, and how it looks.

use askama::Template;

use crate::http::pages::{Choice, FieldError, Frame, error_of};

/// What the page of a link says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkAnswer {
    /// Letters come; they can be stopped.
    MayStop,
    /// The reader was asked, and has not answered.
    MayAgree,
    /// Letters come.
    Agreed,
    /// No letters come.
    Stopped,
}

/// The page of a link in a letter; or that there is nothing here.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/stop.html")]
pub struct LinkPage {
    /// The language of the page; what is around others is not here.
    pub f: Frame,
    /// The address of the colors and type.
    pub theme: String,
    /// The organisation's name.
    pub organisation: String,
    /// The reader's address, shortened.
    pub address: String,
    /// Who set it up, when it was somebody else.
    pub by: Option<String>,
    /// Where the answer goes.
    pub action: String,
    /// What it says; none when the address leads nowhere.
    pub answer: Option<LinkAnswer>,
}

impl LinkPage {
    /// The code of what it says.
    pub const fn code(&self) -> &'static str {
        match self.answer {
            Some(LinkAnswer::MayStop) => "may_stop",
            Some(LinkAnswer::MayAgree) => "may_agree",
            Some(LinkAnswer::Agreed) => "agreed",
            Some(LinkAnswer::Stopped) => "stopped",
            None => "gone",
        }
    }

    /// The key of what it says of the address.
    pub const fn says(&self) -> &'static str {
        match self.answer {
            Some(LinkAnswer::MayStop) | None => "stop.says.may_stop",
            Some(LinkAnswer::MayAgree) => "stop.says.may_agree",
            Some(LinkAnswer::Agreed) => "stop.says.agreed",
            Some(LinkAnswer::Stopped) => "stop.says.stopped",
        }
    }

    /// Whether there is something to answer.
    pub const fn asks(&self) -> bool {
        matches!(self.answer, Some(LinkAnswer::MayStop | LinkAnswer::MayAgree))
    }
}

/// What a reader wants, as a form shows it.
#[derive(Clone, Debug, Default)]
pub struct WishesForm {
    /// The reader that is changed; empty for a new one.
    pub id: String,
    /// The name, as typed.
    pub name: String,
    /// The mail address, as typed.
    pub mail: String,
    /// The chat that it is; none for an address.
    pub chat: Option<&'static str>,
    /// The languages.
    pub langs: Vec<Choice>,
    /// How often.
    pub often: Vec<Choice>,
    /// For whom it is written.
    pub editions: Vec<Choice>,
    /// The days, the usual time first.
    pub days: Vec<Choice>,
    /// The time on that day, as typed.
    pub at: String,
    /// Whether a letter comes of a week without anything to decide.
    pub empty_too: bool,
    /// What short notices come of.
    pub notices: Vec<Choice>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl WishesForm {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }
}

/// The readers of the letter.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/readers.html")]
pub struct ReadersPage {
    /// What is around it.
    pub f: Frame,
    /// Whether the person sees Admin.
    pub is_admin: bool,
    /// How many there are.
    pub total: usize,
    /// How many have what is looked for.
    pub found: usize,
    /// What is looked for.
    pub query: String,
    /// Those of this page.
    pub readers: Vec<ReaderSeen>,
    /// This page and how many there are.
    pub page: (usize, usize),
    /// Who gets it while there are none: names, or nobody but the organisation.
    pub instead: Vec<String>,
    /// The sender's address, to which it goes while nobody reads it.
    pub from: String,
    /// The form of one.
    pub form: WishesForm,
    /// The form of a chat, for whoever may add one.
    pub chat: Option<ChatForm>,
    /// Who was stopped just now, and can be put back.
    pub stopped: Option<(String, String)>,
    /// Last week, whose letter can be looked at.
    pub week: String,
}

impl ReadersPage {
    /// The address of a page of the list.
    pub fn link(&self, page: usize) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if !self.query.is_empty() {
            query.append_pair("q", &self.query);
        }
        query.append_pair("page", &page.to_string());
        format!("/readers?{}", query.finish())
    }
}

/// A reader.
#[derive(Clone, Debug)]
pub struct ReaderSeen {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The mail address; the address of a chat is a secret.
    pub mail: String,
    /// The code of the chat.
    pub chat: Option<&'static str>,
    /// The code of how often.
    pub often: &'static str,
    /// The code of the edition.
    pub edition: &'static str,
    /// The code of the language.
    pub lang: &'static str,
    /// The own day and time, in words.
    pub at: Option<String>,
    /// What short notices come of, in codes.
    pub notices: Vec<&'static str>,
    /// Who set it up, when it was somebody else.
    pub by: Option<String>,
    /// The code of how it stands.
    pub state: &'static str,
    /// What the mail server said against the address.
    pub refused: Option<String>,
    /// The last letter and how it went, in words.
    pub last: Option<String>,
}

/// The form of a chat.
#[derive(Clone, Debug, Default)]
pub struct ChatForm {
    /// The name, as typed.
    pub name: String,
    /// The kinds.
    pub kinds: Vec<Choice>,
    /// Whether it may lie in the organisation's own network.
    pub allow_private: bool,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl ChatForm {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }
}

/// What one's account shows of one's letters.
#[derive(Clone, Debug)]
pub struct OwnLetter {
    /// The form.
    pub form: WishesForm,
    /// The code of how it stands; none while nothing comes.
    pub state: Option<&'static str>,
    /// What the mail server said against the address.
    pub refused: Option<String>,
    /// Who set it up, when it was somebody else.
    pub by: Option<String>,
}

/// A week's letter as somebody gets it.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/letter.html")]
pub struct LetterPage {
    /// What is around it.
    pub f: Frame,
    /// The week, `2026-W12`.
    pub week: String,
    /// Its number.
    pub week_number: i8,
    /// The week before.
    pub before: String,
    /// The week after, when it is over.
    pub after: Option<String>,
    /// Week or month, when the week ends one.
    pub of: Vec<Choice>,
    /// Readers on the list, nobody first.
    pub readers: Vec<Choice>,
    /// The languages.
    pub langs: Vec<Choice>,
    /// The editions.
    pub editions: Vec<Choice>,
    /// The subject.
    pub subject: String,
    /// What mail programs show after it.
    pub preheader: String,
    /// Where the HTML part is.
    pub html: String,
    /// The text part.
    pub text: String,
}
