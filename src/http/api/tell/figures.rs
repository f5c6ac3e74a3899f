//! The numbers of the last weeks or of a year, and what the mends have led to.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::{FiguresOf, MendEffect, Share, WeekFigures};
use crate::effect::Effect;
use crate::http::api::op::{Call, Given, Wrong};
use crate::people::Role;

/// Which figures are wanted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct FiguresAsked {
    /// A year; the last thirteen weeks when left out.
    #[serde(default)]
    #[schemars(range(min = 2000, max = 2200))]
    year: Option<i16>,
}

/// The numbers of some weeks.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct FiguresSeen {
    /// The years that there are figures of.
    years: Vec<i16>,
    /// Whole weeks, the oldest first.
    weeks: Vec<WeekSeen>,
    /// Contacts a week before the last, on the mean of four; null when fewer are known.
    mean_before: Option<f64>,
    /// What most ask about.
    topics: Vec<TopSeen>,
    /// What the mends have led to.
    effects: Vec<EffectSeen>,
    /// The words of the websites by their norm.
    norms: Vec<NormSeen>,
    /// Minutes that a contact takes, as the organisation has set it.
    minutes_each: Option<u16>,
}

/// The numbers of a week.
#[derive(Debug, Serialize, JsonSchema)]
struct WeekSeen {
    /// Such as 2026-W10.
    week: String,
    contacts: u32,
    channels: BTreeMap<&'static str, u32>,
    /// How many the website answered, of those of which the staff said.
    answered: ShareSeen,
    /// Logged of counted calls, where calls are counted.
    logged: Option<ShareSeen>,
}

/// So many of so many.
#[derive(Debug, Serialize, JsonSchema)]
struct ShareSeen {
    had: u32,
    all: u32,
    /// Whether it rests on enough to be told.
    is_sure: bool,
}

/// A topic that many ask about.
#[derive(Debug, Serialize, JsonSchema)]
struct TopSeen {
    topic: String,
    /// Its name; a caller's words are told to those who read gaps alone.
    name: String,
    contacts: u32,
    mean_before: Option<f64>,
}

/// What a mend has led to.
#[derive(Debug, Serialize, JsonSchema)]
struct EffectSeen {
    topic: String,
    name: String,
    /// The week in which the page was linked.
    linked: String,
    /// Whether it was measured, is too early to tell, or cannot be compared.
    state: EffectState,
    /// Contacts before, of so many weeks.
    before: Option<SpanSeen>,
    after: Option<SpanSeen>,
    /// Contacts to be expected after it, had nothing been mended.
    expected: Option<f64>,
}

/// How a measuring stands.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum EffectState {
    /// Fewer than four whole weeks have passed.
    TooEarly,
    /// There is nothing to compare with.
    Incomparable,
    /// It was measured.
    Measured,
}

/// Some weeks.
#[derive(Debug, Serialize, JsonSchema)]
struct SpanSeen {
    first: String,
    last: String,
    weeks: usize,
    contacts: u32,
}

/// The words of a website by their norm.
#[derive(Debug, Serialize, JsonSchema)]
struct NormSeen {
    site: String,
    pages: u32,
    nn: u64,
    nb: u64,
    other: u64,
    unsure: u64,
}

const fn share(it: Share) -> ShareSeen {
    ShareSeen { had: it.had, all: it.all, is_sure: it.is_sure() }
}

fn week(it: &WeekFigures) -> WeekSeen {
    WeekSeen {
        week: it.week.to_string(),
        contacts: it.contacts(),
        channels: it.channels.iter().map(|it| (it.0.name(), it.1)).collect(),
        answered: share(it.answered),
        logged: it.logged.map(share),
    }
}

fn span(it: &crate::effect::Period) -> SpanSeen {
    let (first, last) = (it.first.to_string(), it.last.to_string());
    SpanSeen { first, last, weeks: it.weeks, contacts: it.count }
}

fn effect(it: &MendEffect) -> EffectSeen {
    let measured = it.measured();
    EffectSeen {
        topic: it.number.to_string(),
        name: it.name.clone(),
        linked: it.linked.to_string(),
        state: match &*it.effect {
            Effect::TooEarly { .. } => EffectState::TooEarly,
            Effect::Incomparable => EffectState::Incomparable,
            Effect::Measured(_) => EffectState::Measured,
        },
        before: measured.map(|it| span(&it.before)),
        after: measured.map(|it| span(&it.after)),
        expected: measured.map(|it| it.expected),
    }
}

pub(in crate::http) async fn show(call: Call<FiguresAsked>) -> Result<Given<FiguresSeen>, Wrong> {
    if call.query.year.is_some_and(|it| !(2000..=2200).contains(&it)) {
        return Err(Wrong::field("year", "a year is 2000 to 2200"));
    }
    // Readers and reception see numbers, and callers' words those alone who read gaps.
    let reads = matches!(call.caller.role(), Some(Role::Auditor | Role::Editor | Role::Admin));
    let quotes = reads || call.caller.machine().is_some();
    let of = FiguresOf { year: call.query.year, quotes };
    let figures = call.run(move |app| app.figures(of)).await??;
    Ok(Given::new(FiguresSeen {
        years: figures.years,
        weeks: figures.weeks.iter().map(week).collect(),
        mean_before: figures.mean_before,
        topics: figures
            .topics
            .into_iter()
            .map(|it| TopSeen {
                topic: it.number.to_string(),
                name: it.name,
                contacts: it.contacts,
                mean_before: it.mean_before,
            })
            .collect(),
        effects: figures.effects.iter().map(effect).collect(),
        norms: figures
            .norms
            .into_iter()
            .map(|it| NormSeen {
                site: it.site,
                pages: it.pages,
                nn: it.nn,
                nb: it.nb,
                other: it.other,
                unsure: it.unsure,
            })
            .collect(),
        minutes_each: figures.minutes_each,
    }))
}
