//! All topics, and one topic with its inquiries.

mod facet;
mod inquiries;
mod words;

use askama::Template;
use url::form_urlencoded::Serializer;

pub use facet::FacetSeen;
pub use inquiries::{InquiriesPage, InquirySeen};
pub use words::{WordForm, WordSeen, WordsPage};

use super::{Choice, Clash, FieldError, Frame, Weekly};

/// All topics.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/topics.html")]
pub struct TopicsPage {
    /// What is around it.
    pub f: Frame,
    /// The topics of the filter, most asked first.
    pub topics: Vec<TopicSeen>,
    /// Words to look for, as typed.
    pub query: String,
    /// What they can be told apart by.
    pub facets: Vec<FacetSeen>,
    /// How many topics the filter lets through.
    pub found: usize,
    /// How many topics there are in all.
    pub total: usize,
    /// Inquiries that are under no topic, newest first.
    pub ungrouped: Vec<Member>,
    /// How many there are.
    pub ungrouped_total: usize,
    /// The topic to move inquiries to, as typed.
    pub to: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// This page and how many there are.
    pub page: (usize, usize),
}

/// A topic in a list.
#[derive(Clone, Debug)]
pub struct TopicSeen {
    /// The number, `T12`.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The words that tell it from others.
    pub words: Vec<String>,
    /// All contacts.
    pub inquiries: u32,
    /// Contacts of the last 28 days.
    pub last_28_days: u32,
    /// Searches on the website without a hit, and pieces of feedback: counted apart.
    pub signals: (u32, u32),
    /// The last twelve weeks.
    pub weeks: Weekly,
    /// The code of the verdict; none before it was judged.
    pub verdict: Option<String>,
    /// The code of the scope.
    pub scope: String,
}

/// One topic.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/topic.html")]
pub struct TopicPage {
    /// What is around it.
    pub f: Frame,
    /// The topic.
    pub topic: TopicSeen,
    /// Its inquiries, newest first.
    pub members: Vec<Member>,
    /// How many more there are.
    pub more_members: usize,
    /// Topics that were merged into it.
    pub merged: Vec<MergedTopic>,
    /// Topics that are kept apart from it.
    pub apart: Vec<ApartTopic>,
    /// All that was decided about it, the newest first.
    pub history: Vec<TopicStepSeen>,
    /// What the forms hold.
    pub forms: TopicForms,
}

/// What the forms of a topic hold.
#[derive(Clone, Debug, Default)]
pub struct TopicForms {
    /// The version that the person sees.
    pub version: u32,
    /// The name, as typed.
    pub name: String,
    /// What reception may say, as typed.
    pub answer: String,
    /// The topic to merge into, as typed.
    pub into: String,
    /// The topic to move inquiries to, as typed.
    pub to: String,
    /// The topic to keep it apart from, as typed.
    pub apart: String,
    /// Topics to choose from, most asked first.
    pub others: Vec<Choice>,
    /// Who can answer.
    pub scopes: Vec<Choice>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// Somebody else was first.
    pub conflict: Option<Clash>,
}

/// An inquiry in a list.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its id.
    pub id: String,
    /// The words.
    pub text: String,
    /// The day.
    pub day: String,
    /// The code of the channel.
    pub channel: String,
    /// Whether an editor put it here.
    pub pinned: bool,
    /// Whether it is ticked.
    pub chosen: bool,
}

/// A topic that is kept apart from another.
#[derive(Clone, Debug)]
pub struct ApartTopic {
    /// The number.
    pub number: String,
    /// The name.
    pub name: String,
}

/// Something that was decided about a topic.
#[derive(Clone, Debug)]
pub struct TopicStepSeen {
    /// When.
    pub at: String,
    /// What.
    pub says: String,
    /// Who.
    pub by: Option<String>,
}

/// A topic that was merged into another.
#[derive(Clone, Debug)]
pub struct MergedTopic {
    /// The number.
    pub number: String,
    /// The version, for taking it out again.
    pub version: u32,
}

impl TopicForms {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        super::error_of(&self.errors, field)
    }
}

impl TopicsPage {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        super::error_of(&self.errors, field)
    }

    /// Whether a filter is set.
    pub fn is_filtered(&self) -> bool {
        !self.query.is_empty() || self.facets.iter().any(FacetSeen::is_set)
    }

    /// The address of another page of the same list.
    pub fn link(&self, page: usize) -> String {
        let mut query = Serializer::new(String::new());
        for (name, value) in self.state() {
            query.append_pair(name, value);
        }
        format!("/topics?{}", query.append_pair("page", &page.to_string()).finish())
    }

    /// The filter, so that a form leads back to the same list.
    pub fn state(&self) -> Vec<(&'static str, &str)> {
        let facets = self.facets.iter().map(|it| (it.name, it.chosen()));
        let all = std::iter::once(("q", self.query.as_str())).chain(facets);
        all.filter(|it| !it.1.is_empty()).collect()
    }
}
