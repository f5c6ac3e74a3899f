//! Inquiries a week, the share that the website answered, and what is asked most: in words, as
//! tables and as charts.

use crate::app::{Figures, Share, WEEKS_BEFORE, WeekFigures};
use crate::http::pages::{
    Cell, FigurePoint, Shares, Stacked, Table, TopicBar, along, number, percent_of,
};
use crate::inquiry::Channel;
use crate::messages::Lang;
use crate::organisation::Labels;
use crate::report::figures::{count, rate, whole};

/// Within so large a share of the mean a week is like those before.
const ALIKE: f64 = 0.05;

/// What a chart measures.
pub(super) fn measured(lang: Lang, name: &str, is_year: bool) -> String {
    let key = if is_year && name == "topics" { "topics_year" } else { name };
    let min = Share::ALL_MIN.to_string();
    lang.fill(&format!("figures.measured.{key}"), &[("min", &min)])
}

/// The heads of a table's columns.
pub(super) fn columns(lang: Lang, names: &[&str]) -> Vec<String> {
    names.iter().map(|it| lang.text(&format!("figures.column.{it}")).to_owned()).collect()
}

/// The channels that anything came by, in the order that forms show.
fn channels(figures: &Figures) -> Vec<Channel> {
    let is_used = |channel: &Channel| {
        figures.weeks.iter().flat_map(|it| &it.channels).any(|it| it.0 == *channel && 0 < it.1)
    };
    Channel::ALL.into_iter().filter(is_used).collect()
}

fn by(week: &WeekFigures, channel: Channel) -> u32 {
    week.channels.iter().find(|it| it.0 == channel).map_or(0, |it| it.1)
}

pub(super) fn names(figures: &Figures) -> Vec<String> {
    figures.weeks.iter().map(|it| it.week.number().to_string()).collect()
}

pub(super) fn weeks_table(lang: Lang, figures: &Figures) -> Table {
    let channels = channels(figures);
    let mut heads = columns(lang, &["week"]);
    heads.extend(channels.iter().map(|it| lang.text(&format!("channel.{it}")).to_owned()));
    heads.extend(columns(lang, &["all"]));
    let row = |it: &WeekFigures| {
        let mut row = vec![Cell::Text(it.week.to_string())];
        row.extend(channels.iter().map(|channel| Cell::count(by(it, *channel))));
        row.push(Cell::count(it.contacts()));
        row
    };
    Table { columns: heads, rows: figures.weeks.iter().map(row).collect() }
}

/// The same table with the organisation's own names of channels. The keys of a file's columns come
/// from the usual ones, so that they stay.
pub(super) fn with_own_names(mut table: Table, figures: &Figures, labels: &Labels) -> Table {
    // The first column is the week.
    for (head, channel) in table.columns.iter_mut().skip(1).zip(channels(figures)) {
        *head = labels.channel(channel);
    }
    table
}

/// The bars of the weeks, and the codes of their series.
pub(super) fn bars(figures: &Figures) -> (Stacked, Vec<&'static str>) {
    let channels = channels(figures);
    let series = |it: &WeekFigures| channels.iter().map(|channel| by(it, *channel)).collect();
    let weeks: Vec<Vec<u32>> = figures.weeks.iter().map(series).collect();
    let codes = channels.iter().map(|it| it.name()).collect();
    (Stacked::new(&names(figures), &weeks), codes)
}

pub(super) fn weeks_finding(lang: Lang, figures: &Figures, year: Option<i16>) -> String {
    let questions = |n: u32| count(lang, "figures.questions", n.into(), &[]);
    let Some(last) = figures.weeks.last() else { return String::new() };
    if let Some(year) = year {
        let all = questions(figures.weeks.iter().map(WeekFigures::contacts).sum());
        let most = figures.weeks.iter().max_by_key(|it| it.contacts()).unwrap_or(last);
        let (week, most) = (most.week.number().to_string(), most.contacts());
        let (year, most) = (year.to_string(), whole(most.into(), lang));
        let values = [("questions", &*all), ("year", &year), ("week", &week), ("most", &most)];
        return lang.fill("figures.weeks.year", &values);
    }
    let (questions, week) = (questions(last.contacts()), last.week.number().to_string());
    let n = f64::from(last.contacts());
    let off = figures.mean_before.filter(|it| 0.0 < *it).map(|it| n / it - 1.0);
    let key = match off {
        None => "alone",
        Some(off) if off.abs() < ALIKE => "alike",
        Some(off) if off < 0.0 => "fewer",
        Some(_) => "more",
    };
    let percent = percent_of(off.unwrap_or(0.0).abs(), lang);
    let values = [("questions", &*questions), ("week", &week), ("percent", &percent)];
    lang.fill(&format!("figures.weeks.{key}"), &values)
}

