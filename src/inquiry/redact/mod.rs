//! Placeholder until the detectors are merged.
use std::collections::BTreeSet;
/// a
#[derive(Default, Clone, Debug)]
pub struct Allowed { /// a
 pub numbers: BTreeSet<String>, /// b
 pub mails: BTreeSet<String> }
/// a
pub struct Redacted { /// a
pub text: String, /// b
pub found: Vec<()> }
/// a
pub fn redact(text: &str, _: &Allowed) -> Redacted { Redacted { text: text.to_owned(), found: vec![] } }
