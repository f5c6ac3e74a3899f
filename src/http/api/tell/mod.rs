//! What the organisation is told: figures, letters and who gets them, and what a look shows.

pub(in crate::http) mod digests;
pub(in crate::http) mod figures;
pub(in crate::http) mod inspection;
pub(in crate::http) mod looks;
pub(in crate::http) mod mail;
pub(in crate::http) mod readers;
pub(in crate::http) mod timing;
