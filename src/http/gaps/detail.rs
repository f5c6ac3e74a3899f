//! One gap: its evidence, and the steps in the work on it.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::app::{Decider, DecisionError, GapDetail, NearPassage, PageHealth};
use crate::gap::{Reworded, past_year};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::{Onward, Told};
use crate::http::log::lang_code;
use crate::http::pages::{
    Chart, Counted, FieldError, GapForms, GapPage, Happened, Near, Part, Passage, Theirs, Wording,
    mark,
};
use crate::http::routes::To;
use crate::http::{Edge, page, stale, wrong};
use crate::id::TopicNumber;
use crate::lookup::excerpt;
use crate::review::{DecideError, GapRow, Return, State as GapState, Step, StepName};
use crate::topic::Topic;
use crate::week::Week;

/// So many questions stand on the page.
const QUESTIONS_SHOWN: usize = 20;
/// So many of the colleagues' notes.
const NOTES_SHOWN: usize = 8;
/// So much of a passage is shown.
const EXCERPT_CHARS: usize = 420;

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(number): Path<String>,
) -> Result<Response, HttpError> {
    let wanted: TopicNumber = number.parse().map_err(|_| HttpError::NotFound)?;
    let detail = read(&edge, wanted).await?;
    if detail.topic.number.to_string() != number {
        // A topic that was merged, or a number written otherwise.
        return Ok(edge.onward(To::Gap, &[&detail.topic.number.to_string()]).into_response());
    }
    Ok(page(&build(&edge, &caller, detail)))
}

async fn read(edge: &Edge, number: TopicNumber) -> Result<GapDetail, HttpError> {
    edge.off_thread(move |app| app.gap(number)).await??.ok_or(HttpError::NotFound)
}

fn build(edge: &Edge, caller: &Caller, detail: GapDetail) -> GapPage {
    let topic = &detail.topic;
    let judgement = topic.verdict.as_ref().map(|it| &it.row.judgement);
    let missing = judgement.map(|it| it.evidence.missing.clone()).unwrap_or_default();
    let covered = judgement.map(|it| it.evidence.covered.clone()).unwrap_or_default();
    let reworded = judgement.map(|it| it.evidence.reworded.clone()).unwrap_or_default();
    let word = |on_page| move |it: &String| Wording { word: it.clone(), on_page, says: None };
    let other = |it: &Reworded| Wording {
        word: it.asked.clone(),
        on_page: false,
        says: Some(it.written.clone()),
    };
    let wordings = reworded.iter().map(other).chain(missing.iter().map(word(false)));
    let wordings = wordings.chain(covered.iter().map(word(true)));
    let staff = judgement.map(|it| (it.evidence.staff_page, it.evidence.staff_not_on_site));
    let demand = &topic.demand;
    let n_questions = detail.words.len();
    let theirs = detail.words.iter().take(QUESTIONS_SHOWN).map(|it| Theirs {
        parts: mark(&it.text, &missing),
        day: edge.day(caller, it.asked),
        channel: it.channel.name().to_owned(),
        lang: lang_code(it.norm).to_owned(),
    });
    let of = |list: &str, code: &str| caller.lang.text(&format!("{list}.{code}")).to_owned();
    GapPage {
        f: edge.frame(caller, "gaps.title"),
        number: topic.number.to_string(),
        name: topic.name.clone(),
        words: topic.words.clone(),
        verdict: judgement.map(|it| it.verdict.name().to_owned()),
        state: topic.state.name().name().to_owned(),
        owner: detail.owner.clone(),
        state_says: state_says(edge, caller, &topic.state),
        linked: topic.state.address(),
        inquiries: demand.inquiries,
        last_28_days: demand.last_28_days,
        signals: (demand.searches, demand.feedback),
        first_last: (edge.day(caller, demand.first), edge.day(caller, demand.last)),
        trend: demand.trend.name().to_owned(),
        chart: Chart::new(&demand.weeks, Week::of(edge.app.now(), &edge.app.zone)),
        wordings: wordings.collect(),
        staff: staff.unwrap_or_default(),
        passages: detail.passages.iter().map(|it| near(edge, caller, (it, &detail))).collect(),
        questions: theirs.collect(),
        more_questions: n_questions.saturating_sub(QUESTIONS_SHOWN),
        outcomes: counted(detail.outcomes.iter().map(|(it, n)| (of("outcome", it.name()), *n))),
        channels: counted(detail.channels.iter().map(|(it, n)| (of("channel", it.name()), *n))),
        desks: counted(detail.desks.iter().map(|(it, n)| (it.clone(), *n))),
        notes: detail.words.iter().filter_map(|it| it.note.clone()).take(NOTES_SHOWN).collect(),
        history: history(edge, caller, &detail),
        forms: forms(edge, caller, &detail),
    }
}