pub(super) fn answers_table(lang: Lang, figures: &Figures) -> Table {
    let row = |it: &WeekFigures| {
        let share = it.answered;
        let mut row = vec![Cell::Text(it.week.to_string())];
        row.extend([Cell::count(share.had), Cell::count(share.all)]);
        if 0 < share.all {
            let interval = share.interval();
            row.push(Cell::Percent(share.value()));
            row.extend([interval.low, interval.high].map(Cell::Percent));
        } else {
            row.extend([Cell::None, Cell::None, Cell::None]);
        }
        row
    };
    Table {
        columns: columns(lang, &["week", "answered", "of", "share", "low", "high"]),
        rows: figures.weeks.iter().map(row).collect(),
    }
}

pub(super) fn shares(figures: &Figures) -> Shares {
    let point = |it: &WeekFigures| {
        let (share, interval) = (it.answered, it.answered.interval());
        (0 < share.all).then(|| FigurePoint {
            share: share.value(),
            interval: (interval.low, interval.high),
            is_sure: share.is_sure(),
        })
    };
    let points: Vec<Option<FigurePoint>> = figures.weeks.iter().map(point).collect();
    Shares::new(&names(figures), &points)
}

pub(super) fn answers_finding(lang: Lang, figures: &Figures, year: Option<i16>) -> String {
    let recent = match year {
        Some(_) => figures.weeks.len(),
        None => usize::try_from(WEEKS_BEFORE).unwrap_or(1),
    };
    let weeks = figures.weeks.iter().rev().take(recent);
    let share = weeks.map(|it| it.answered).fold(Share::default(), Share::with);
    if !share.is_sure() {
        return lang.text("figures.answers.few").to_owned();
    }
    let interval = share.interval();
    let of = |share| percent_of(share, lang);
    let (percent, low, high) = (of(share.value()), of(interval.low), of(interval.high));
    let year = year.map(|it| it.to_string());
    let key = if year.is_some() { "figures.answers.year" } else { "figures.answers.recent" };
    let year = year.unwrap_or_default();
    let values = [("percent", &*percent), ("low", &low), ("high", &high), ("year", &year)];
    lang.fill(key, &values)
}

pub(super) fn topics_table(lang: Lang, figures: &Figures) -> Table {
    let row = |it: &crate::app::TopTopic| {
        let mean = it.mean_before.map_or(Cell::None, |it| Cell::Number(it, 2));
        let texts = [&it.name, &it.number.to_string()].map(|it| Cell::Text(it.clone()));
        let mut row = Vec::from(texts);
        row.extend([Cell::count(it.contacts), mean]);
        row
    };
    Table {
        columns: columns(lang, &["topic", "number", "count", "mean"]),
        rows: figures.topics.iter().map(row).collect(),
    }
}

pub(super) fn topics_finding(lang: Lang, figures: &Figures, year: Option<i16>) -> String {
    let Some(most) = figures.topics.first() else {
        return lang.text("figures.topics.none").to_owned();
    };
    let questions = count(lang, "figures.questions", most.contacts.into(), &[]);
    let week = figures.weeks.last().map_or(String::new(), |it| it.week.number().to_string());
    let year = year.map(|it| it.to_string());
    let key = if year.is_some() { "figures.topics.year" } else { "figures.topics.week" };
    let year = year.unwrap_or_default();
    let values = [("name", &*most.name), ("questions", &questions), ("week", &week)];
    lang.fill(key, &[&values[..], &[("year", &year)]].concat())
}

pub(super) fn top(lang: Lang, figures: &Figures) -> Vec<TopicBar> {
    let mean = |it: &crate::app::TopTopic| it.mean_before.unwrap_or(0.0);
    let all = figures.topics.iter().map(|it| mean(it).max(it.contacts.into()));
    let most = all.fold(1.0, f64::max);
    let place = |n: f64| along(n / most, TopicBar::WIDTH);
    let bar = |it: &crate::app::TopTopic| {
        let n = whole(it.contacts.into(), lang);
        let says = match it.mean_before {
            None => n,
            Some(mean) if mean <= 0.0 => lang.fill("figures.topics.new", &[("n", &n)]),
            Some(mean) => {
                let mean = rate(mean, lang);
                lang.fill("figures.topics.mean", &[("n", &n), ("mean", &mean)])
            }
        };
        TopicBar {
            number: it.number.to_string(),
            name: it.name.clone(),
            says,
            width: place(it.contacts.into()),
            mean: it.mean_before.map(place),
        }
    };
    figures.topics.iter().map(bar).collect()
}

/// A number with a sign's worth of decimals: whole from ten upward.
pub(super) fn about(n: f64, lang: Lang) -> String {
    number(n, usize::from(n.abs() < 10.0), lang)
}
