//! What topics and inquiries are told apart by, as forms and addresses name it.

use crate::app::TopicLine;
use crate::gap::Verdict;
use crate::http::edge::fields::Fields;
use crate::http::pages::{Choice, FacetSeen};
use crate::inquiry::{Channel, Norm, OutcomeName};
use crate::messages::Lang;
use crate::review::StateName;
use crate::topic::Scope;

/// Something that topics or inquiries are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Facet {
    Verdict,
    State,
    Channel,
    Norm,
    Scope,
    Outcome,
}

impl Facet {
    /// What topics are told apart by.
    pub(super) const OF_TOPICS: [Self; 5] =
        [Self::Verdict, Self::State, Self::Channel, Self::Norm, Self::Scope];
    /// What inquiries are told apart by.
    pub(super) const OF_INQUIRIES: [Self; 3] = [Self::Channel, Self::Outcome, Self::Norm];

    /// Its name in addresses, and the list of its values in the catalogues.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::State => "state",
            Self::Channel => "channel",
            Self::Norm => "norm",
            Self::Scope => "scope",
            Self::Outcome => "outcome",
        }
    }

    /// Its values, in the order that forms show.
    fn values(self) -> Vec<&'static str> {
        match self {
            Self::Verdict => Verdict::ALL.into_iter().map(Verdict::name).collect(),
            Self::State => StateName::ALL.into_iter().map(StateName::name).collect(),
            Self::Channel => Channel::ALL.into_iter().map(Channel::name).collect(),
            Self::Norm => Norm::ALL.into_iter().map(Norm::name).collect(),
            Self::Scope => Scope::ALL.into_iter().map(Scope::name).collect(),
            Self::Outcome => OutcomeName::ALL.into_iter().map(OutcomeName::name).collect(),
        }
    }

    /// The value that is chosen; none for all. What is no value of ours says nothing.
    pub(super) fn chosen(self, fields: &Fields) -> Option<&'static str> {
        let sent = fields.get(self.name());
        self.values().into_iter().find(|it| *it == sent)
    }

    /// Whether a topic has a value.
    pub(super) fn has(self, topic: &TopicLine, value: &str) -> bool {
        match self {
            Self::Verdict => {
                topic.verdict.as_ref().is_some_and(|it| it.row.judgement.verdict.name() == value)
            }
            Self::State => topic.state.name().name() == value,
            Self::Channel => topic.channels.iter().any(|it| it.name() == value),
            Self::Norm => topic.norm.name() == value,
            Self::Scope => topic.scope.name() == value,
            Self::Outcome => false,
        }
    }

    /// Its values to choose from, each with `says` after its name.
    pub(super) fn seen(
        self,
        lang: Lang,
        chosen: Option<&str>,
        says: impl Fn(Option<&str>) -> String,
    ) -> FacetSeen {
        let choice = |value: Option<&'static str>| {
            let key = format!("{}.{}", self.name(), value.unwrap_or_default());
            let name = lang.text(if value.is_some() { &key } else { "facet.all" });
            Choice {
                value: value.unwrap_or_default().to_owned(),
                label: format!("{name}{}", says(value)),
                chosen: chosen == value,
            }
        };
        let values = self.values().into_iter().map(|it| choice(Some(it)));
        FacetSeen {
            name: self.name(),
            label: lang.text(&format!("facet.{}", self.name())).to_owned(),
            choices: std::iter::once(choice(None)).chain(values).collect(),
        }
    }
}
