//! Stage 5, detect: which topics the site fails to answer, and which of them matter most.

mod judge;
mod outdated;
mod rank;
mod record;

pub use judge::{Asked, verdict};
pub use outdated::{Age, past_year, years};
pub use rank::{Candidate, Ranked, pareto, rank, weigh};
pub use record::{
    Evidence, Judgement, Judging, Nearest, Reworded, Verdict, VerdictEvent, VerdictRow,
};
