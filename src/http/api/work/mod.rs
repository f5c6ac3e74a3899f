//! What editors work with: gaps, topics, inquiries, words, messages, views.

pub(in crate::http) mod gaps;
pub(in crate::http) mod inquiries;
pub(in crate::http) mod links;
pub(in crate::http) mod messages;
mod steps;
pub(in crate::http) mod today;
pub(in crate::http) mod topics;
pub(in crate::http) mod views;
pub(in crate::http) mod words;

use schemars::JsonSchema;
use serde::Deserialize;

/// Something that is taken out or put back.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Removal {
    /// Whether it is taken out.
    pub(super) removed: bool,
}
