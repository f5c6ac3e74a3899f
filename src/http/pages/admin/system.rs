//! How the machine does, and what the program is made of.

use askama::Template;

use crate::http::pages::Frame;

/// How the machine does.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/system.html")]
pub struct SystemPage {
    /// What is around it.
    pub f: Frame,
    /// The version of the program.
    pub version: &'static str,
    /// What tells this build from another; none when it cannot be told.
    pub build: Option<&'static str>,
    /// How long the service has been up, in words.
    pub up: String,
    /// The code of how much room there is.
    pub room: &'static str,
    /// What is free, in megabytes; none when the disk does not tell.
    pub free_mb: Option<String>,
    /// What the data folder holds, in megabytes.
    pub used_mb: String,
    /// How long the room lasts, in words.
    pub days_left: String,
    /// What journal, lists and search hold.
    pub counts: Vec<CountSeen>,
    /// Whether nothing changed while they were counted.
    pub is_still: bool,
    /// Whether they agree.
    pub agrees: bool,
    /// The parts that are looked over.
    pub parts: Vec<PartSeen>,
    /// The last copy and the last test of one.
    pub copies: Vec<CopySeen>,
    /// Jobs that need a look: code, name and why.
    pub alarms: Vec<(&'static str, String, String)>,
}

/// A count that must be the same everywhere.
#[derive(Clone, Debug)]
pub struct CountSeen {
    /// The code of what is counted.
    pub what: &'static str,
    /// In the journal.
    pub journal: String,
    /// In the lists; none where they do not count it.
    pub view: Option<String>,
    /// In the search; none where it does not count it.
    pub index: Option<String>,
    /// Whether they are the same.
    pub is_same: bool,
}

/// A part that is looked over.
#[derive(Clone, Debug)]
pub struct PartSeen {
    /// The code.
    pub name: &'static str,
    /// The code of how it is.
    pub state: &'static str,
    /// When it was last found whole; none since the service began.
    pub whole: Option<String>,
}

/// The last copy, or the last test of one.
#[derive(Clone, Debug)]
pub struct CopySeen {
    /// The code of the job.
    pub job: &'static str,
    /// When, and how long ago.
    pub says: String,
    /// Whether there ever was one.
    pub is_there: bool,
    /// What it lacks to run at all.
    pub lacking: Option<String>,
}

/// What the program is made of.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/licences.html")]
pub struct LicencesPage {
    /// What is around it.
    pub f: Frame,
    /// The parts, by name.
    pub components: Vec<Component>,
}

/// A part of the program by others.
#[derive(Clone, Debug)]
pub struct Component {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Its licence, as SPDX writes it.
    pub licence: &'static str,
}
