//! The list of gaps.

pub(super) mod detail;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;

use crate::app::{GapFilter, GapLine};
use crate::gap::Verdict;
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::pages::{Choice, GapSeen, GapsPage, Strip, Weekly};
use crate::http::{Edge, page};
use crate::messages::Lang;
use crate::review::StateName;

/// So many gaps stand on a page.
const GAPS_SHOWN: usize = 25;

/// Reads which gaps are wanted from an address.
pub(in crate::http) fn read_filter(fields: &Fields) -> GapFilter {
    GapFilter {
        state: StateName::parse(&fields.get("state")),
        verdict: Verdict::parse(&fields.get("kind")),
        all: fields.get("state") == "all",
    }
}

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let filter = read_filter(&fields);
    let list = edge.off_thread(move |app| app.gaps(filter)).await??;
    let pages = list.gaps.len().div_ceil(GAPS_SHOWN).max(1);
    let this = fields.get("page").parse::<usize>().unwrap_or(1).clamp(1, pages);
    let counts: Vec<u32> = list.gaps.iter().map(|it| it.topic.demand.last_28_days).collect();
    let mut shares = counts.clone();
    shares.sort_unstable_by(|a, b| b.cmp(a));
    let least = list.pareto_gaps.checked_sub(1).and_then(|it| shares.get(it)).copied();
    let seen = |gap: GapLine| {
        let in_pareto = least.is_some_and(|it| it <= gap.topic.demand.last_28_days);
        gap_seen(gap, in_pareto)
    };
    Ok(page(&GapsPage {
        f: edge.frame(&caller, "gaps.title"),
        pareto_gaps: list.pareto_gaps,
        pareto_percent: list.pareto_percent,
        strip: Strip::new(&shares, list.pareto_gaps),
        contacts: list.contacts,
        states: states(&caller, filter),
        kinds: verdicts(caller.lang, "gaps.kind_all", filter.verdict, Verdict::needs_an_editor),
        candidate_inquiries: edge.app.state.settings().candidate_inquiries,
        inquiries: list.inquiries,
        has_pages: edge.app.state.pages.read().iter().any(|it| !it.row.gone),
        page: (this, pages),
        gaps: list
            .gaps
            .into_iter()
            .skip((this - 1) * GAPS_SHOWN)
            .take(GAPS_SHOWN)
            .map(seen)
            .collect(),
    }))
}

fn gap_seen(gap: GapLine, in_pareto: bool) -> GapSeen {
    let topic = gap.topic;
    let verdict = topic.verdict.as_ref().map(|it| it.row.judgement.verdict);
    GapSeen {
        number: topic.number.to_string(),
        name: topic.name,
        wordings: gap.wordings,
        last_28_days: topic.demand.last_28_days,
        weeks: Weekly::new(&topic.demand.weeks),
        trend: topic.demand.trend.name().to_owned(),
        verdict: verdict.unwrap_or(Verdict::Missing).name().to_owned(),
        nearest: gap.nearest_title,
        state: topic.state.name().name().to_owned(),
        owner: gap.owner,
        in_pareto,
    }
}

fn states(caller: &Caller, filter: GapFilter) -> Vec<Choice> {
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
