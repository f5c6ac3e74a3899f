//! The demo's inputs: a fictive municipality's website, what people asked it, what editors did.
//!
//! Inputs only: topics, verdicts and gaps come out of the verbs that users use. Everything is a
//! function of the demo's end, so that two runs with the same end have the same inputs. `load`
//! lives through the weeks with them.

mod actions;
mod calendar;
mod content;
mod folder;
mod inquiries;
mod load;
mod need;
mod noise;
mod site;
#[cfg(test)]
mod tests;
mod work;

pub use actions::{DemoAction, DemoPerson, DemoStep, actions, people};
pub use calendar::{Calendar, DESKS, LEGEKONTORET, NORDBYGDA, RADHUSET, WEEKS};
pub use content::DemoError;
pub use folder::{FolderError, start};
pub use inquiries::{DemoInquiry, generate};
pub use load::{Demo, LoadError, LoadOptions, NAME, Progress, accounts, load, origin};
pub use need::Kind as NeedKind;
pub use site::{PREFIX, Place, Response, ServedSite, Site};