fn near(
    edge: &Edge,
    caller: &Caller,
    ((passage, page), detail): (&(NearPassage, PageHealth), &GapDetail),
) -> Near {
    let questions: Vec<&str> = detail.words.iter().take(8).map(|it| it.text.as_str()).collect();
    let pieces = excerpt(&passage.text, &questions.join(" "), EXCERPT_CHARS);
    let same = passage.heading == passage.title;
    let about = about(edge, caller, (passage, page));
    let passage = Passage {
        address: passage.address.clone(),
        title: passage.title.clone(),
        heading: if same { String::new() } else { passage.heading.clone() },
        parts: pieces.into_iter().map(|it| Part { text: it.text, marked: it.matches }).collect(),
        lang: lang_code(passage.norm).to_owned(),
    };
    Near { passage, about }
}

/// What speaks for and against a page's still being right.
fn about(
    edge: &Edge,
    caller: &Caller,
    (passage, page): (&NearPassage, &PageHealth),
) -> Vec<(String, bool)> {
    let lang = caller.lang;
    let mut about = vec![];
    let headings = [passage.title.as_str(), passage.heading.as_str()];
    let this_year = edge.app.now().to_zoned(edge.app.zone.clone()).year();
    if let Some(year) = past_year(headings.into_iter(), this_year) {
        about.push((lang.fill("gap.page_year", &[("year", &year.to_string())]), true));
    }
    if let Some(changed) = page.changed {
        let key = if page.is_untouched { "gap.page_untouched" } else { "gap.page_changed" };
        let day = edge.day(caller, changed);
        about.push((lang.fill(key, &[("at", &day)]), page.is_untouched));
    }
    if let Some((since, why)) = &page.trouble {
        let day = edge.day(caller, *since);
        let values = [("at", day.as_str()), ("why", &why.says(lang))];
        about.push((lang.fill("gap.page_trouble", &values), true));
    }
    if let Some(first) = page.dead.first() {
        let n = page.dead.len() as u64;
        about.push((lang.count("gap.page_dead", n).replace("{first}", first), true));
    }
    about
}

/// Counts with their share of the largest, the largest first.
fn counted(counts: impl Iterator<Item = (String, u32)>) -> Vec<Counted> {
    let mut counts: Vec<(String, u32)> = counts.filter(|it| 0 < it.1).collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let max = counts.first().map_or(1, |it| it.1.max(1));
    let line = |(label, count): (String, u32)| {
        let percent = u64::from(count) * 100 / u64::from(max);
        Counted { label, count, percent: u32::try_from(percent).unwrap_or(100) }
    };
    counts.into_iter().map(line).collect()
}

fn history(edge: &Edge, caller: &Caller, detail: &GapDetail) -> Vec<Happened> {
    let steps = detail.gap.iter().flat_map(|it| it.row.history.iter().rev());
    steps
        .map(|it| Happened {
            at: edge.day_and_time(caller, it.at),
            step: it.step.name().to_owned(),
            by: it.by.and_then(|id| edge.app.person_name(id)),
        })
        .collect()
}

/// More about a state in a sentence.
fn state_says(edge: &Edge, caller: &Caller, state: &GapState) -> Option<String> {
    let lang = caller.lang;
    match state {
        GapState::New | GapState::Taken { .. } => None,
        GapState::Done { .. } => Some(lang.text("gap.says_done").to_owned()),
        GapState::Verified { .. } => Some(lang.text("gap.says_verified").to_owned()),
        GapState::Dismissed { reason, .. } => {
            Some(lang.fill("gap.says_dismissed", &[("reason", reason)]))
        }
        GapState::Snoozed { until, .. } => {
            Some(lang.fill("gap.says_snoozed", &[("day", &edge.day(caller, *until))]))
        }
        GapState::Reopened { why, .. } => why.map(|why| match why {
            Return::KeepsComing { inquiries } => {
                lang.fill("gap.says_keeps_coming", &[("n", &inquiries.to_string())])
            }
            Return::NoLongerAnswers => lang.text("gap.says_no_longer").to_owned(),
            Return::Grown { inquiries } => {
                lang.fill("gap.says_grown", &[("n", &inquiries.to_string())])
            }
        }),
    }
}

fn forms(edge: &Edge, caller: &Caller, detail: &GapDetail) -> GapForms {
    let today = edge.app.now().to_zoned(edge.app.zone.clone()).date();
    let day = |days: i32| today.checked_add(days.days()).unwrap_or(today).to_string();
    let owner = match detail.topic.state {
        GapState::Taken { owner, .. } => Some(owner),
        GapState::New
        | GapState::Done { .. }
        | GapState::Verified { .. }
        | GapState::Reopened { .. }
        | GapState::Dismissed { .. }
        | GapState::Snoozed { .. } => None,
    };
    let topic = edge.app.state.topics.get(Topic::entity(detail.topic.number));
    let answer = topic.and_then(|it| it.row.answer.clone());
    GapForms {
        version: detail.topic.gap_version,
        topic_version: detail.topic.version,
        answer: answer.map(|it| it.1).unwrap_or_default(),
        until_range: (day(1), day(365)),
        is_mine: owner.is_some() && owner == caller.by(),
        can_undo: detail.gap.as_ref().is_some_and(|it| can_undo(&it.row)),
        ..GapForms::default()
    }
}

