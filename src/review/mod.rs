//! Stage 6, review: editors decide, crawls verify, returning questions reopen.

mod decide;
mod past;
mod record;
mod state;
mod verify;

pub use decide::{DecideError, check_step};
pub use past::Past;
pub use record::{Gap, GapEvent, GapRow, Happened, Return, State, StateName, Step, StepName};
pub use verify::{AfterCrawl, after_crawl};
