//! What editors work with: gaps, topics, inquiries, words, messages, views.

pub(in crate::http) mod gaps;
pub(in crate::http) mod inquiries;
pub(in crate::http) mod links;
pub(in crate::http) mod messages;
mod steps;
pub(in crate::http) mod topics;
pub(in crate::http) mod views;
pub(in crate::http) mod words;
