//! The blocks of a letter: decide, verified, still asked, effect, what rises, logging.

use super::compose::{address, name};
use super::facts::{Effect, Facts, OpenGap};
use super::letter::{Block, Item, Link};
use super::period::Period;
use super::wording::Wording;
use crate::messages::Lang;
use crate::report::figures::{count, percent, rate, whole};
use crate::report::{trend_word, verdict_sentence};
use crate::topic::Trend;

/// How many new gaps a letter shows: one screen.
const GAPS_MAX: usize = 5;
/// How many topics the other blocks show.
const TOPICS_MAX: usize = 3;

/// The blocks that have something to say, in the letter's order.
pub(super) fn all(facts: &Facts, lang: Lang) -> Vec<Block> {
    let blocks = [
        decide(facts, lang),
        verified(facts, lang),
        still_asked(facts, lang),
        effect(facts, lang),
        rises(facts, lang),
        logging(facts, lang),
    ];
    blocks.into_iter().flatten().collect()
}

fn heading(key: &str, lang: Lang) -> String {
    lang.text(&format!("letter.heading.{key}")).to_owned()
}

/// The key of a count that weeks and months have each their own of.
const fn of_period(facts: &Facts, [week, month]: [&'static str; 2]) -> &'static str {
    match facts.period {
        Period::Week(_) => week,
        Period::Month(_) => month,
    }
}

fn link(facts: &Facts, text: &str, to: &str) -> Link {
    Link { text: name(text), href: address(facts, to) }
}

/// Where the rest is, when `n` do not fit.
fn more(facts: &Facts, lang: Lang, n: usize) -> Option<Link> {
    let text = || count(lang, "letter.more", n as u64, &[]);
    (0 < n).then(|| Link { text: text(), href: address(facts, "/gaps") })
}

fn decide(facts: &Facts, lang: Lang) -> Option<Block> {
    if facts.decide.is_empty() {
        return None;
    }
    let items = facts.decide.iter().take(GAPS_MAX).map(|gap| gap_item(facts, gap, lang));
    Some(Block {
        heading: heading("decide", lang),
        items: items.collect(),
        note: waiting(facts, lang).unwrap_or_default(),
        more: more(facts, lang, facts.decide.len().saturating_sub(GAPS_MAX)),
    })
}

fn gap_item(facts: &Facts, gap: &OpenGap, lang: Lang) -> Item {
    let new = if gap.is_new { lang.text("letter.new") } else { "" };
    let weeks = Wording::of(facts, lang).span();
    let asked = count(lang, "letter.asked", gap.count, &[("weeks", &weeks)]);
    // "New" is said once.
    let trend = gap.trend.filter(|it| !gap.is_new || *it != Trend::New);
    let trend = trend.map_or(String::new(), |it| format!(", {}", trend_word(it, lang)));
    let verdict = verdict_sentence(gap.verdict, lang);
    Item {
        name: link(facts, &gap.name, &gap.link),
        says: format!("{new} {asked}{trend}. {verdict}.").trim_start().to_owned(),
        page: gap.nearest.as_ref().map(|page| link(facts, &page.title, &page.url)),
        page_label: lang.text("letter.nearest").to_owned(),
    }
}

fn item(name: Link, says: String) -> Item {
    Item { name, says, page: None, page_label: String::new() }
}

fn verified(facts: &Facts, lang: Lang) -> Option<Block> {
    if facts.verified.is_empty() {
        return None;
    }
    let items = facts.verified.iter().take(TOPICS_MAX).map(|it| {
        let (before, week) = (rate(it.before, lang), it.published.number().to_string());
        let after = it.after.map(|it| rate(it, lang));
        let key = if after.is_some() { "letter.verified" } else { "letter.verified_lately" };
        let after = after.unwrap_or_default();
        let values = [("before", before.as_str()), ("after", &after), ("week", &week)];
        item(link(facts, &it.name, &it.link), lang.fill(key, &values))
    });
    Some(Block {
        heading: heading("verified", lang),
        items: items.collect(),
        note: lang.text("letter.thanks").to_owned(),
        more: more(facts, lang, facts.verified.len().saturating_sub(TOPICS_MAX)),
    })
}

fn still_asked(facts: &Facts, lang: Lang) -> Option<Block> {
    if facts.still_asked.is_empty() {
        return None;
    }
    let period = Wording::of(facts, lang).name();
    let key = of_period(facts, ["letter.still", "letter.still_month"]);
    let items = facts.still_asked.iter().take(TOPICS_MAX).map(|it| {
        let week = it.published.number().to_string();
        let values = [("week", week.as_str()), ("period", &period)];
        let says = count(lang, key, it.count, &values);
        item(link(facts, &it.name, &it.link), says)
    });
    Some(Block {
        heading: heading("still", lang),
        items: items.collect(),
        note: String::new(),
        more: more(facts, lang, facts.still_asked.len().saturating_sub(TOPICS_MAX)),
    })
}

fn effect(facts: &Facts, lang: Lang) -> Option<Block> {
    let effect = facts.effect?;
    let note = effect_sentence(&effect, lang);
    Some(Block { heading: heading("effect", lang), note, ..Block::default() })
}

/// Says what the mends led to, also when it is more inquiries, or nothing sure.
fn effect_sentence(effect: &Effect, lang: Lang) -> String {
    let gaps = count(lang, "letter.mended", effect.n_gaps, &[]);
    let weeks = count(lang, "letter.weeks", effect.n_weeks, &[]);
    let n = whole(effect.fewer.unsigned_abs(), lang);
    let values = [("gaps", gaps.as_str()), ("weeks", &weeks), ("n", &n)];
    let is_unsure = effect.range.map_or(effect.fewer == 0, |(low, high)| low <= 0 && 0 <= high);
    if is_unsure {
        return lang.fill("letter.effect.unsure", &values);
    }
    let is_rise = effect.fewer < 0;
    let key = if is_rise { "letter.effect.more" } else { "letter.effect.fewer" };
    let mut says = lang.fill(key, &values);
    if let Some((low, high)) = effect.range {
        let (low, high) = (low.unsigned_abs(), high.unsigned_abs());
        let (low, high) = (whole(low.min(high), lang), whole(low.max(high), lang));
        says.push(' ');
        says.push_str(&lang.fill("letter.effect.range", &[("low", &low), ("high", &high)]));
    }
    if let Some(minutes) = effect.minutes_each.filter(|_| !is_rise) {
        let hours = effect.fewer.unsigned_abs().saturating_mul(minutes.into()) / 60;
        says.push(' ');
        says.push_str(&count(lang, "letter.hours", hours, &[]));
    }
    says
}

fn rises(facts: &Facts, lang: Lang) -> Option<Block> {
    let it = facts.rises.as_ref()?;
    let items = vec![item(link(facts, &it.name, &it.link), rise(facts, lang)?)];
    Some(Block { heading: heading("rises", lang), items, ..Block::default() })
}

/// How much the topic that rises most has risen.
pub(super) fn rise(facts: &Facts, lang: Lang) -> Option<String> {
    let (it, wording) = (facts.rises.as_ref()?, Wording::of(facts, lang));
    let (from, to) = (rate(it.from, lang), rate(it.to, lang));
    let weeks = wording.span();
    let values = [("from", from.as_str()), ("to", &to), ("weeks", &weeks)];
    Some(lang.fill(&wording.key("rises"), &values))
}

/// How many of the gaps to decide have waited for long.
fn waiting(facts: &Facts, lang: Lang) -> Option<String> {
    if facts.n_waiting == 0 {
        return None;
    }
    let key = of_period(facts, ["letter.waiting", "letter.waiting_month"]);
    Some(count(lang, key, facts.n_waiting, &[]))
}

/// Which share of the calls was logged.
pub(super) fn logged_of_calls(facts: &Facts, lang: Lang) -> Option<String> {
    let rate = percent(facts.logging_rate?.into(), lang);
    Some(lang.fill("letter.logging_rate", &[("rate", &rate)]))
}

fn logging(facts: &Facts, lang: Lang) -> Option<Block> {
    let rate = logged_of_calls(facts, lang);
    let masked = (0 < facts.n_masked).then(|| count(lang, "letter.masked", facts.n_masked, &[]));
    let says: Vec<String> = [rate, masked].into_iter().flatten().collect();
    if says.is_empty() {
        return None;
    }
    Some(Block { heading: heading("logging", lang), note: says.join(" "), ..Block::default() })
}
