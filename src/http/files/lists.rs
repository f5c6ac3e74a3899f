//! The lists that editors work with, as tables.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{code, column};
use crate::app::{GapLine, GapPlace, TopicLine};
use crate::http::edge::HttpError;
use crate::http::edge::fields::Fields;
use crate::http::routes::To;
use crate::http::{Edge, gaps, topics, words};
use crate::inquiry::Line;
use crate::messages::Lang;
use crate::organisation::Labels;
use crate::people::By;
use crate::sheet::{Kind, ROWS_MAX, Table, Value};
use crate::topic::Topic;
use crate::week::last_day;
use crate::words::WordFacts;

/// The wordings of a gap are those of so many of its newest questions: a file holds thousands.
const NEWEST_READ: usize = 6;

/// Who wants which list.
pub(super) struct Wish {
    pub(super) edge: Edge,
    pub(super) lang: Lang,
    pub(super) labels: Labels,
    pub(super) by: By,
    pub(super) fields: Fields,
}

impl Wish {
    fn table(&self, name: &'static str, columns: &[(&'static str, Kind)]) -> Table {
        let columns = columns.iter().map(|&(key, kind)| column(self.lang, key, kind));
        Table::new(name, columns.collect())
    }

    fn day(&self, at: Timestamp) -> Value {
        Value::Date(self.date(at))
    }

    fn date(&self, at: Timestamp) -> Date {
        at.to_zoned(self.edge.app.zone.clone()).date()
    }

    /// A number that leads to its page.
    fn link(&self, to: To, number: &str) -> Value {
        let mut address = self.edge.jobs.base().clone();
        address.set_path(&to.link(&[number]));
        Value::Link(number.to_owned(), address.to_string())
    }
}

pub(super) fn gaps(wish: &Wish) -> Result<Table, HttpError> {
    let app = &wish.edge.app;
    let list = app.gaps(&gaps::read_filter(&wish.fields, wish.by))?;
    let mut rows = vec![];
    for (rank, place) in (1_u32..).zip(list.gaps.iter().take(ROWS_MAX)) {
        let line = app.gap_line(&place.topic, NEWEST_READ)?;
        rows.push(gap(wish, rank, (place, line)));
    }
    let columns = [
        ("rank", Kind::Integer),
        ("number", Kind::Text),
        ("name", Kind::Text),
        ("kind", Kind::Text),
        ("state", Kind::Text),
        ("owner", Kind::Text),
        ("due", Kind::Date),
        ("last_28_days", Kind::Integer),
        ("inquiries", Kind::Integer),
        ("trend", Kind::Text),
        ("gap_score", Kind::Share),
        ("first", Kind::Date),
        ("last", Kind::Date),
        ("nearest", Kind::Text),
        ("nearest_address", Kind::Text),
        ("wordings", Kind::Text),
        ("why", Kind::Text),
    ];
    Ok(wish.table("gaps", &columns).with_rows(rows, list.gaps.len()))
}

fn gap(wish: &Wish, rank: u32, (place, line): (&GapPlace, GapLine)) -> Vec<Value> {
    let (topic, lang) = (&place.topic, wish.lang);
    let due = topic.due.map(|it| last_day(it, &wish.edge.app.zone));
    let verdict = topic.verdict().map_or(Value::None, |it| code(lang, "verdict", it.name()));
    vec![
        Value::count(rank),
        wish.link(To::Gap, &topic.number.to_string()),
        Value::text(topic.name.clone()),
        verdict,
        code(lang, "state", topic.state.name().name()),
        Value::maybe(line.owner),
        due.map_or(Value::None, Value::Date),
        Value::count(topic.demand.last_28_days),
        Value::count(topic.demand.inquiries),
        code(lang, "trend", topic.demand.trend.name()),
        Value::Number(topic.candidate().gap_score),
        wish.day(topic.demand.first),
        wish.day(topic.demand.last),
        Value::maybe(line.nearest_title),
        Value::maybe(topic.nearest_page().map(str::to_owned)),
        Value::text(line.wordings.join(" | ")),
        Value::text(gaps::why_here(lang, place)),
    ]
}

pub(super) fn topics(wish: &Wish) -> Result<Table, HttpError> {
    let found = topics::list::found(&wish.fields, wish.edge.app.topics()?);
    let rows = found.iter().take(ROWS_MAX).map(|it| topic(wish, it)).collect();
    let columns = [
        ("number", Kind::Text),
        ("name", Kind::Text),
        ("words", Kind::Text),
        ("kind", Kind::Text),
        ("state", Kind::Text),
        ("scope", Kind::Text),
        ("norm", Kind::Text),
        ("last_28_days", Kind::Integer),
        ("inquiries", Kind::Integer),
        ("searches", Kind::Integer),
        ("feedback", Kind::Integer),
        ("trend", Kind::Text),
        ("first", Kind::Date),
        ("last", Kind::Date),
    ];
    Ok(wish.table("topics", &columns).with_rows(rows, found.len()))
}

