//! Who did what, the newest first.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::audit::{Area, Audit, AuditRow};
use crate::http::Edge;
use crate::http::api::op::{Call, Given, List, Page, Wrong, cursor};
use crate::http::api::work::gaps::name_of;
use crate::id::Id;
use crate::people::{ApiToken, By, Person};
use crate::rows::Stored;
use crate::week::end_of_day;

/// Which lines are wanted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct AuditAsked {
    /// `nobody`, or the id of a person or a machine as lines have it.
    #[serde(default)]
    #[schemars(length(max = 60))]
    who: Option<String>,
    #[serde(default)]
    #[schemars(schema_with = "areas")]
    area: Option<String>,
    /// The first day.
    #[serde(default)]
    from: Option<Date>,
    /// The last day.
    #[serde(default)]
    to: Option<Date>,
    /// So many at a time; 50 when left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 500))]
    limit: Option<u16>,
    /// What follows a part that was told, as it stands in `next`.
    #[serde(default)]
    cursor: Option<String>,
}

fn areas(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": Area::ALL.map(Area::name).to_vec() })
}

/// A line of the audit.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct LineSeen {
    at: Option<Timestamp>,
    /// The person; null for a machine, the clock, the command line, and where it is erased.
    who: Option<String>,
    /// The machine, by its token's id.
    machine: Option<String>,
    /// The name of who did it: a person or a machine.
    name: Option<String>,
    /// What was done, such as `gap.take`.
    action: String,
    /// To what.
    target: String,
    /// Whether it was done, or refused.
    done: bool,
    /// The area that the action belongs to.
    #[schemars(schema_with = "areas")]
    area: &'static str,
}

/// When a line was written. One of the first form has the time in its id alone.
fn at(it: &Stored<AuditRow>) -> Option<Timestamp> {
    it.row.at.or_else(|| Id::<Audit>::from_uuid(it.id).made())
}

/// A person or a machine.
fn actor(it: &Stored<AuditRow>) -> By {
    it.row.who.or_else(|| it.row.machine.map(|it| Id::from_uuid(it.uuid())))
}

fn seen(edge: &Edge, it: &Stored<AuditRow>) -> LineSeen {
    LineSeen {
        at: at(it),
        who: it.row.who.map(|it| it.to_string()),
        machine: it.row.machine.map(|it| it.to_string()),
        name: name_of(edge, actor(it)),
        action: it.row.action.clone(),
        target: it.row.target.clone(),
        done: it.row.done,
        area: Area::of(&it.row.action).name(),
    }
}

pub(in crate::http) async fn list(call: Call<AuditAsked>) -> Result<Given<List<LineSeen>>, Wrong> {
    let page = Page::read(call.query.limit, call.query.cursor.as_deref())?;
    let (query, edge) = (&call.query, &call.edge);
    let zone = edge.app.zone.clone();
    let who = match query.who.as_deref() {
        None => None,
        Some("nobody") => Some(None),
        Some(id) => {
            let person = id.parse::<Id<Person>>().map(Id::uuid);
            let machine = || id.parse::<Id<ApiToken>>().map(Id::uuid);
            let id = person.or_else(|_| machine());
            let id = id.map_err(|_| Wrong::field("who", "it is no id of a line"))?;
            Some(Some(Id::<Person>::from_uuid(id)))
        }
    };
    let area = match query.area.as_deref() {
        None => None,
        Some(name) => {
            Some(Area::parse(name).ok_or_else(|| Wrong::field("area", "there is no such area"))?)
        }
    };
    let begin = query.from.and_then(|it| it.to_zoned(zone.clone()).ok());
    let begin = begin.map(|it| it.timestamp());
    let until = query.to.and_then(|it| end_of_day(&it.to_string(), &zone));
    let before = page.after().and_then(|it| it.parse::<u64>().ok());
    edge.see_writes().await;
    let fits = |it: &Stored<AuditRow>| {
        let at = at(it);
        before.is_none_or(|before| it.first < before)
            && who.is_none_or(|who| actor(it) == who)
            && area.is_none_or(|area| Area::of(&it.row.action) == area)
            && begin.is_none_or(|begin| at.is_some_and(|at| begin <= at))
            && until.is_none_or(|until| at.is_some_and(|at| at < until))
    };
    let mut lines: Vec<_> = {
        let rows = edge.app.state.audit.read();
        // One more tells whether there is more.
        rows.iter().rev().filter(|it| fits(it)).take(page.limit + 1).cloned().collect()
    };
    let has_more = page.limit < lines.len();
    lines.truncate(page.limit);
    let told = page.told() + lines.len();
    let last = lines.last().filter(|_| has_more);
    let next = last.map(|it| cursor(told, &it.first.to_string()));
    let items = lines.iter().map(|it| seen(edge, it)).collect();
    Ok(call.list(items, None, next))
}
