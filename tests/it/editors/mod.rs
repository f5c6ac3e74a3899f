//! The editors' desk: from a gap to a mended page, and who is first.

mod board;
mod desk;
mod masking;
mod pairs;
mod topics;
mod words;
