//! The organisation's numbers: four charts, each with what it says and its table.

mod plot;
mod table;

use askama::Template;

use crate::http::pages::Frame;

pub use plot::{FigurePoint, Shares, Stacked, along};
pub use table::{Cell, Table, number, percent_of};

/// The numbers.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/figures.html")]
pub struct FiguresPage {
    /// What is around it.
    pub f: Frame,
    /// The year that is shown; none for the last weeks.
    pub year: Option<i16>,
    /// The years that can be shown.
    pub years: Vec<i16>,
    /// What is shown; none before the first whole week.
    pub shown: Option<FiguresShown>,
}

/// What the numbers page shows.
#[derive(Clone, Debug)]
pub struct FiguresShown {
    /// The last week, such as `2026-W10`.
    pub last: String,
    /// Inquiries a week.
    pub weeks: Block,
    /// Their bars.
    pub bars: Stacked,
    /// The codes of the channels, in the order of the series.
    pub channels: Vec<&'static str>,
    /// The share that the website answered.
    pub answers: Block,
    /// Its line.
    pub shares: Shares,
    /// What is asked most.
    pub topics: Block,
    /// Their bars.
    pub top: Vec<TopicBar>,
    /// What the mends have led to.
    pub effects: Block,
    /// Each mend, newest first.
    pub mends: Vec<MendBar>,
    /// How much of what came is logged.
    pub coverage: Block,
    /// Its line.
    pub covered: Shares,
    /// How much of that tells anything, a sentence each.
    pub covers: Vec<String>,
    /// How much of the websites' text is in which norm.
    pub norms: Block,
    /// The sites.
    pub norm_bars: Vec<NormBar>,
    /// What is still to be counted, in words.
    pub norms_wait: Option<String>,
    /// So many more mends stand in the file.
    pub more_mends: u64,
    /// The hours that were saved, in words, when the organisation has said what an inquiry takes.
    pub hours: Option<String>,
    /// Whether no minutes have been said.
    pub lacks_minutes: bool,
}

/// One chart in words.
#[derive(Clone, Debug)]
pub struct Block {
    /// The name in addresses, such as `weeks`.
    pub name: &'static str,
    /// What was found.
    pub finding: String,
    /// What is measured.
    pub measured: String,
    /// The numbers.
    pub table: Table,
}

/// A topic among the most asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicBar {
    /// Its number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// Contacts, and their mean before, in words.
    pub says: String,
    /// How wide its bar is, of [`TopicBar::WIDTH`].
    pub width: u32,
    /// Where the mean before lies.
    pub mean: Option<u32>,
}

/// How much of a site's text is in Nynorsk; the rest of the bar is Bokmål.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NormBar {
    /// The site.
    pub site: String,
    /// Both shares, in words.
    pub says: String,
    /// How wide the part in Nynorsk is, of [`NormBar::WIDTH`].
    pub nn: u32,
    /// Where a quarter lies.
    pub quarter: u32,
}

/// What a mend has led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MendBar {
    /// The number of its topic.
    pub number: String,
    /// Its name.
    pub name: String,
    /// What was found.
    pub says: String,
    /// When, and over which weeks.
    pub when: String,
    /// Why the season may have done it.
    pub season: Vec<String>,
    /// Where zero, the low end, the effect and the high end lie; none when it was not measured.
    pub places: Option<[u32; 4]>,
}

impl TopicBar {
    /// The width of the box.
    pub const WIDTH: u32 = 1_000;
}

impl NormBar {
    /// The width of the box.
    pub const WIDTH: u32 = 1_000;
}

impl MendBar {
    /// The width of the box.
    pub const WIDTH: u32 = 1_000;
}

impl FiguresPage {
    /// Whether a year is the one that is shown.
    pub fn is_year(&self, year: &i16) -> bool {
        self.year == Some(*year)
    }

    /// Whether topics can be gone to from here.
    pub fn has_topics(&self) -> bool {
        self.f.menu().iter().any(|it| it.href == "/topics")
    }

    /// What follows an address so that the same weeks are shown.
    pub fn query(&self) -> String {
        self.year.map_or(String::new(), |it| format!("?year={it}"))
    }
}
