//! The log screen: the look-up is the log.

use std::collections::BTreeMap;

use askama::Template;

use super::{AskedSeen, Choice, FieldError, Frame, MessageSeen, Part, assets};

/// The screen that a receptionist works in.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/log.html")]
pub struct LogPage {
    /// What is around it.
    pub f: Frame,
    /// The id of who logs; empty on the page that a browser keeps for when it is cut off.
    pub person: String,
    /// The one form.
    pub form: LogForm,
    /// What the look-up found; none before anything was looked up.
    pub hits: Option<Hits>,
    /// The entry that was just saved, to be finished with one key.
    pub saved: Option<Saved>,
    /// One's own last entries, newest first.
    pub recent: Vec<Recent>,
    /// Questions that many ask now.
    pub common: Vec<Common>,
    /// What logging has led to lately, in one sentence.
    pub led_to: Option<String>,
    /// What editors tell every desk.
    pub messages: Vec<MessageSeen>,
    /// What many ask all at once.
    pub surges: Vec<AskedSeen>,
}

/// What the form holds.
#[derive(Clone, Debug, Default)]
pub struct LogForm {
    /// The id that the entry will have; sending twice adds one.
    pub key: String,
    /// The words.
    pub text: String,
    /// What was answered.
    pub note: String,
    /// How it came.
    pub channels: Vec<Choice>,
    /// Where it is logged; empty when there is one desk or none.
    pub desks: Vec<Choice>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// What a look-up found.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    /// Passages of the site that answer.
    pub passages: Vec<Passage>,
    /// The same question, asked before.
    pub earlier: Vec<Earlier>,
    /// Whether the search cannot be used now: then no hit says nothing about the website.
    pub is_down: bool,
    /// What reception may say.
    pub answer: Option<Spoken>,
}

/// What reception may say, as an editor wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// The words.
    pub text: String,
    /// The day on which they were written.
    pub day: String,
    /// The inquiry that one more is a repeat of.
    pub inquiry: String,
}

/// A passage that may answer.
#[derive(Clone, Debug)]
pub struct Passage {
    /// The page's address, with the passage's anchor.
    pub address: String,
    /// The page's title.
    pub title: String,
    /// The passage's heading; empty when it is the title.
    pub heading: String,
    /// The passage, with the words that match marked.
    pub parts: Vec<Part>,
    /// The code of its language, for the `lang` attribute.
    pub lang: String,
}

/// A question asked before.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// The inquiry whose words these are.
    pub inquiry: String,
    /// The words.
    pub text: String,
    /// How often it was asked lately.
    pub count: u32,
    /// The code of the state of its gap, if it is one that somebody works on.
    pub state: Option<String>,
}

/// An entry that was just saved.
#[derive(Clone, Debug)]
pub struct Saved {
    /// Its id.
    pub id: String,
    /// The time of day.
    pub at: String,
    /// How many pieces of personal data were masked.
    pub masked: usize,
    /// Whether one was the number of a case.
    pub is_case: bool,
    /// How many more may be personal, such as names.
    pub hints: usize,
    /// The code of its outcome.
    pub outcome: String,
}

/// One of one's own last entries.
#[derive(Clone, Debug)]
pub struct Recent {
    /// Its id.
    pub id: String,
    /// The words, or those of the question that it repeats.
    pub text: String,
    /// The time of day.
    pub at: String,
    /// The code of its channel.
    pub channel: String,
    /// The code of its outcome.
    pub outcome: String,
}

/// A question that many ask now.
#[derive(Clone, Debug)]
pub struct Common {
    /// An inquiry with these words.
    pub inquiry: String,
    /// The words.
    pub text: String,
    /// How often it was asked in the last 14 days.
    pub count: u32,
}

impl LogForm {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        super::error_of(&self.errors, field)
    }
}

impl LogPage {
    /// The page before there is anything on it but its form.
    pub fn empty(f: Frame, form: LogForm) -> Self {
        let (recent, common, messages, surges) = (vec![], vec![], vec![], vec![]);
        let (person, hits, saved, led_to) = (String::new(), None, None, None);
        Self { f, person, form, hits, saved, recent, common, led_to, messages, surges }
    }

    /// The texts that the page's scripts show, as JSON for an attribute.
    pub fn words(&self) -> String {
        let lists = ["log", "outbox", "channel", "outcome"];
        let text = |(key, text): (&'static str, &'static str)| {
            let code = key.strip_prefix("channel.");
            (key, code.map_or_else(|| text.to_owned(), |it| self.f.channel(it)))
        };
        let words: BTreeMap<&str, String> =
            lists.into_iter().flat_map(|it| self.f.lang.list(it)).map(text).collect();
        serde_json::to_string(&words).unwrap_or_default()
    }

    /// The addresses of the page's scripts, which a browser then asks for at once.
    pub fn scripts(&self) -> Vec<String> {
        ["log/", "personal_data", "time_to_log"]
            .into_iter()
            .flat_map(assets::scripts_of)
            .map(|it| assets::href(&it))
            .collect()
    }

    /// How one of the last entries came and ended.
    pub fn how(&self, entry: &Recent) -> String {
        let (channel, outcome) = (&entry.channel, &entry.outcome);
        format!("{} · {}", self.f.channel(channel), self.f.of("outcome", outcome))
    }

    /// The print of all that the page is made of.
    pub fn build(&self) -> &'static str {
        assets::build()
    }

    /// The outcomes that can be said with one key after saving.
    pub fn outcomes(&self) -> [&'static str; 4] {
        ["answered", "not_on_site", "passed_on", "own_case"]
    }

    /// Whether there is anything in the right column.
    pub fn is_quiet(&self) -> bool {
        self.hits.is_none() && self.common.is_empty()
    }
}