/// Reads the step that a form asks for.
fn read_step(edge: &Edge, caller: &Caller, fields: &Fields, n: u32) -> Result<Step, HttpError> {
    match fields.get("step").as_str() {
        "take" => Ok(Step::Take { owner: caller.by().ok_or(HttpError::SignIn)? }),
        "release" => Ok(Step::Release),
        "link_page" => Ok(Step::LinkPage { address: fields.get("address").trim().to_owned() }),
        "dismiss" => {
            let reason = fields.get("reason").trim().to_owned();
            Ok(Step::Dismiss { reason, inquiries: n })
        }
        "snooze" => Ok(Step::Snooze { until: end_of(edge, &fields.get("until")) }),
        "reopen" => Ok(Step::Reopen),
        "undo" => Ok(Step::Undo),
        _ => Err(HttpError::Invalid),
    }
}

/// The end of a day, on the organisation's calendar; a day that is none lies in the past.
fn end_of(edge: &Edge, day: &str) -> Timestamp {
    let next = day.parse::<Date>().ok().and_then(|it| it.tomorrow().ok());
    let start = next.and_then(|it| it.to_zoned(edge.app.zone.clone()).ok());
    start.map_or(Timestamp::UNIX_EPOCH, |it| it.timestamp())
}

pub(in crate::http) async fn decide(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, HttpError> {
    let number: TopicNumber = number.parse().map_err(|_| HttpError::NotFound)?;
    let detail = read(&edge, number).await?;
    let step = read_step(&edge, &caller, &fields, detail.topic.demand.inquiries)?;
    let who = Decider { by: caller.by(), version: Some(fields.version()?) };
    let name = step.name().name();
    let linked = match &step {
        Step::LinkPage { address } => Some(address.clone()),
        _ => None,
    };
    match edge.off_thread(move |app| app.step(number, step, who)).await? {
        Ok(_) => {
            edge.see_writes().await;
            if let Some(address) = linked {
                read_linked(&edge, &caller, (number, address));
            }
            Ok(done(&edge, &caller, number, name).into_response())
        }
        Err(DecisionError::Decide(error)) => {
            let wrong_page = filled(&edge, &caller, detail, &fields);
            let errors = vec![step_error(&caller, error)?];
            Ok(wrong(&GapPage { forms: GapForms { errors, ..wrong_page.forms }, ..wrong_page }))
        }
        Err(DecisionError::Conflict) => {
            let theirs = read(&edge, number).await?;
            let stale_page = filled(&edge, &caller, theirs, &fields);
            let conflict = Some(name.to_owned());
            Ok(stale(&GapPage { forms: GapForms { conflict, ..stale_page.forms }, ..stale_page }))
        }
        Err(error) => Err(error.into()),
    }
}

/// Has the page read that was linked, beside the answer: nobody waits for a website.
fn read_linked(edge: &Edge, caller: &Caller, (number, address): (TopicNumber, String)) {
    let (edge, by) = (edge.clone(), caller.by());
    tokio::spawn(async move {
        let read = edge.app.read_linked_page((number, &address), (edge.jobs.parser(), by));
        if let Err(error) = read.await {
            tracing::info!(%error, "the linked page waits for the next crawl");
        }
    });
}

fn done(edge: &Edge, caller: &Caller, number: TopicNumber, step: &str) -> Onward {
    let says = caller.lang.text(&format!("step.{step}")).to_owned();
    let told = Told::new("gap.saved").with("step", &says);
    edge.onward(To::Gap, &[&number.to_string()]).saying(&told)
}

/// The page as it stands now with what the person typed.
fn filled(edge: &Edge, caller: &Caller, detail: GapDetail, fields: &Fields) -> GapPage {
    let built = build(edge, caller, detail);
    let forms = GapForms {
        address: fields.get("address"),
        reason: fields.get("reason"),
        until: fields.get("until"),
        ..built.forms
    };
    GapPage { forms, ..built }
}

fn step_error(caller: &Caller, error: DecideError) -> Result<FieldError, HttpError> {
    let at = |field, key: &str| Ok(FieldError { field, text: caller.lang.text(key).to_owned() });
    match error {
        DecideError::Reason => at("reason", "gap.wrong_reason"),
        DecideError::Until => at("until", "gap.wrong_until"),
        DecideError::Address => at("address", "gap.wrong_address"),
        DecideError::NotForPeople | DecideError::NothingToUndo => Err(HttpError::Conflict),
    }
}

/// A step can be undone once: undoing the undoing would only turn it back and forth.
fn can_undo(row: &GapRow) -> bool {
    let was_undone = row.history.last().is_some_and(|it| it.step == StepName::Undo);
    row.before != row.state && !was_undone
}
