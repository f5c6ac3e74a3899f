//! The list of gaps.

pub(super) mod detail;
pub(super) mod draft;
pub(super) mod linked;
pub(super) mod steps;
mod trend;

use std::collections::BTreeSet;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;

use crate::app::{GapFilter, GapLine, GapOrder, GapPlace, Owner};
use crate::gap::Verdict;
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields, Sought};
use crate::http::log::lang_code;
use crate::http::pages::{Choice, GapFilters, GapSeen, GapsPage, Strip, Weekly};
use crate::http::{Edge, page};
use crate::inquiry::{Channel, Norm};
use crate::messages::Lang;
use crate::people::By;
use crate::review::StateName;
use crate::topic::Trend;
use crate::view::ViewError;
use crate::week::last_day;

/// Of a topic that is asked all day, the last questions tell what is asked.
const NEWEST_READ: usize = 60;
/// So many gaps stand on a page.
const GAPS_SHOWN: usize = 25;
/// So many of them make up the strip; what is left could not be seen in it.
const STRIP_SHOWN: usize = 200;
/// The norms that gaps can be filtered by.
const NORMS: [Norm; 3] = [Norm::Nn, Norm::Nb, Norm::En];

/// Reads which gaps `by` wants from an address.
pub(in crate::http) fn read_filter(fields: &Fields, by: By) -> GapFilter {
    let channel = |it: &String| Channel::parse(it);
    GapFilter {
        state: StateName::parse(&fields.get("state")),
        verdict: Verdict::parse(&fields.get("kind")),
        all: fields.get("state") == "all",
        owner: match fields.get("owner").as_str() {
            "mine" => by.map(Owner::Person),
            "nobody" => Some(Owner::Nobody),
            _ => None,
        },
        channel: Some(fields.get("channel")).as_ref().and_then(channel),
        norm: NORMS.into_iter().find(|it| lang_code(*it) == fields.get("norm")),
        host: Some(fields.get("site")).filter(|it| !it.is_empty()),
        order: GapOrder::parse(&fields.get("order")).unwrap_or_default(),
    }
}

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Sought(fields): Sought,
) -> Result<Response, HttpError> {
    let filter = read_filter(&fields, caller.by());
    let wanted = fields.get("page").parse::<usize>().unwrap_or(1);
    let asked = filter.clone();
    let (list, lines) = edge
        .off_thread(move |app| {
            let list = app.gap_page(&asked, (wanted, GAPS_SHOWN))?;
            let shown = list.gaps.iter();
            let lines: Result<Vec<_>, ViewError> =
                shown.map(|it| Ok((it.clone(), app.gap_line(&it.topic, NEWEST_READ)?))).collect();
            Ok::<_, ViewError>((list, lines?))
        })
        .await??;
    let pareto = list.pareto;
    Ok(page(&GapsPage {
        f: edge.frame(&caller, "gaps.title"),
        pareto_gaps: pareto.gaps,
        pareto_percent: pareto.percent,
        strip: Strip::new(&pareto.shares[..pareto.shares.len().min(STRIP_SHOWN)], pareto.gaps),
        contacts: pareto.contacts,
        filters: filters(&edge, &caller, &filter),
        candidate_inquiries: edge.app.state.settings().candidate_inquiries,
        inquiries: list.inquiries,
        has_pages: edge.app.state.pages.read().iter().any(|it| !it.row.gone),
        listed: list.total,
        page: list.page,
        gaps: lines.into_iter().map(|it| gap_seen(&edge, &caller, it)).collect(),
    }))
}

fn gap_seen(edge: &Edge, caller: &Caller, (place, line): (GapPlace, GapLine)) -> GapSeen {
    let topic = &place.topic;
    GapSeen {
        number: topic.number.to_string(),
        name: topic.name.clone(),
        wordings: line.wordings,
        last_28_days: topic.demand.last_28_days,
        weeks: Weekly::new(&topic.demand.weeks),
        trend: topic.demand.trend.name().to_owned(),
        verdict: topic.verdict().unwrap_or(Verdict::Missing).name().to_owned(),
        nearest: line.nearest_title,
        state: topic.state.name().name().to_owned(),
        owner: line.owner,
        last: edge.day(caller, topic.demand.last),
        due: topic.due.map(|it| due(edge, caller, it)),
        why: why_here(caller.lang, &place),
        in_pareto: place.in_pareto,
    }
}

/// The last day of a term, and whether it is over.
fn due(edge: &Edge, caller: &Caller, until: Timestamp) -> (String, bool) {
    (edge.date(caller, last_day(until, &edge.app.zone)), until <= edge.app.now())
}

