//! One gap: the case on the left, the work on the right.

use askama::Template;

use super::{Choice, Clash, FieldError, Frame, Part, Passage, Sharing, Stacked, Table};

/// One gap with all its evidence.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/gap.html")]
pub struct GapPage {
    /// What is around it.
    pub f: Frame,
    /// The topic's number, `T12`.
    pub number: String,
    /// Its name, the page's heading.
    pub name: String,
    /// The words that tell it from others.
    pub words: Vec<String>,
    /// The code of the verdict; none before it was judged.
    pub verdict: Option<String>,
    /// The code of the state.
    pub state: String,
    /// Who works on it.
    pub owner: Option<String>,
    /// The day that it is to be done by, and whether that has passed.
    pub due: Option<(String, bool)>,
    /// What the linked page was last seen to bring.
    pub proof: Option<ProofSeen>,
    /// What was said about it, oldest first.
    pub comments: Vec<CommentSeen>,
    /// What there is to do, with the page and the words that it is about.
    pub outlook: Vec<String>,
    /// A draft of an answer, as Markdown.
    pub draft: String,
    /// More about the state in a sentence: the linked page, the reason, the date.
    pub state_says: Option<String>,
    /// The page that was linked.
    pub linked: Option<String>,
    /// All contacts.
    pub inquiries: u32,
    /// Contacts of the last 28 days.
    pub last_28_days: u32,
    /// Searches on the website without a hit, and pieces of feedback: counted apart.
    pub signals: (u32, u32),
    /// The day of the first and of the last contact.
    pub first_last: (String, String),
    /// The code of the trend.
    pub trend: String,
    /// Half a year, week by week.
    pub trend_weeks: TrendSeen,
    /// The callers' words, commonest first: on the page or not.
    pub wordings: Vec<Wording>,
    /// How often staff answered from a page, and how often they found nothing on the website.
    pub staff: (u32, u32),
    /// The passages that come nearest.
    pub passages: Vec<Near>,
    /// The questions with their words, newest first.
    pub questions: Vec<Theirs>,
    /// How many more there are.
    pub more_questions: usize,
    /// The callers' words are counted in so many of the newest.
    pub counted_in: usize,
    /// Contacts by outcome.
    pub outcomes: Vec<Counted>,
    /// Contacts by channel.
    pub channels: Vec<Counted>,
    /// Contacts by desk; shown when there are several.
    pub desks: Vec<Counted>,
    /// What colleagues answered.
    pub notes: Vec<String>,
    /// What was decided, newest first.
    pub history: Vec<Happened>,
    /// Its links for those without an account.
    pub sharing: Sharing,
    /// What the forms hold.
    pub forms: GapForms,
}

/// What the forms of a gap hold.
#[derive(Clone, Debug, Default)]
pub struct GapForms {
    /// The version that the person sees.
    pub version: u32,
    /// The version of the topic.
    pub topic_version: u32,
    /// What reception may say.
    pub answer: String,
    /// The page to link, as typed.
    pub address: String,
    /// The reason of a dismissal, as typed.
    pub reason: String,
    /// The date of a snooze, as typed.
    pub until: String,
    /// The first and last date that a snooze may have.
    pub until_range: (String, String),
    /// Those who can have it.
    pub editors: Vec<Choice>,
    /// The day that it is to be done by, as typed.
    pub day: String,
    /// A comment, as typed.
    pub text: String,
    /// A dismissed gap comes back with so many inquiries.
    pub returns_at: u32,
    /// Whether it is the person's own.
    pub is_mine: bool,
    /// Whether the last step can be undone.
    pub can_undo: bool,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// Somebody else was first.
    pub conflict: Option<Clash>,
}

/// How many of the topic's questions find the linked page.
#[derive(Clone, Debug, Default)]
pub struct ProofSeen {
    /// The page is linked, and nobody has looked yet.
    pub waits: bool,
    /// Why the page could not be read when somebody last asked for it.
    pub fault: Option<String>,
    /// So many find it ...
    pub found: u32,
    /// ... of so many.
    pub of: u32,
    /// The day and time of looking.
    pub at: String,
    /// What is not proved, as the key of a message.
    pub lacks: Option<&'static str>,
    /// Some that do not, in the callers' words.
    pub missing: Vec<String>,
}

/// What somebody said about a gap.
#[derive(Clone, Debug)]
pub struct CommentSeen {
    /// The day and time.
    pub at: String,
    /// Who; empty when nobody knows any more.
    pub by: String,
    /// The words.
    pub text: String,
}

/// A passage that comes near an answer.
#[derive(Clone, Debug)]
pub struct Near {
    /// The passage.
    pub passage: Passage,
    /// What is known of its page, in sentences; whether it speaks against the page.
    pub about: Vec<(String, bool)>,
}

/// A word of the callers.
#[derive(Clone, Debug)]
pub struct Wording {
    /// The word as written.
    pub word: String,
    /// Whether the nearest page has it.
    pub on_page: bool,
    /// The word that the page has for it, with the questions that hold it and how often it stands
    /// on the pages.
    pub says: Option<(String, usize, usize)>,
    /// So many questions hold the word.
    pub asked: usize,
    /// So often it stands on the pages that come nearest.
    pub found: usize,
}

/// Half a year of a gap.
#[derive(Clone, Debug, Default)]
pub struct TrendSeen {
    /// The bars of its weeks.
    pub bars: Stacked,
    /// The codes of the channels, in the order of the series.
    pub channels: Vec<&'static str>,
    /// What was done, where it stands in the chart.
    pub marks: Vec<MarkSeen>,
    /// The numbers.
    pub table: Table,
}

/// A mark in a chart of weeks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkSeen {
    /// Across.
    pub x: u32,
    /// The numbers of what it tells.
    pub label: String,
    /// What that is, a sentence each.
    pub says: Vec<String>,
}

/// A question in a caller's words.
#[derive(Clone, Debug)]
pub struct Theirs {
    /// The words, with those that the page lacks marked.
    pub parts: Vec<Part>,
    /// The day.
    pub day: String,
    /// The code of the channel.
    pub channel: String,
    /// The code of the language, for the `lang` attribute; empty when unsure.
    pub lang: String,
}

/// A code or a name with a count.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The words.
    pub label: String,
    /// How many.
    pub count: u32,
    /// Its share of the largest, 0 to 100, for a bar.
    pub percent: u32,
}

/// A decision that was taken.
#[derive(Clone, Debug)]
pub struct Happened {
    /// The day and time.
    pub at: String,
    /// The code of the step.
    pub step: String,
    /// By whom; none for Skranke itself.
    pub by: Option<String>,
}

impl GapForms {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        super::error_of(&self.errors, field)
    }
}

impl GapPage {
    /// Whether the state is one in which editors have it in front of them.
    pub fn is_open(&self) -> bool {
        matches!(self.state.as_str(), "new" | "taken" | "reopened")
    }

    /// Whether the website answers by now.
    pub fn is_answered(&self) -> bool {
        self.verdict.as_deref() == Some("answered")
    }

    /// Whether the page has other words for some of the callers'.
    pub fn is_worded_otherwise(&self) -> bool {
        self.wordings.iter().any(|it| it.says.is_some())
    }

    /// Whether the callers use words that the page lacks.
    pub fn has_missing_words(&self) -> bool {
        self.wordings.iter().any(|it| !it.on_page)
    }
}