fn topic(wish: &Wish, topic: &TopicLine) -> Vec<Value> {
    let (lang, demand) = (wish.lang, &topic.demand);
    vec![
        wish.link(To::Topic, &topic.number.to_string()),
        Value::text(topic.name.clone()),
        Value::text(topic.words.join(", ")),
        topic.verdict().map_or(Value::None, |it| code(lang, "verdict", it.name())),
        code(lang, "state", topic.state.name().name()),
        code(lang, "scope", topic.scope.name()),
        code(lang, "norm", topic.norm.name()),
        Value::count(demand.last_28_days),
        Value::count(demand.inquiries),
        Value::count(demand.searches),
        Value::count(demand.feedback),
        code(lang, "trend", demand.trend.name()),
        wish.day(demand.first),
        wish.day(demand.last),
    ]
}

pub(super) fn inquiries(wish: &Wish) -> Result<Table, HttpError> {
    let app = &wish.edge.app;
    let filter = topics::inquiries::read_filter(app, &wish.fields);
    let list = app.find_inquiries(&filter, (0, ROWS_MAX))?;
    let mut rows = vec![];
    for line in &list.lines {
        rows.extend(inquiry(wish, line)?);
    }
    // What was taken back while the list was read is in neither number.
    let of = list.total - (list.lines.len() - rows.len());
    let columns = [
        ("asked", Kind::Date),
        ("text", Kind::Text),
        ("channel", Kind::Text),
        ("outcome", Kind::Text),
        ("norm", Kind::Text),
        ("count", Kind::Integer),
        ("number", Kind::Text),
        ("topic", Kind::Text),
        ("taken_out", Kind::Text),
    ];
    Ok(wish.table("inquiries", &columns).with_rows(rows, of))
}

fn inquiry(wish: &Wish, line: &Line) -> Result<Option<Vec<Value>>, HttpError> {
    let (app, lang) = (&wish.edge.app, wish.lang);
    let stored = app.state.inquiries.at(line.seq)?;
    let Some(text) = stored.and_then(|it| it.row.facts.text) else { return Ok(None) };
    let topic = line.topic.and_then(|it| app.resolve(it));
    let row = topic.and_then(|it| app.state.topics.get(Topic::entity(it)));
    let name = row.map(|it| app.name_of(&it.row)).transpose()?;
    Ok(Some(vec![
        wish.day(line.asked),
        Value::text(text.as_str()),
        Value::Code(line.channel.name(), wish.labels.channel(line.channel)),
        code(lang, "outcome", line.outcome.name()),
        code(lang, "norm", line.norm.name()),
        Value::count(line.count),
        topic.map_or(Value::None, |it| wish.link(To::Topic, &it.to_string())),
        Value::maybe(name),
        line.taken_out.map_or(Value::None, |it| code(lang, "taken_out", it.name())),
    ]))
}

pub(super) fn words(wish: &Wish) -> Result<Table, HttpError> {
    let app = &wish.edge.app;
    let wanted = wish.fields.get("q").trim().to_lowercase();
    let rows = app.word_rows();
    let rows = rows.iter().filter(|it| !it.row.removed && words::is_named(it, &wanted));
    let rows: Vec<Vec<Value>> = rows
        .map(|it| {
            let WordFacts { said, written, note, topic } = it.row.facts.clone();
            let topic = topic.and_then(|it| app.resolve(it));
            let brought = app.brought(it.id);
            let brought = |n: fn(&crate::app::Brought) -> u32| {
                brought.as_ref().map_or(Value::None, |it| Value::count(n(it)))
            };
            vec![
                Value::text(said),
                Value::text(written),
                Value::text(note),
                topic.map_or(Value::None, |it| wish.link(To::Topic, &it.to_string())),
                brought(|it| it.asked),
                brought(|it| it.led),
                Value::Instant(it.row.at),
                Value::maybe(it.row.by.and_then(|it| app.person_name(it))),
            ]
        })
        .collect();
    let columns = [
        ("said", Kind::Text),
        ("written", Kind::Text),
        ("note", Kind::Text),
        ("number", Kind::Text),
        ("asked_with", Kind::Integer),
        ("led", Kind::Integer),
        ("changed", Kind::Instant),
        ("by", Kind::Text),
    ];
    let of = rows.len();
    Ok(wish.table("words", &columns).with_rows(rows, of))
}
