//! The desks and the channels: what is offered, in which order, under which names.

use askama::Template;

use crate::http::pages::{FieldError, Frame};

/// The lists of desks and channels.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/places.html")]
pub struct PlacesPage {
    /// What is around it.
    pub f: Frame,
    /// The version of the settings that the person sees.
    pub version: u32,
    /// The desks.
    pub desks: PlaceList,
    /// The channels.
    pub channels: PlaceList,
    /// The names of one more desk, as typed.
    pub added: Vec<NameField>,
    /// What is wrong with that.
    pub errors: Vec<FieldError>,
    /// Whether somebody else was first.
    pub conflict: bool,
}

/// Those that are offered and those that are not.
#[derive(Clone, Debug, Default)]
pub struct PlaceList {
    /// The offered ones, in the order that forms show.
    pub offered: Vec<PlaceSeen>,
    /// The archived ones.
    pub archived: Vec<PlaceSeen>,
}

/// A desk or a channel.
#[derive(Clone, Debug)]
pub struct PlaceSeen {
    /// The name of its kind in forms, `desk` or `channel`.
    pub kind: &'static str,
    /// What its elements are told apart by.
    pub id: String,
    /// What records know it by.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// What it is called when no name is given; none for a desk, which needs one.
    pub usual: Option<String>,
    /// Whether it is offered where questions are logged.
    pub is_offered: bool,
    /// Whether it may be archived.
    pub may_go: bool,
    /// Whether it was never used, so that it may be removed.
    pub is_new: bool,
    /// Whether it can be moved up and down.
    pub moves: (bool, bool),
    /// The button that was used last, by the name of its change, so that the next press goes on
    /// where the last one ended.
    pub at: &'static str,
    /// Its names, as typed.
    pub names: Vec<NameField>,
    /// What is wrong.
    pub error: Option<String>,
}

/// The name in a language.
#[derive(Clone, Debug)]
pub struct NameField {
    /// The language's code; its words stand under `places`.
    pub lang: &'static str,
    /// The name, as typed.
    pub value: String,
    /// Whether a desk must have it.
    pub is_needed: bool,
}

impl PlacesPage {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        crate::http::pages::error_of(&self.errors, field)
    }
}

impl PlaceSeen {
    /// What it would be called by itself, where that is something else.
    pub fn renamed_from(&self) -> Option<&str> {
        self.usual.as_deref().filter(|it| *it != self.name)
    }
}
