//! Stage 7, tell: who gets the weekly letter, and which letters were written.

mod record;

pub use record::{LetterEvent, LetterOf, LetterRow, ReaderEvent, ReaderRow, Subscriber};
