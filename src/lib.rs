//! Skranke: the questions a front desk gets, and the ones the website fails to answer.
//!
//! The modules stand in the order of the flow; a newcomer reads them downward.

// The base: knows nothing of the flow.
pub mod clock;
pub mod id;
pub mod messages;
pub mod week;

// The one truth.
pub mod journal;

// Telling.
pub mod digest;
pub mod report;
