//! The numbers page with made-up numbers.

use super::*;
use crate::app::{Figures, MendEffect, NormShare, Share, TopTopic, WeekFigures};
use crate::effect::{Mend, WeekCount, measure};
use crate::http::figures::shown;
use crate::id::TopicNumber;
use crate::inquiry::{Channel, Quality};

/// The numbers of 13 weeks, or of none.
pub(super) fn figures(lang: Lang, is_told: bool) -> FiguresPage {
    let weeks = if is_told { 13 } else { 0 };
    let figures = numbers(weeks);
    let f = frame(lang, "figures.title", "/figures");
    FiguresPage {
        year: None,
        years: figures.years.clone(),
        shown: shown(&f.labels, &figures, None),
        f,
    }
}

fn numbers(weeks: u32) -> Figures {
    let first: Week = "2026-W45".parse().unwrap();
    let week = |at: u32| WeekFigures {
        week: first.plus(at.into()),
        channels: vec![(Channel::Phone, 40 + at * 7 % 11), (Channel::Email, at % 5)],
        answered: Share { had: 3 + at % 4, all: 10 + 4 * (at % 5) },
        quality: Quality { only_counted: at % 4, undecided: at % 7, texts: 38, masked: at % 3 },
        logged: (3 < at).then(|| Share { had: 40 + at, all: 60 + at % 9 }),
    };
    let topic = |number, name: &str, mean_before| TopTopic {
        number: TopicNumber(number),
        name: name.to_owned(),
        contacts: 9,
        mean_before,
    };
    Figures {
        years: if 0 < weeks { vec![2027, 2026] } else { vec![] },
        weeks: (0..weeks).map(week).collect(),
        mean_before: Some(44.0),
        topics: vec![topic(1, "Når opnar symjehallen?", Some(6.25)), topic(2, "Pass", Some(0.0))],
        effects: vec![mend(1, 20, 5), mend(2, 3, 5), mend(3, 4, 16), mend(4, 5, 5)],
        norms: vec![norm("https://www.fjordvik.example/", 0), norm("https://folkebad.example/", 3)],
        minutes_each: Some(6),
    }
}

fn norm(site: &str, waiting: u32) -> NormShare {
    let site = site.to_owned();
    NormShare { site, pages: 64, waiting, nn: 6_204, nb: 14_090, other: 801, unsure: 40 }
}

/// A mend after which the topic came down from 10 a week to something else, or not yet.
fn mend(number: u32, after_weeks: usize, to: u32) -> MendEffect {
    let first: Week = "2026-W01".parse().unwrap();
    let count = |topic| WeekCount { topic, others: 100, rate: None };
    let mut weeks = vec![count(10); 9];
    weeks.extend(vec![count(to); after_weeks]);
    let (number, linked) = (TopicNumber(number), first.plus(8));
    let effect = measure(&Mend { topic: number, linked, first, weeks: &weeks, drift: 0.0 });
    MendEffect { number, name: "Når opnar symjehallen?".to_owned(), linked, effect: effect.into() }
}
