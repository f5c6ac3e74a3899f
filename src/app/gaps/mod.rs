//! What the screens of gaps show, read from the tables.

mod detail;
mod list;

pub use detail::{GapDetail, NearPassage, WordsOf};
pub use list::{GapFilter, GapLine, GapList, GapOrder, GapPlace, Owner};
