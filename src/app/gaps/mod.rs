//! What the screens of gaps show, read from the tables.

mod detail;
mod list;
mod trend;

pub use detail::{GapDetail, NearPassage, WordsOf};
pub(in crate::app) use list::Kept;
pub use list::{GapFilter, GapLine, GapList, GapOrder, GapPlace, Owner, RankedGaps};
pub use trend::{GapTrend, Marked, TrendMark};
