//! Stage 7, tell: the digest, from a period's facts to a letter and its mail.
//!
//! Composing is pure: facts and a reader go in, a letter comes out. Only [`eml::Outgoing`] touches
//! files. It knows no topics, views or servers: the caller hands it names, numbers and links.

mod blocks;
mod compose;
mod desk;
pub mod eml;
mod facts;
mod letter;
mod notice;
mod period;
mod wording;

pub use compose::{Letter, compose};
pub use facts::{
    Answered, ByChannel, Edition, Effect, Facts, OpenGap, Place, Reader, ReaderId, ReaderIdError,
    Rise, StillAsked, Taken, Verified, Why,
};
pub use notice::{Consent, Happened, Notice, compose_consent, compose_notice};
pub use period::Period;

#[cfg(test)]
mod tests;
