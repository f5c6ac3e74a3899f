//! Who did what, when: filtered by person, area and period, a page at a time or as a file.

mod told;

use std::sync::{Arc, Mutex, PoisonError};

use axum::Extension;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::app::App;
use crate::audit::{Area, AuditRow, first_break_after};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields, Sought};
use crate::http::pages::{AuditPage, Choice};
use crate::http::{Edge, page};
use crate::id::Id;
use crate::messages::Lang;
use crate::people::Person;
use crate::rows::{Rows, Stored};
use crate::sheet::Form;
use crate::sheet::csv::{cell, sheet};
use crate::week;

/// So many lines stand on a page.
const LINES_SHOWN: usize = 100;
/// So many lines are written into a file; who wants more asks for a shorter period.
const LINES_IN_FILE_MAX: usize = 100_000;

type Line = Arc<Stored<AuditRow>>;

/// Which lines are wanted.
#[derive(Clone, Debug, Default)]
struct Filter {
    /// Whose; none for everybody's.
    who: Option<Whose>,
    area: Option<Area>,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Person(Id<Person>),
    /// What nobody did by hand: the clock, the command line, or a person whose name is erased.
    Nobody,
}

const NOBODY: &str = "nobody";

impl Filter {
    /// Reads an address; what is no value of ours says nothing.
    fn read(fields: &Fields, zone: &TimeZone) -> Self {
        let who = fields.get("who");
        let day = |name| fields.get(name).trim().parse::<Date>().ok();
        let begin = |it: Date| it.to_zoned(zone.clone()).ok().map(|it| it.timestamp());
        Self {
            who: match who.as_str() {
                NOBODY => Some(Whose::Nobody),
                id => id.parse().ok().map(Whose::Person),
            },
            area: Area::parse(&fields.get("area")),
            from: day("from").and_then(begin),
            until: week::end_of_day(&fields.get("to"), zone),
        }
    }

    /// Whether nothing is asked for, so that no line need be looked at.
    fn lets_all(&self) -> bool {
        self.who.is_none() && self.area.is_none() && self.from.is_none() && self.until.is_none()
    }

    fn fits(&self, line: &Stored<AuditRow>) -> bool {
        let at = told::at(line);
        let is_theirs = match self.who {
            None => true,
            Some(Whose::Nobody) => line.row.who.is_none(),
            Some(Whose::Person(id)) => line.row.who == Some(id),
        };
        is_theirs
            && self.area.is_none_or(|it| it == Area::of(&line.row.action))
            && self.from.is_none_or(|from| at.is_some_and(|at| from <= at))
            && self.until.is_none_or(|until| at.is_some_and(|at| at < until))
    }
}

/// A part of what fits, the newest first.
struct Found {
    lines: Vec<Line>,
    /// How many fit in all.
    total: usize,
    /// Which page this is, from 1, and how many there are.
    page: (usize, usize),
    /// Whether the chain of all lines holds.
    holds: bool,
}

async fn asked(edge: &Edge, fields: &Fields, place: (usize, usize)) -> Result<Found, HttpError> {
    let filter = Filter::read(fields, &edge.app.zone);
    let checked = Arc::clone(&edge.audit_checked);
    // A line is noted by what makes a file too, and such an answer does not wait for its line.
    edge.see_writes().await;
    edge.off_thread(move |app| found(app, &checked, (&filter, place))).await
}

/// Finds a page of the lines that fit; of so many on a page.
fn found(app: &App, checked: &Checked, (filter, (page, size)): (&Filter, (usize, usize))) -> Found {
    let audit = app.state.audit.read();
    let holds = checked.holds(&audit);
    // There may be very many, and most are not shown: they stay where they are.
    let fitting: Option<Vec<&Line>> =
        (!filter.lets_all()).then(|| audit.iter().rev().filter(|it| filter.fits(it)).collect());
    let total = fitting.as_ref().map_or(audit.len(), Vec::len);
    let pages = total.div_ceil(size).max(1);
    let page = page.clamp(1, pages);
    let skip = (page - 1) * size;
    let lines = match fitting {
        Some(fitting) => fitting.into_iter().skip(skip).take(size).cloned().collect(),
        None => audit.iter().rev().skip(skip).take(size).cloned().collect(),
    };
    Found { lines, total, page: (page, pages), holds }
}

/// What the last look at the chain found. Hashing all of a long audit takes longer than a person
/// waits, and lines in memory change only by new ones.
#[derive(Debug, Default)]
pub(in crate::http) struct Checked(Mutex<Option<Look>>);

