//! One gap: its evidence, and the steps in the work on it.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use jiff::{Timestamp, ToSpan};

use super::draft::draft;
use super::due;
use super::trend::trend;
use crate::app::{GapDetail, Mend, NearPassage, PageHealth};
use crate::gap::{Reworded, Verdict, past_year};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::Asking;
use crate::http::links::share::sharing;
use crate::http::log::lang_code;
use crate::http::pages::{
    Choice, CommentSeen, Counted, GapForms, GapPage, Happened, Near, Part, Passage, ProofSeen,
    Theirs, Wording, mark,
};
use crate::http::routes::To;
use crate::http::{Edge, page};
use crate::id::{Id, TopicNumber};
use crate::jobs::words;
use crate::lookup::excerpt;
use crate::people::Person;
use crate::review::{Return, State as GapState, grown};
use crate::schedule::Said;
use crate::topic::Topic;
use crate::week::last_day;

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

pub(in crate::http) async fn read(
    edge: &Edge,
    number: TopicNumber,
) -> Result<GapDetail, HttpError> {
    edge.off_thread(move |app| app.gap(number)).await??.ok_or(HttpError::NotFound)
}

pub(in crate::http) fn build(edge: &Edge, caller: &Caller, detail: GapDetail) -> GapPage {
    let topic = &detail.topic;
    let judgement = topic.verdict.as_ref().map(|it| &it.row.judgement);
    let missing = judgement.map(|it| it.evidence.missing.clone()).unwrap_or_default();
    let covered = judgement.map(|it| it.evidence.covered.clone()).unwrap_or_default();
    let reworded = judgement.map(|it| it.evidence.reworded.clone()).unwrap_or_default();
    let word = |on_page| {
        let detail = &detail;
        move |it: &String| Wording { on_page, ..wording(detail, it) }
    };
    let other = |it: &Reworded| Wording {
        says: Some(wording(&detail, &it.written)).map(|it| (it.word, it.asked, it.found)),
        ..wording(&detail, &it.asked)
    };
    let wordings = reworded.iter().map(other).chain(missing.iter().map(word(false)));
    let wordings = wordings.chain(covered.iter().map(word(true)));
    let staff = judgement.map(|it| (it.evidence.staff_page, it.evidence.staff_not_on_site));
    let demand = &topic.demand;
    let theirs = detail.words.iter().take(QUESTIONS_SHOWN).map(|it| Theirs {
        parts: mark(&it.text, &missing),
        day: edge.day(caller, it.asked),
        channel: it.channel.name().to_owned(),
        lang: lang_code(it.norm).to_owned(),
    });
    let labels = edge.labels(caller.lang);
    let of = |list: &str, code: &str| caller.lang.text(&format!("{list}.{code}")).to_owned();
    GapPage {
        f: edge.frame(caller, "gaps.title"),
        number: topic.number.to_string(),
        name: topic.name.clone(),
        words: topic.words.clone(),
        verdict: judgement.map(|it| it.verdict.name().to_owned()),
        state: topic.state.name().name().to_owned(),
        owner: detail.owner.clone(),
        due: topic.due.map(|it| due(edge, caller, it)),
        proof: proof(edge, caller, &detail),
        comments: comments(edge, caller, &detail),
        outlook: outlook(caller, &detail),
        draft: draft(edge, caller.lang, &detail).markdown(),
        state_says: state_says(edge, caller, &topic.state),
        linked: topic.state.address(),
        inquiries: demand.inquiries,
        last_28_days: demand.last_28_days,
        signals: (demand.searches, demand.feedback),
        first_last: (edge.day(caller, demand.first), edge.day(caller, demand.last)),
        trend: demand.trend.name().to_owned(),
        trend_weeks: trend(edge, caller, &detail),
        wordings: wordings.collect(),
        staff: staff.unwrap_or_default(),
        passages: detail.passages.iter().map(|it| near(edge, caller, (it, &detail))).collect(),
        questions: theirs.collect(),
        more_questions: detail.n_words.saturating_sub(QUESTIONS_SHOWN),
        counted_in: detail.words.len(),
        outcomes: counted(detail.outcomes.iter().map(|(it, n)| (of("outcome", it.name()), *n))),
        channels: counted(detail.channels.iter().map(|(it, n)| (labels.channel(*it), *n))),
        desks: counted(detail.desks.iter().map(|(it, n)| (labels.desk(it).to_owned(), *n))),
        notes: detail.words.iter().filter_map(|it| it.note.clone()).take(NOTES_SHOWN).collect(),
        history: history(edge, caller, &detail),
        sharing: sharing(edge, caller, topic.number),
        forms: forms(edge, caller, &detail),
    }
}

