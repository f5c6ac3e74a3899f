//! What several pages are made of: charts, days and times, marked words.

mod chart;
mod clash;
mod format;
mod marks;

pub use chart::{Bar, Chart, Strip, Weekly};
pub use clash::Clash;
pub use format::{clock_time, day, day_and_time};
pub use marks::{Part, mark};