/// Why a gap stands where it stands, in words.
pub(in crate::http) fn why_here(lang: Lang, place: &GapPlace) -> String {
    let candidate = place.topic.candidate();
    let sure = match candidate.gap_score {
        it if 0.75 <= it => "sure",
        it if 0.5 <= it => "likely",
        _ => "unsure",
    };
    let asked = lang.count("gaps.why_asked", u64::from(candidate.last_28_days));
    let sure = lang.text(&format!("gaps.why_{sure}")).to_owned();
    let trend = match candidate.trend {
        Trend::Steady => String::new(),
        it => format!(" · {}", lang.text(&format!("trend.{}", it.name())).to_lowercase()),
    };
    format!("{asked} · {sure}{trend}")
}

/// What the list can be filtered by, with what is chosen.
fn filters(edge: &Edge, caller: &Caller, filter: &GapFilter) -> GapFilters {
    let lang = caller.lang;
    let choice = |value: &str, key: String, chosen| Choice {
        value: value.to_owned(),
        label: lang.text(&key).to_owned(),
        chosen,
    };
    let any = |is_any| choice("", "gaps.any".to_owned(), is_any);
    let mine = matches!(filter.owner, Some(Owner::Person(_)));
    let nobody = filter.owner == Some(Owner::Nobody);
    let mut owners = vec![any(filter.owner.is_none())];
    owners.push(choice("mine", "gaps.mine".to_owned(), mine));
    owners.push(choice("nobody", "gaps.nobody".to_owned(), nobody));
    let mut channels = vec![any(filter.channel.is_none())];
    let settings = edge.app.state.settings();
    let labels = settings.labels(lang);
    channels.extend(settings.channels_to_find().into_iter().map(|it| Choice {
        value: it.name().to_owned(),
        label: labels.channel(it),
        chosen: filter.channel == Some(it),
    }));
    let mut norms = vec![any(filter.norm.is_none())];
    norms.extend(NORMS.map(|it| {
        choice(lang_code(it), format!("gaps.norm_{}", lang_code(it)), filter.norm == Some(it))
    }));
    let mut sites = vec![any(filter.host.is_none())];
    sites.extend(hosts(edge).into_iter().map(|it| Choice {
        chosen: filter.host.as_ref() == Some(&it),
        label: it.clone(),
        value: it,
    }));
    let orders = GapOrder::ALL
        .map(|it| choice(it.name(), format!("gaps.order_{}", it.name()), filter.order == it));
    GapFilters {
        states: states(caller, filter),
        kinds: verdicts(lang, "gaps.kind_all", filter.verdict, Verdict::needs_an_editor),
        owners,
        channels,
        norms,
        sites,
        orders: orders.into(),
    }
}

/// The hosts of the websites that are read.
pub(in crate::http) fn hosts(edge: &Edge) -> Vec<String> {
    let sites = edge.app.state.settings().sites;
    let host = |it: &str| url::Url::parse(it).ok()?.host_str().map(str::to_owned);
    let starts = sites.iter().flat_map(|it| std::iter::once(&it.start).chain(&it.more));
    let hosts: BTreeSet<String> = starts.filter_map(|it| host(it)).collect();
    hosts.into_iter().collect()
}

fn states(caller: &Caller, filter: &GapFilter) -> Vec<Choice> {
    let choice = |code: &str, chosen| Choice {
        value: code.to_owned(),
        label: caller.lang.text(&format!("state.{code}")).to_owned(),
        chosen,
    };
    let mut states = vec![
        choice("open", filter.state.is_none() && !filter.all),
        choice("all", filter.state.is_none() && filter.all),
    ];
    states.extend(StateName::ALL.map(|it| choice(it.name(), filter.state == Some(it))));
    states
}

/// Verdicts to filter by, all of them first.
pub(in crate::http) fn verdicts(
    lang: Lang,
    all: &str,
    chosen: Option<Verdict>,
    offered: impl Fn(Verdict) -> bool,
) -> Vec<Choice> {
    let mut choices = vec![Choice {
        value: String::new(),
        label: lang.text(all).to_owned(),
        chosen: chosen.is_none(),
    }];
    choices.extend(Verdict::ALL.into_iter().filter(|it| offered(*it)).map(|it| Choice {
        value: it.name().to_owned(),
        label: lang.text(&format!("verdict.{}", it.name())).to_owned(),
        chosen: chosen == Some(it),
    }));
    choices
}
