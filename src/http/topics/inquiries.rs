//! All inquiries: found by words and facets, and put in their place many at a time.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use jiff::SignedDuration;

use super::DecisionOrHttp;
use super::facets::Facet;
use crate::app::{App, DecisionError, InquiryFilter, MaskHow, MaskWhy, Under};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields, Sought};
use crate::http::edge::notice::{Onward, Told};
use crate::http::gaps::hosts;
use crate::http::pages::{Choice, FacetSeen, FieldError, InquiriesPage, InquirySeen, render};
use crate::http::{Edge, page};
use crate::id::TopicNumber;
use crate::inquiry::{Channel, Line, Norm, OutcomeName, TakenOut};
use crate::messages::Lang;
use crate::organisation::Labels;
use crate::review::{Gap, State as GapState};
use crate::topic::Topic;

/// So many inquiries stand on a page.
const INQUIRIES_SHOWN: usize = 50;
/// Days back in time to choose from.
const DAYS: [&str; 4] = ["7", "28", "90", "365"];

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Sought(fields): Sought,
) -> Result<Response, HttpError> {
    Ok(page(&build(&edge, &caller, &fields).await?))
}

/// Reads which inquiries are wanted.
pub(in crate::http) fn read_filter(app: &App, fields: &Fields) -> InquiryFilter {
    let days = fields.get("days").parse::<i64>().ok().filter(|it| (1..=3_650).contains(it));
    let topic = fields.get("topic").trim().to_uppercase().parse::<TopicNumber>().ok();
    let under = match topic.and_then(|it| app.resolve(it)) {
        Some(topic) => Under::Topic(topic),
        None if fields.get("under") == "none" => Under::None,
        None => Under::Any,
    };
    InquiryFilter {
        text: fields.get("q"),
        channel: Channel::parse(&fields.get("channel")),
        outcome: OutcomeName::parse(&fields.get("outcome")),
        norm: Norm::parse(&fields.get("norm")),
        desk: fields.find("desk"),
        host: fields.find("site"),
        since: days.map(|it| app.now() - SignedDuration::from_hours(24 * it)),
        under,
        is_out: fields.get("under") == "out",
        before: None,
    }
}

async fn build(edge: &Edge, caller: &Caller, fields: &Fields) -> Result<InquiriesPage, HttpError> {
    let filter = read_filter(&edge.app, fields);
    let this = fields.get("page").parse::<usize>().unwrap_or(1).max(1);
    let (is_out, find) = (filter.is_out, filter);
    let at = move |page: usize| ((page - 1) * INQUIRIES_SHOWN, INQUIRIES_SHOWN);
    let (list, this) = edge
        .off_thread(move |app| {
            let list = app.find_inquiries(&find, at(this))?;
            let pages = list.total.div_ceil(INQUIRIES_SHOWN).max(1);
            if this <= pages {
                return Ok::<_, HttpError>((list, this));
            }
            Ok((app.find_inquiries(&find, at(pages))?, pages))
        })
        .await??;
    let lang = caller.lang;
    let facets = Facet::OF_INQUIRIES.into_iter();
    let labels = edge.labels(lang);
    let facets = facets.map(|it| it.seen(&labels, it.chosen(fields), |_| String::new()));
    let ticked = fields.all("inquiry");
    let mut inquiries = vec![];
    for line in &list.lines {
        inquiries.extend(seen(edge, caller, line, &ticked)?);
    }
    Ok(InquiriesPage {
        f: edge.frame(caller, "inquiries.title"),
        inquiries,
        query: fields.get("q"),
        topic: fields.get("topic"),
        facets: facets.chain(placed(edge, &labels, fields)).collect(),
        total: list.total,
        is_cut: list.is_cut,
        is_down: list.is_down,
        is_out,
        page: (this, list.total.div_ceil(INQUIRIES_SHOWN).max(1)),
        to: fields.get("to"),
        reasons: reasons(lang, &fields.get("reason")),
        mask_reasons: mask_reasons(lang, &fields.get("why")),
        errors: vec![],
    })
}

