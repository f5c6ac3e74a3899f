//! What the service and the process that judges tell each other: a length, then a message in JSON.

use std::io::{self, Read, Write};
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::gap::{Evidence, Verdict};
use crate::journal::Seq;
use crate::page::Body;
use crate::page::worker::{read_part, write_part};

/// The longest message: a group of all questions of a very large log takes a tenth of it.
const MESSAGE_BYTES_MAX: usize = 256 * 1024 * 1024;

/// What the service says.
#[derive(Serialize, Deserialize)]
pub(super) enum Ask {
    /// Where to keep what is found.
    Keep(PathBuf),
    /// The pages that were told are no more; others follow.
    Pages,
    /// A page of the site.
    Page(Box<SitePage>),
    /// What the pages say for what callers say.
    Words(Vec<(String, String)>),
    /// A question, in place of what it was.
    Question(Seq, String),
    /// A question that counts no more.
    Gone(Seq),
    /// Find what the site has for each question. The answer is `Known`.
    Know,
    /// Group the questions. The answer is each group, then `Known`.
    Group {
        /// Those that belong together.
        together: Vec<Vec<Seq>>,
        /// Those that do not.
        apart: Vec<(Seq, Seq)>,
    },
    /// Try questions on a page. The answer is `Leads`.
    Try {
        /// The page's address, as an editor may have written it.
        address: String,
        /// The questions.
        questions: Vec<String>,
    },
}

/// What the process that judges says.
#[derive(Serialize, Deserialize)]
pub(super) enum Answer {
    /// It is done, and for so many questions it had not been known what the site has.
    Known(usize),
    /// A group of questions.
    Group(Box<JudgedGroup>),
    /// Which of the questions lead to the page.
    Leads(Vec<bool>),
    /// It cannot go on.
    Failed(String),
}

/// A live page of a site.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct SitePage {
    /// The site's start address.
    pub(super) site: String,
    /// Its address.
    pub(super) address: String,
    /// The hash of its text.
    pub(super) hash: String,
    /// Its text.
    pub(super) body: Body,
}

/// Questions that ask the same thing, and what the site has for them.
#[derive(Serialize, Deserialize)]
pub(in crate::app) struct JudgedGroup {
    /// Their keys, ascending.
    pub(in crate::app) members: Vec<Seq>,
    /// The most central one.
    pub(in crate::app) exemplar: Seq,
    /// The words that tell the group from others.
    pub(in crate::app) words: Vec<String>,
    /// None when there is no site.
    pub(in crate::app) found: Option<Found>,
}

/// What the site has for a group, before the staff are heard.
#[derive(Serialize, Deserialize)]
pub(in crate::app) struct Found {
    /// What the pages alone say.
    pub(in crate::app) verdict: Verdict,
    /// How sure it is that no page answers, 0 to 1.
    pub(in crate::app) gap_score: f64,
    /// What that rests on.
    pub(in crate::app) evidence: Evidence,
}

/// Writes a message.
pub(super) fn write(output: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    write_part(output, &serde_json::to_vec(message)?)
}

/// Reads a message; none at the end of the input.
pub(super) fn read<M: DeserializeOwned>(input: &mut impl Read) -> io::Result<Option<M>> {
    let message = read_part(input, MESSAGE_BYTES_MAX)?;
    Ok(message.map(|it| serde_json::from_slice(&it)).transpose()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_one_after_the_other_until_the_end() {
        let mut bytes = vec![];
        write(&mut bytes, &Ask::Question(7, "når opnar symjehallen".to_owned())).unwrap();
        write(&mut bytes, &Ask::Gone(8)).unwrap();
        let mut input = &bytes[..];
        assert!(
            matches!(read(&mut input).unwrap(), Some(Ask::Question(7, text)) if 20 < text.len())
        );
        assert!(matches!(read(&mut input).unwrap(), Some(Ask::Gone(8))));
        assert!(read::<Ask>(&mut input).unwrap().is_none());
    }

    #[test]
    fn what_is_no_message_is_an_error() {
        assert!(read::<Ask>(&mut &u32::MAX.to_le_bytes()[..]).is_err());
        assert!(read::<Ask>(&mut &[2, 0, 0, 0, b'{', b'}'][..]).is_err());
        assert!(read::<Ask>(&mut &[9, 0, 0, 0, b'"'][..]).is_err(), "it was cut off");
    }
}
