//! Stage 7, post: who reads what, which letter went to whom, and the way it went.
//!
//! [`reader`](ReaderRow) is what somebody wants, [`letter`](LetterRow) the ledger of what was
//! made and sent, `smtp` the conversation with the organisation's mail server. What stands in a
//! letter is the work of [`crate::digest`].

mod letter;
mod reader;
mod smtp;

pub use letter::{LetterEvent, LetterOf, LetterRow, Outcome, Telling, Way};
pub use reader::{
    Chat, ChatKind, NoticeOf, Often, ReaderEvent, ReaderRow, Refusal, Subscriber, Wishes,
};
pub use smtp::{Conversation, Envelope, Limits, Trial, Unreached, Unsent, try_out};