fn seen(
    edge: &Edge,
    caller: &Caller,
    line: &Line,
    ticked: &[&str],
) -> Result<Option<InquirySeen>, HttpError> {
    let app = &edge.app;
    // Those taken out have their words still, for whoever may want them back.
    let stored = app.state.inquiries.at(line.seq)?;
    let Some(text) = stored.and_then(|it| it.row.facts.text) else { return Ok(None) };
    let topic = line.topic.and_then(|it| app.resolve(it));
    let row = topic.and_then(|it| app.state.topics.get(Topic::entity(it)));
    let name = row.map(|it| app.name_of(&it.row)).transpose()?.unwrap_or_default();
    let gap = topic.and_then(|it| app.state.gaps.get(Gap::entity(it)));
    let state = gap.map(|it| it.row.state.seen_at(app.now())).filter(|it| *it != GapState::New);
    let id = line.id.to_string();
    Ok(Some(InquirySeen {
        chosen: ticked.contains(&id.as_str()),
        id,
        text: text.as_str().to_owned(),
        day: edge.day(caller, line.asked),
        channel: line.channel.name().to_owned(),
        outcome: line.outcome.name().to_owned(),
        topic: topic.map(|it| (it.to_string(), name)),
        state: state.map(|it| it.name().name().to_owned()),
        reason: line.taken_out.map(|it| it.name().to_owned()),
    }))
}

fn choice(lang: Lang, value: &str, key: &str, is_chosen: bool) -> Choice {
    Choice { value: value.to_owned(), label: lang.text(key).to_owned(), chosen: is_chosen }
}

fn days(lang: Lang, fields: &Fields) -> FacetSeen {
    let sent = fields.get("days");
    let all = choice(lang, "", "facet.all", !DAYS.contains(&sent.as_str()));
    let back = DAYS.map(|it| Choice {
        value: it.to_owned(),
        label: lang.fill("facet.days_back", &[("n", it)]),
        chosen: sent == it,
    });
    let label = lang.text("facet.days").to_owned();
    FacetSeen { name: "days", label, choices: std::iter::once(all).chain(back).collect() }
}

fn under(lang: Lang, fields: &Fields) -> FacetSeen {
    let sent = fields.get("under");
    let is = |value: &str| sent == value;
    let choices = vec![
        choice(lang, "", "facet.all", !is("none") && !is("out")),
        choice(lang, "none", "facet.under_none", is("none")),
        choice(lang, "out", "facet.under_out", is("out")),
    ];
    FacetSeen { name: "under", label: lang.text("facet.under").to_owned(), choices }
}

/// What inquiries are told apart by beside the fixed lists.
fn placed(edge: &Edge, labels: &Labels, fields: &Fields) -> Vec<FacetSeen> {
    let lang = labels.lang();
    let desks: Vec<String> = {
        let columns = edge.app.state.inquiries.columns();
        columns.desks().iter().filter(|it| !it.is_empty()).map(ToString::to_string).collect()
    };
    let named = |name: &'static str, mut values: Vec<String>| {
        let sent = fields.get(name);
        // Desks stand by their names and are found by their keys, which old addresses have too.
        let label = |it: &str| match name {
            "desk" => labels.desk(it).to_owned(),
            _ => it.to_owned(),
        };
        values.sort_by_cached_key(|it| label(it));
        let all = choice(lang, "", "facet.all", !values.contains(&sent));
        let one = |it: String| Choice { chosen: it == sent, label: label(&it), value: it };
        let title = lang.text(&format!("facet.{name}")).to_owned();
        let choices = std::iter::once(all).chain(values.into_iter().map(one)).collect();
        FacetSeen { name, label: title, choices }
    };
    let mut facets = vec![];
    // One alone tells nothing apart.
    if 1 < desks.len() {
        facets.push(named("desk", desks));
    }
    let hosts = hosts(edge);
    if 1 < hosts.len() {
        facets.push(named("site", hosts));
    }
    facets.extend([days(lang, fields), under(lang, fields)]);
    facets
}

