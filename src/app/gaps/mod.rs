//! What the screens of gaps show, read from the tables.

mod detail;
mod list;
mod ranked;
mod trend;

pub use detail::{GapDetail, NearPassage, WordsOf};
pub use list::{GapFilter, GapLine, GapList, GapOrder, GapPlace, Owner};
pub use ranked::Pareto;
pub(in crate::app) use ranked::Ranked;
pub use trend::{GapTrend, Marked, TrendMark};
