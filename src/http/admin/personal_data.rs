//! What the last reading of the stored texts has found of persons, and what waits for a person.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::app::{ProposedText, Rescanned};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::{Part, PersonalDataPage, ProposalSeen};
use crate::http::routes::To;
use crate::http::{Edge, page};
use crate::id::Id;
use crate::inquiry::Inquiry;

/// So many are shown at once; the next come when these are done.
const PROPOSALS_MAX: usize = 20;

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
) -> Result<Response, HttpError> {
    let (run, proposals) = edge
        .off_thread(|app| app.proposals(PROPOSALS_MAX).map(|it| (app.rescanned(), it)))
        .await??;
    let seen = proposals.into_iter().map(|it| ProposalSeen {
        id: it.id.to_string(),
        texts: it.texts.iter().map(parts).collect(),
    });
    Ok(page(&PersonalDataPage { proposals: seen.collect(), ..build(&edge, &caller, &run) }))
}

fn build(edge: &Edge, caller: &Caller, run: &Rescanned) -> PersonalDataPage {
    let at = run.at.map(|at| edge.day_and_time(caller, at));
    let name = |kind: &str| caller.lang.text(&format!("personal_data.kind.{kind}")).to_owned();
    PersonalDataPage {
        f: edge.frame(caller, "personal_data.title"),
        last: at.map(|at| {
            let (read, masked) = (run.read.to_string(), run.masked.to_string());
            let values = [("at", at.as_str()), ("read", &read), ("masked", &masked)];
            caller.lang.fill("personal_data.last", &values)
        }),
        kinds: run.by_kind.iter().map(|(kind, n)| (name(kind.name()), *n)).collect(),
        waiting: run.waiting.len(),
        proposals: vec![],
    }
}

/// The text with its passages marked.
fn parts(it: &ProposedText) -> Vec<Part> {
    let mut parts = vec![];
    let mut end = 0;
    let mut push = |text: &str, marked| {
        if !text.is_empty() {
            parts.push(Part { text: text.to_owned(), marked });
        }
    };
    for found in &it.passages {
        push(&it.text[end..found.start], false);
        push(&it.text[found.start..found.end], true);
        end = found.end;
    }
    push(&it.text[end..], false);
    parts
}

pub(in crate::http) async fn decide(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let id: Id<Inquiry> = fields.get("id").parse().map_err(|_| HttpError::Invalid)?;
    let by = caller.by();
    let said = match fields.get("change").as_str() {
        "mask" => {
            edge.off_thread(move |app| app.mask_proposed(id, by)).await??;
            "personal_data.masked"
        }
        "let_be" => {
            edge.off_thread(move |app| app.let_be(id, by)).await??;
            "personal_data.left"
        }
        _ => return Err(HttpError::Invalid),
    };
    edge.see_writes().await;
    Ok(edge.onward(To::PersonalData, &[]).saying(&Told::new(said)).into_response())
}