/// Why words are masked; one must be chosen.
fn mask_reasons(lang: Lang, sent: &str) -> Vec<Choice> {
    let why = |it: MaskWhy| {
        choice(lang, it.name(), &format!("inquiries.why_{}", it.name()), it.name() == sent)
    };
    let none = choice(lang, "", "inquiries.why_none", MaskWhy::parse(sent).is_none());
    std::iter::once(none).chain(MaskWhy::ALL.map(why)).collect()
}

fn reasons(lang: Lang, sent: &str) -> Vec<Choice> {
    let reason = |it: TakenOut| {
        choice(lang, it.name(), &format!("taken_out.{}", it.name()), it.name() == sent)
    };
    TakenOut::ALL.map(reason).into()
}

pub(in crate::http) async fn change(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let (field, key) = match take(&edge, &caller, &fields).await {
        Ok(told) => {
            edge.see_writes().await;
            // Back to the same list, which is where a step can be taken back.
            let address = build(&edge, &caller, &fields).await?.link(1);
            return Ok(Onward::to(address, edge.secure).saying(&told).into_response());
        }
        Err(DecisionOrHttp::Decision(DecisionError::Settings(_))) => {
            ("inquiry", "inquiries.wrong_n")
        }
        Err(DecisionOrHttp::Decision(DecisionError::Name)) => ("why", "inquiries.wrong_why"),
        Err(error) => super::place_fault(error)?,
    };
    let built = build(&edge, &caller, &fields).await?;
    let errors = vec![FieldError { field, text: caller.lang.text(key).to_owned() }];
    let filled = render(&InquiriesPage { errors, ..built });
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(filled)).into_response())
}

/// Takes a step; tells what to say.
async fn take(edge: &Edge, caller: &Caller, fields: &Fields) -> Result<Told, DecisionOrHttp> {
    let ids = super::chosen(fields)?;
    let (by, n) = (caller.by(), ids.len().to_string());
    let said = |key: &str| Told::new(key).with("n", &n);
    match fields.get("act").as_str() {
        "move" => {
            let to = fields.get("to").trim().to_uppercase().parse();
            let to: TopicNumber = to.map_err(|_| DecisionError::Unknown("topic"))?;
            edge.off_thread(move |app| app.place_inquiries(&ids, Some(to), by)).await??;
            Ok(said("inquiries.moved").with("topic", &to.to_string()))
        }
        "none" => {
            edge.off_thread(move |app| app.place_inquiries(&ids, None, by)).await??;
            Ok(said("inquiries.set_alone"))
        }
        "take_out" => {
            let reason = TakenOut::parse(&fields.get("reason")).ok_or(HttpError::Invalid)?;
            edge.off_thread(move |app| app.take_out_inquiries(&ids, Some(reason), by)).await??;
            Ok(said("inquiries.taken_out"))
        }
        act @ ("mask_names" | "hide_text") => {
            let why = MaskWhy::parse(&fields.get("why")).ok_or(DecisionError::Name)?;
            let how = if act == "mask_names" { MaskHow::Names } else { MaskHow::Text };
            let mask = move |app: &App| app.mask_inquiries(&ids, (how, why), by);
            let changed = edge.off_thread(mask).await??;
            Ok(Told::new("inquiries.masked").with("n", &changed.to_string()))
        }
        "keep_apart" => {
            let [one, other] = ids[..] else {
                return Err(DecisionError::Settings("two are kept apart").into());
            };
            let keep = move |app: &App| app.keep_inquiries_apart((one, other), by);
            let (one, other) = edge.off_thread(keep).await??;
            let told = Told::new("inquiries.kept_apart").with("one", &one.to_string());
            Ok(told.with("other", &other.to_string()))
        }
        "put_back" => {
            edge.off_thread(move |app| app.take_out_inquiries(&ids, None, by)).await??;
            Ok(said("inquiries.put_back"))
        }
        _ => Err(HttpError::Invalid.into()),
    }
}
