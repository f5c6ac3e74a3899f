//! What several pages are made of: charts, days and times, marked words, Markdown.

mod chart;
mod format;
mod markdown;
mod marks;

pub use chart::{Bar, Chart, Strip, Weekly};
pub use format::{clock_time, day, day_and_time};
pub use markdown::{Document, Piece, Section, document, filled, plain};
pub use marks::{Part, mark};
