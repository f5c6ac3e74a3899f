//! All inquiries.

use askama::Template;
use url::form_urlencoded::Serializer;

use crate::http::pages::{Choice, FacetSeen, FieldError, Frame, error_of};

/// All inquiries.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/inquiries.html")]
pub struct InquiriesPage {
    /// What is around it.
    pub f: Frame,
    /// The inquiries of the filter.
    pub inquiries: Vec<InquirySeen>,
    /// Words to look for, as typed.
    pub query: String,
    /// The topic that they are under, as typed.
    pub topic: String,
    /// What they can be told apart by.
    pub facets: Vec<FacetSeen>,
    /// How many there are.
    pub total: usize,
    /// Whether there may be more that are less alike.
    pub is_cut: bool,
    /// Whether words cannot be looked for now.
    pub is_down: bool,
    /// Whether these are the ones that were taken out.
    pub is_out: bool,
    /// This page and how many there are.
    pub page: (usize, usize),
    /// The topic to move to, as typed.
    pub to: String,
    /// Reasons to take one out.
    pub reasons: Vec<Choice>,
    /// Reasons to mask the words.
    pub mask_reasons: Vec<Choice>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// An inquiry.
#[derive(Clone, Debug)]
pub struct InquirySeen {
    /// Its id.
    pub id: String,
    /// The words.
    pub text: String,
    /// The day.
    pub day: String,
    /// The code of the channel.
    pub channel: String,
    /// The code of the outcome.
    pub outcome: String,
    /// The number and the name of the topic that it is under.
    pub topic: Option<(String, String)>,
    /// The code of the state of the work on the topic, once there is any.
    pub state: Option<String>,
    /// The code of the reason that it was taken out for.
    pub reason: Option<String>,
    /// Whether it is ticked.
    pub chosen: bool,
}

impl InquiriesPage {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }

    /// Whether a filter is set.
    pub fn is_filtered(&self) -> bool {
        !self.query.is_empty()
            || !self.topic.is_empty()
            || self.facets.iter().any(FacetSeen::is_set)
    }

    /// The address of another page of the same list.
    pub fn link(&self, page: usize) -> String {
        let mut query = Serializer::new(String::new());
        for (name, value) in self.state() {
            query.append_pair(name, value);
        }
        format!("/inquiries?{}", query.append_pair("page", &page.to_string()).finish())
    }

    /// The filter, so that a step leads back to the same list.
    pub fn state(&self) -> Vec<(&'static str, &str)> {
        let typed = [("q", self.query.as_str()), ("topic", self.topic.as_str())];
        let facets = self.facets.iter().map(|it| (it.name, it.chosen()));
        typed.into_iter().chain(facets).filter(|it| !it.1.is_empty()).collect()
    }
}
