//! Stage 7, post: who reads what, which letter went to whom, and the way it went.
//!
//! [`reader`](ReaderRow) is what somebody wants, [`letter`](LetterRow) the ledger of what was
//! made and sent, `smtp` the conversation with the organisation's mail server. What stands in a
//! letter is the work of [`crate::digest`].

mod chat;
mod letter;
mod plan;
mod reader;
mod smtp;
mod stop;

pub use chat::chat_body;
pub use letter::{LetterEvent, LetterOf, LetterRow, Outcome, Telling, Way};
pub use plan::{NextTry, due_at, gives_up, next_try, pause, telling};
pub use reader::{
    Chat, ChatKind, NoticeOf, Often, ReaderEvent, ReaderRow, Refusal, Subscriber, Wishes,
};
pub use smtp::{Conversation, Envelope, Limits, Trial, Unreached, Unsent, try_out};
pub use stop::{LinkFor, is_link_of, link_text, reader_of};