#[derive(Clone, Copy, Debug)]
struct Look {
    turn: u64,
    lines: usize,
    holds: bool,
}

impl Checked {
    /// Whether each line follows from the one before it.
    pub(in crate::http) fn holds(&self, audit: &Rows<AuditRow>) -> bool {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = held.and_then(|it| audit.added_since(it.turn, it.lines)).unwrap_or(audit.len());
        let is_whole = new == audit.len();
        let before = if is_whole { None } else { audit.iter().rev().nth(new) };
        let held_so_far = is_whole || held.is_some_and(|it| it.holds);
        let mut added: Vec<&Line> = audit.iter().rev().take(new).collect();
        added.reverse();
        let rows = added.into_iter().map(|it| &it.row);
        let holds = held_so_far && first_break_after(before.map(|it| &it.row), rows).is_none();
        *held = Some(Look { turn: audit.turn(), lines: audit.len(), holds });
        holds
    }
}

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Sought(fields): Sought,
) -> Result<Response, HttpError> {
    let wanted = fields.get("page").parse::<usize>().unwrap_or(1);
    let found = asked(&edge, &fields, (wanted, LINES_SHOWN)).await?;
    let filter = Filter::read(&fields, &edge.app.zone);
    Ok(page(&AuditPage {
        people: people(&edge, &caller, filter.who),
        areas: areas(&caller, filter.area),
        from: fields.get("from"),
        to: fields.get("to"),
        total: found.total,
        page: found.page,
        lines: found.lines.iter().map(|it| told::line(&edge, &caller, it)).collect(),
        holds: found.holds,
        f: edge.frame(&caller, "audit.title"),
    }))
}

/// The same for a spreadsheet.
pub(in crate::http) async fn file(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Sought(fields): Sought,
) -> Result<Response, HttpError> {
    let lines = asked(&edge, &fields, (1, LINES_IN_FILE_MAX)).await?.lines;
    let (n, filter, by) = (lines.len(), fields.without("page"), caller.by());
    edge.off_thread(move |app| app.note_file(("audit", Form::Csv), &filter, (n, by))).await??;
    let text = |key: &str| caller.lang.text(key).to_owned();
    let head = ["at", "who", "action", "target", "done"].map(|it| text(&format!("audit.{it}")));
    let rows = lines.iter().map(|it| {
        let line = told::line(&edge, &caller, it);
        let done = text(if line.done { "audit.yes" } else { "audit.no" });
        [written(&edge, it), cell(&line.who), cell(&line.says), cell(&line.target.label), done]
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
    ];
    Ok((headers, sheet(std::iter::once(head).chain(rows))).into_response())
}

/// The day and time as every spreadsheet reads them.
fn written(edge: &Edge, line: &Stored<AuditRow>) -> String {
    let at = told::at(line);
    let at = at.map(|it| it.to_zoned(edge.app.zone.clone()));
    at.map_or_else(String::new, |it| it.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// Everybody who ever had an account, those who have left too.
fn people(edge: &Edge, caller: &Caller, chosen: Option<Whose>) -> Vec<Choice> {
    let lang = caller.lang;
    let mut all: Vec<(String, Id<Person>)> = edge
        .app
        .state
        .people
        .all()
        .iter()
        .map(|it| {
            let name = it.row.name.clone();
            let left = if it.row.disabled { lang.text("audit.left") } else { "" };
            (format!("{name} {left}").trim().to_owned(), Id::from_uuid(it.id))
        })
        .collect();
    all.sort();
    let person = |(label, id): (String, Id<Person>)| Choice {
        value: id.to_string(),
        label,
        chosen: chosen == Some(Whose::Person(id)),
    };
    let everybody = choice(lang, ("", "audit.everybody"), chosen.is_none());
    let nobody = choice(lang, (NOBODY, "audit.nobody"), chosen == Some(Whose::Nobody));
    std::iter::once(everybody).chain(all.into_iter().map(person)).chain([nobody]).collect()
}

fn areas(caller: &Caller, chosen: Option<Area>) -> Vec<Choice> {
    let all = choice(caller.lang, ("", "audit.all"), chosen.is_none());
    let area = |it: Area| {
        let key = format!("audit.area.{}", it.name());
        choice(caller.lang, (it.name(), &key), chosen == Some(it))
    };
    std::iter::once(all).chain(Area::ALL.into_iter().map(area)).collect()
}

fn choice(lang: Lang, (value, key): (&str, &str), chosen: bool) -> Choice {
    Choice { value: value.to_owned(), label: lang.text(key).to_owned(), chosen }
}
