//! The demo's inputs: a fictive municipality's website, what people asked it, what editors did.
//!
//! Inputs only: topics, verdicts and gaps come out of the verbs that users use. Everything is a
//! function of the demo's end, so that two runs with the same end are alike to the byte.

mod actions;
mod calendar;
mod content;
mod inquiries;
mod need;
mod noise;
mod random;
mod render;
mod site;
#[cfg(test)]
mod tests;

pub use actions::{DemoAction, DemoPerson, DemoStep, actions, people};
pub use calendar::{Calendar, DESKS, LEGEKONTORET, NORDBYGDA, RADHUSET, WEEKS};
pub use content::DemoError;
pub use inquiries::{DemoInquiry, generate};
pub use need::Kind as NeedKind;
pub use site::{Place, Response, Site};
