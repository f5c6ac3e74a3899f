//! What the organisation is told: figures, letters, and who gets them.

pub(in crate::http) mod digests;
pub(in crate::http) mod figures;
pub(in crate::http) mod readers;