/// How often a word of the callers stands in their questions, and on the pages that come nearest.
fn wording(detail: &GapDetail, word: &str) -> Wording {
    let words = [word.to_owned()];
    let times = |text: &str| mark(text, &words).iter().filter(|it| it.marked).count();
    let asked = detail.words.iter().filter(|it| 0 < times(&it.text)).count();
    let found: usize = detail.texts.iter().map(|it| times(it)).sum();
    Wording { word: word.to_owned(), on_page: false, says: None, asked, found }
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

/// What the linked page was last seen to bring.
fn proof(edge: &Edge, caller: &Caller, detail: &GapDetail) -> Option<ProofSeen> {
    let row = &detail.gap.as_ref()?.row;
    let is_done = matches!(row.state, GapState::Done { .. });
    let look = edge.linked_pages.of(row.topic, row.state.since());
    let (look, fault) = match look.map(|it| (it.at, it.outcome)) {
        Some((_, Ok(proof))) => (Some(proof), None),
        Some((at, Err(said))) => (None, Some(not_read(edge, caller, (at, &said)))),
        None => (None, None),
    };
    // A gap that is open again keeps the proof that a crawl found; a look is newer.
    let newest = look.into_iter().chain(row.proof.clone()).max_by_key(|it| it.at);
    let Some(proof) = newest else {
        let waits = ProofSeen { waits: fault.is_none(), fault, ..ProofSeen::default() };
        return is_done.then_some(waits);
    };
    let inquiries = &edge.app.state.inquiries;
    let words = |id| {
        let seq = inquiries.columns().of_id(id).map(|it| it.seq)?;
        inquiries.words(seq).ok().flatten()
    };
    Some(ProofSeen {
        waits: false,
        fault,
        found: proof.found,
        of: proof.of,
        at: edge.day_and_time(caller, proof.at),
        lacks: edge.app.mend_of(row).ok().and_then(lacks),
        missing: proof.missing.iter().filter_map(|it| words(*it)).collect(),
    })
}

/// Why a linked page could not be read, and when that was.
fn not_read(edge: &Edge, caller: &Caller, (at, said): (Timestamp, &Said)) -> String {
    let name = said.key.trim_start_matches("crawl_fault.");
    // What is said of a whole site when its first page cannot be read is said of this page.
    let of_page = matches!(name, "address" | "status" | "moved" | "nothing");
    let key = if of_page { format!("page_fault.{name}") } else { said.key.clone() };
    let why = words::said(caller.lang, &Said { key, values: said.values.clone() });
    caller.lang.fill("gap.not_read", &[("at", &edge.day_and_time(caller, at)), ("why", &why)])
}

/// What keeps a linked page from being verified, as the key of a message.
fn lacks(mend: Mend) -> Option<&'static str> {
    match mend {
        Mend::Untouched => Some("gap.proof_untouched"),
        Mend::Beside => Some("gap.proof_beside"),
        Mend::Speaks => None,
    }
}

fn comments(edge: &Edge, caller: &Caller, detail: &GapDetail) -> Vec<CommentSeen> {
    let comments = detail.gap.iter().flat_map(|it| &it.row.comments);
    comments
        .map(|it| CommentSeen {
            at: edge.day_and_time(caller, it.at),
            by: it.by.and_then(|id| edge.app.person_name(id)).unwrap_or_default(),
            text: it.text.clone(),
        })
        .collect()
}

/// What the verdict asks the editor to do, with the words or the page that it is about.
fn outlook(caller: &Caller, detail: &GapDetail) -> Vec<String> {
    let lang = caller.lang;
    let Some(judged) = &detail.topic.verdict else { return vec![] };
    let evidence = &judged.row.judgement.evidence;
    let mut says = vec![];
    let lacking = evidence.lacking();
    let page = detail.passages.first().map(|it| it.0.title.clone());
    if let Some(page) = page {
        let key = match judged.row.judgement.verdict {
            Verdict::Missing | Verdict::Answered => None,
            Verdict::Partly => Some("gap.outlook_partly"),
            Verdict::HardToFind => Some("gap.outlook_hard"),
            Verdict::OtherNorm => Some("gap.outlook_norm"),
            Verdict::Outdated => Some("gap.outlook_outdated"),
        };
        says.extend(key.map(|key| lang.fill(key, &[("page", &page)])));
    }
    if !lacking.is_empty() {
        says.push(lang.fill("gap.outlook_words", &[("words", &lacking.join(", "))]));
    }
    says
}

fn editors(edge: &Edge, owner: Option<Id<Person>>) -> Vec<Choice> {
    let choice = |(id, name): (Id<Person>, String)| Choice {
        value: id.to_string(),
        label: name,
        chosen: owner == Some(id),
    };
    edge.app.editors().into_iter().map(choice).collect()
}

/// More about a state in a sentence.
fn state_says(edge: &Edge, caller: &Caller, state: &GapState) -> Option<String> {
    let lang = caller.lang;
    match state {
        GapState::New | GapState::Taken { .. } => None,
        GapState::Done { .. } => Some(lang.text("gap.says_linked").to_owned()),
        GapState::Verified { .. } => Some(lang.text("gap.says_verified").to_owned()),
        GapState::Dismissed { reason, .. } => {
            Some(lang.fill("gap.says_dismissed", &[("reason", reason)]))
        }
        GapState::Snoozed { until, .. } => {
            let day = edge.date(caller, last_day(*until, &edge.app.zone));
            Some(lang.fill("gap.says_snoozed", &[("day", &day)]))
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
    let owner = detail.topic.owner;
    let topic = edge.app.state.topics.get(Topic::entity(detail.topic.number));
    let answer = topic.and_then(|it| it.row.answer.clone());
    GapForms {
        version: detail.topic.gap_version,
        topic_version: detail.topic.version,
        answer: answer.map(|it| it.1).unwrap_or_default(),
        until_range: (day(1), day(365)),
        is_mine: owner.is_some() && owner == caller.by(),
        can_undo: detail.gap.as_ref().is_some_and(|it| it.row.can_undo()),
        editors: editors(edge, owner),
        day: detail
            .topic
            .due
            .map(|it| last_day(it, &edge.app.zone).to_string())
            .unwrap_or_default(),
        returns_at: grown(detail.topic.demand.last_28_days),
        ..GapForms::default()
    }
}
