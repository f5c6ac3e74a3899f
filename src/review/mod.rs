//! Stage 6, review: editors decide, crawls verify, returning questions reopen.

mod decide;
mod draft;
mod past;
mod record;
mod row;
mod state;
mod verify;

pub use decide::{DecideError, check_step};
pub use draft::Draft;
pub use past::Past;
pub use record::{Gap, GapEvent, Return, State, StateName, Step, StepName};
pub use row::{Comment, GapRow, Happened, Proof};
pub use verify::{AfterCrawl, RETURN_WATCH, after_crawl, grown};
