//! What the last reading of the stored texts has found of persons, and what waits for somebody.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::http::api::op::{Call, Given, Nothing, Wrong};
use crate::http::edge::HttpError;
use crate::id::Id;
use crate::inquiry::Inquiry;

/// So many of those that wait are told.
const WAITING_SHOWN: usize = 50;

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct FindingsSeen {
    /// When the texts were last read.
    at: Option<Timestamp>,
    read: u64,
    masked: u64,
    /// Passages of each kind.
    kinds: BTreeMap<&'static str, u64>,
    /// How many inquiries wait for somebody.
    waiting: usize,
    /// The first of them.
    items: Vec<FindingSeen>,
}

/// An inquiry that waits for somebody.
#[derive(Debug, Serialize, JsonSchema)]
struct FindingSeen {
    inquiry: String,
    texts: Vec<String>,
    /// What may be personal in them.
    passages: Vec<String>,
}

/// What is decided about a finding.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum FindingChange {
    /// It is masked.
    Mask,
    /// It stays.
    LetBe,
}

/// A decision about a finding.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct FindingStep {
    change: FindingChange,
}

pub(in crate::http) async fn list(call: Call) -> Result<Given<FindingsSeen>, Wrong> {
    let read = |app: &crate::app::App| app.proposals(WAITING_SHOWN).map(|it| (app.rescanned(), it));
    let (run, proposals) = call.run(read).await??;
    let items = proposals.into_iter().map(|it| FindingSeen {
        inquiry: it.id.to_string(),
        passages: it
            .texts
            .iter()
            .flat_map(|text| text.passages.iter().map(|it| &text.text[it.start..it.end]))
            .map(str::to_owned)
            .collect(),
        texts: it.texts.into_iter().map(|it| it.text).collect(),
    });
    Ok(Given::new(FindingsSeen {
        at: run.at,
        read: run.read,
        masked: run.masked,
        kinds: run.by_kind.iter().map(|(kind, n)| (kind.name(), *n)).collect(),
        waiting: run.waiting.len(),
        items: items.collect(),
    }))
}

pub(in crate::http) async fn decide(
    call: Call<Nothing, FindingStep>,
) -> Result<Given<FindingsSeen>, Wrong> {
    let id = call.path.first().map_or("", String::as_str);
    let (id, by): (Id<Inquiry>, _) = (id.parse().map_err(|_| HttpError::NotFound)?, call.by());
    match call.body.change {
        FindingChange::Mask => call.run(move |app| app.mask_proposed(id, by)).await??,
        FindingChange::LetBe => call.run(move |app| app.let_be(id, by)).await??,
    }
    call.edge.see_writes().await;
    list(call.again()).await
}
