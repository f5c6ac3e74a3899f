//! What a file of questions does not say of itself: the channel, the day, what a column holds.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Table;
use super::dates::instant;
use super::names::{Column, column, plain, signal_column};
use crate::inquiry::Channel;

/// How a file is read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Times without a zone are in this one.
    pub zone: TimeZone,
    /// How the rows came that do not say it.
    pub channel: Option<Channel>,
    /// When the rows were asked that do not say it.
    pub asked: Option<Timestamp>,
    /// The domains and addresses of our own house, in small letters: what it wrote is no question.
    pub own: Vec<String>,
    /// What columns hold whose names do not tell.
    pub(super) columns: Vec<(Column, String)>,
}

/// Why it cannot be told how to read a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MappingError {
    /// It is no pair.
    #[error("{0} is not of the form text=NAME OF THE COLUMN")]
    Form(String),
    /// Nothing of that name is read.
    #[error("{0} is nothing that is read: text, count, time, channel, desk, outcome, note, id are")]
    Field(String),
    /// The day cannot be read.
    #[error("{0} is no date such as 2026-10-31")]
    Day(String),
}

impl Reading {
    /// A file that says everything of itself.
    pub const fn plain(zone: TimeZone) -> Self {
        Self { zone, channel: None, asked: None, own: vec![], columns: vec![] }
    }

    /// Adds what a column holds, as `text=Keyword`.
    pub fn map(&mut self, pair: &str) -> Result<(), MappingError> {
        let (field, name) =
            pair.split_once('=').ok_or_else(|| MappingError::Form(pair.to_owned()))?;
        let field = Column::of_field(field.trim())
            .ok_or_else(|| MappingError::Field(field.trim().to_owned()))?;
        self.columns.push((field, name.trim().to_owned()));
        Ok(())
    }

    /// Sets the day of rows that have none; it counts as noon.
    pub fn day(&mut self, day: &str) -> Result<(), MappingError> {
        let asked = instant(day, &self.zone).ok_or_else(|| MappingError::Day(day.to_owned()))?;
        self.asked = Some(asked);
        Ok(())
    }

    /// Whether a mail address is our own house's: itself, its domain, or one under that.
    pub(super) fn is_own(&self, address: &str) -> bool {
        let domain = address.rsplit('@').next().unwrap_or_default();
        self.own.iter().any(|own| {
            let under = domain.strip_suffix(own.as_str());
            address == own || under.is_some_and(|it| it.is_empty() || it.ends_with('.'))
        })
    }

    /// What a column of that name holds: what was said goes before what its name tells.
    pub(super) fn column(&self, name: &str) -> Option<Column> {
        let wanted = plain(name);
        let told = self.columns.iter().find(|it| plain(&it.1) == wanted).map(|it| it.0);
        let by_name = || {
            let signal = self.channel.filter(|it| !it.is_contact());
            let found = signal.and_then(|it| signal_column(it, name)).or_else(|| column(name))?;
            (!self.columns.iter().any(|it| it.0 == found)).then_some(found)
        };
        told.or_else(by_name)
    }

    /// The first named column that is not among `names`.
    pub(super) fn missing(&self, names: &[String]) -> Option<&str> {
        let names: Vec<String> = names.iter().map(|it| plain(it)).collect();
        let is_there = |wanted: &str| names.contains(&plain(wanted));
        self.columns.iter().map(|it| it.1.as_str()).find(|it| !is_there(it))
    }

    /// Adds to rows what they do not say.
    pub(super) fn complete(&self, table: &mut Table) {
        for row in &mut table.rows {
            row.channel = row.channel.or(self.channel);
            row.logged_at = row.logged_at.or(self.asked);
        }
    }
}
