//! Inquiries: found by their words and by what is known of them, changed one or many at a time.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::topics::ids;
use crate::app::{App, InquiryFilter, MaskHow, MaskWhy, Under};
use crate::http::api::masked_of_machine;
use crate::http::api::op::{Call, Given, List, Nothing, Page, Wrong, cursor};
use crate::http::api::shapes;
use crate::http::edge::HttpError;
use crate::http::log::{own_entry, said};
use crate::id::{Id, TopicNumber};
use crate::inquiry::{Channel, Entry, Inquiry, InquiryRow, Norm, Outcome, OutcomeName, TakenOut};
use crate::journal::Seq;
use crate::rows::Stored;

/// Which inquiries are wanted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct InquiriesAsked {
    /// Words that they have; the most alike come first.
    #[serde(default)]
    #[schemars(length(max = 200))]
    q: Option<String>,
    /// Only those under this topic.
    #[serde(default)]
    #[schemars(length(max = 40))]
    topic: Option<String>,
    /// Only those that came by this channel.
    #[serde(default)]
    #[schemars(schema_with = "shapes::channel")]
    channel: Option<Channel>,
    /// Only those that ended so.
    #[serde(default)]
    #[schemars(schema_with = "shapes::outcome")]
    outcome: Option<OutcomeName>,
    /// Only those in this norm.
    #[serde(default)]
    #[schemars(schema_with = "shapes::norm")]
    norm: Option<Norm>,
    /// Only those of this desk, by its key.
    #[serde(default)]
    #[schemars(length(max = 200))]
    desk: Option<String>,
    /// Only those whose topic's nearest page lies on this host.
    #[serde(default)]
    #[schemars(length(max = 200))]
    site: Option<String>,
    /// Only those of so many days.
    #[serde(default)]
    #[schemars(range(min = 1, max = 3650))]
    days: Option<u16>,
    /// `none`: only those under no topic; `out`: those that were taken out.
    #[serde(default)]
    under: Option<UnderAsked>,
    /// So many at a time; 50 when left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 500))]
    limit: Option<u16>,
    /// What follows a part that was told, as it stands in `next`.
    #[serde(default)]
    cursor: Option<String>,
}

/// Which place inquiries are wanted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::http) enum UnderAsked {
    /// Under no topic.
    None,
    /// Taken out of all counts.
    Out,
}

/// An inquiry. Who logged it is told to nobody.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct InquirySeen {
    id: String,
    /// The caller's words, masked; null for one that was only counted, or whose time is over.
    text: Option<String>,
    /// What was answered.
    note: Option<String>,
    asked: Timestamp,
    #[schemars(schema_with = "shapes::channel")]
    channel: &'static str,
    desk: String,
    #[schemars(schema_with = "shapes::norm")]
    norm: &'static str,
    #[schemars(schema_with = "shapes::outcome")]
    outcome: &'static str,
    /// The page that answered.
    page: Option<String>,
    /// The inquiry that it repeats.
    same_as: Option<String>,
    /// How many asked.
    count: u16,
    /// The topic that it is under.
    topic: Option<String>,
    /// Why it was taken out.
    #[schemars(schema_with = "shapes::taken_out_or_null")]
    taken_out: Option<&'static str>,
    /// Whether it was taken back.
    removed: bool,
    /// The version that a change is held against.
    version: u32,
}

fn seen(app: &App, it: &Stored<InquiryRow>) -> InquirySeen {
    let columns = app.state.inquiries.columns();
    let line = columns.line(it.first);
    let facts = &it.row.facts;
    let topic = it.row.topic.map(|it| app.resolve(it).unwrap_or(it));
    let (page, same_as) = match &facts.outcome {
        Outcome::Page { address } => (Some(address.clone()), None),
        Outcome::SameAs { inquiry } => (None, Some(inquiry.to_string())),
        _ => (None, None),
    };
    InquirySeen {
        id: Id::<Inquiry>::from_uuid(it.id).to_string(),
        text: facts.text.as_ref().map(|it| it.as_str().to_owned()),
        note: facts.note.as_ref().map(|it| it.as_str().to_owned()),
        asked: facts.asked,
        channel: facts.channel.name(),
        desk: facts.desk.clone(),
        norm: facts.norm.name(),
        outcome: facts.outcome.name().name(),
        page,
        same_as,
        count: facts.count,
        topic: topic.map(|it| it.to_string()),
        taken_out: line.and_then(|it| it.taken_out).map(TakenOut::name),
        removed: it.row.removed,
        version: it.version,
    }
}

impl InquiriesAsked {
    fn filter(&self, app: &App, before: Option<Seq>) -> Result<InquiryFilter, Wrong> {
        let unknown = || Wrong::field("topic", "there is no such topic");
        let under = match (&self.topic, self.under) {
            (Some(topic), _) => {
                let number: TopicNumber =
                    topic.trim().to_uppercase().parse().map_err(|_| unknown())?;
                Under::Topic(app.resolve(number).ok_or_else(unknown)?)
            }
            (None, Some(UnderAsked::None)) => Under::None,
            (None, Some(UnderAsked::Out) | None) => Under::Any,
        };
        let since = |it: u16| app.now() - SignedDuration::from_hours(24 * i64::from(it));
        Ok(InquiryFilter {
            text: self.q.clone().unwrap_or_default(),
            channel: self.channel,
            outcome: self.outcome,
            norm: self.norm,
            since: self.days.map(since),
            desk: self.desk.clone(),
            host: self.site.clone(),
            under,
            is_out: self.under == Some(UnderAsked::Out),
            before,
        })
    }
}

pub(in crate::http) async fn list(
    call: Call<InquiriesAsked>,
) -> Result<Given<List<InquirySeen>>, Wrong> {
    let page = Page::read(call.query.limit, call.query.cursor.as_deref())?;
    let is_by_words = call.query.q.as_deref().is_some_and(|it| !it.trim().is_empty());
    // The newest come first: those that were logged before the last one that was told follow.
    let before = page.after().and_then(|it| it.parse::<Seq>().ok());
    let (skip, before) = if is_by_words { (page.told(), None) } else { (0, before) };
    let filter = call.query.filter(&call.edge.app, before)?;
    let limit = page.limit;
    let read = move |app: &App| {
        let found = app.find_inquiries(&filter, (skip, limit))?;
        let mut items = vec![];
        for line in &found.lines {
            items.extend(app.state.inquiries.at(line.seq)?.map(|it| seen(app, &it)));
        }
        let last = found.lines.last().map(|it| it.seq);
        Ok::<_, Wrong>((items, found.total, last, found.is_down))
    };
    let (items, found, last, is_down) = call.run(read).await??;
    if is_down {
        return Err(HttpError::Busy.into());
    }
    let told = page.told() + items.len();
    let all = if is_by_words { found } else { page.told() + found };
    let last = last.filter(|_| told < all);
    let next = last.map(|it| cursor(told, &it.to_string()));
    Ok(call.list(items, Some(all), next))
}

async fn stored<Q, B>(call: &Call<Q, B>) -> Result<Stored<InquiryRow>, Wrong> {
    let id: Id<Inquiry> = call.last().parse().map_err(|_| HttpError::NotFound)?;
    let stored = call.run(move |app| app.state.inquiries.get(id)).await??;
    Ok(stored.ok_or(HttpError::NotFound)?)
}

pub(in crate::http) async fn one(call: Call) -> Result<Given<InquirySeen>, Wrong> {
    let given = any(call).await?;
    // Whoever logged it has taken it back: it is as if it never was.
    if given.body().removed && given.body().taken_out.is_none() {
        return Err(HttpError::NotFound.into());
    }
    Ok(given)
}

/// An inquiry, also one that was taken back: whoever did so is told how it stands.
pub(in crate::http) async fn any(call: Call) -> Result<Given<InquirySeen>, Wrong> {
    let stored = stored(&call).await?;
    let seen = seen(&call.edge.app, &stored);
    Ok(Given::at(seen, stored.version))
}

/// A change of what the asker has logged within the last day.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
pub(in crate::http) enum OwnChange {
    /// Other words; what is left out goes.
    Edit {
        /// At most 2,000 characters once what is personal is masked.
        #[serde(default)]
        text: Option<String>,
        /// As many at most.
        #[serde(default)]
        note: Option<String>,
    },
    /// What happened with it.
    Outcome {
        #[schemars(schema_with = "shapes::said_outcome")]
        outcome: OutcomeName,
    },
    /// The names in it are masked.
    MaskNames {},
    /// It is taken back.
    Undo {},
}

pub(in crate::http) async fn change_own(
    call: Call<Nothing, OwnChange>,
) -> Result<Option<String>, Wrong> {
    let by = call.by();
    let id = own_entry(&call.edge, &call.caller, call.last()).await?;
    let now = stored(&call).await?;
    if call.version.is_some_and(|it| it != now.version) {
        return Err(Wrong::Stale(None));
    }
    match &call.body {
        OwnChange::Edit { text, note } => {
            let typed = |it: &Option<String>| {
                let it = it.clone().filter(|it| !it.trim().is_empty())?;
                Some(masked_of_machine(&call.edge, &call.caller, it))
            };
            let (text, note) = (typed(text), typed(note));
            let change = move |app: &App| {
                app.edit_inquiry(id, |entry| match entry.text {
                    Some(_) => Entry { text, note, counts_only: false, ..entry },
                    None => Entry { note, ..entry },
                })
            };
            call.run(change).await??;
        }
        OwnChange::Outcome { outcome } => {
            let says = "this one follows from what was logged";
            let outcome = said(*outcome).ok_or_else(|| Wrong::field("outcome", says))?;
            call.run(move |app| app.edit_inquiry(id, |it| Entry { outcome, ..it })).await??;
        }
        OwnChange::MaskNames {} => drop(call.run(move |app| app.mask_names(id, by)).await??),
        OwnChange::Undo {} => drop(call.run(move |app| app.set_removed(id, true, by)).await??),
    }
    Ok(None)
}

/// What is done with many inquiries, all or none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub(in crate::http) enum ManyChange {
    /// They go under a topic.
    Move {
        #[schemars(length(min = 1, max = 500))]
        inquiries: Vec<String>,
        /// The topic's number.
        #[schemars(length(max = 40))]
        to: String,
    },
    /// They go under none.
    SetAlone {
        #[schemars(length(min = 1, max = 500))]
        inquiries: Vec<String>,
    },
    /// They are taken out of all counts.
    TakeOut {
        #[schemars(length(min = 1, max = 500))]
        inquiries: Vec<String>,
        #[schemars(schema_with = "shapes::taken_out")]
        reason: TakenOut,
    },
    /// They count again.
    PutBack {
        #[schemars(length(min = 1, max = 500))]
        inquiries: Vec<String>,
    },
    /// The names in them are masked.
    MaskNames {
        #[schemars(length(min = 1, max = 500))]
        inquiries: Vec<String>,
        #[schemars(schema_with = "shapes::mask_why")]
        why: String,
    },
    /// Their words are hidden.
    HideText {
        #[schemars(length(min = 1, max = 500))]
        inquiries: Vec<String>,
        #[schemars(schema_with = "shapes::mask_why")]
        why: String,
    },
    /// The topics of two are kept apart.
    KeepApart {
        #[schemars(length(min = 2, max = 2))]
        inquiries: Vec<String>,
    },
}

#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct Changed {
    changed: usize,
}

fn chosen<T>(done: Result<T, crate::app::DecisionError>) -> Result<T, Wrong> {
    use crate::app::DecisionError as E;
    done.map_err(|error| match error {
        E::Unknown("topic") => Wrong::field("to", "there is no such topic"),
        E::Unknown(what) => Wrong::field("inquiries", format!("there is no such {what}")),
        E::Settings(says) => Wrong::field("inquiries", says),
        error => error.into(),
    })
}

pub(in crate::http) async fn change_many(
    call: Call<Nothing, ManyChange>,
) -> Result<Given<Changed>, Wrong> {
    let by = call.by();
    let place = move |app: &App, ids: &[Id<Inquiry>], to| app.place_inquiries(ids, to, by);
    let changed = match &call.body {
        ManyChange::Move { inquiries, to } => {
            let to: TopicNumber = to
                .trim()
                .to_uppercase()
                .parse()
                .map_err(|_| Wrong::field("to", "it is no topic's number, such as T12"))?;
            let ids = ids::<Inquiry>(inquiries)?;
            chosen(call.run(move |app| place(app, &ids, Some(to)).map(|_| ids.len())).await?)?
        }
        ManyChange::SetAlone { inquiries } => {
            let ids = ids::<Inquiry>(inquiries)?;
            chosen(call.run(move |app| place(app, &ids, None).map(|_| ids.len())).await?)?
        }
        ManyChange::TakeOut { inquiries, reason } => {
            let (ids, reason) = (ids::<Inquiry>(inquiries)?, Some(*reason));
            let out = move |app: &App| app.take_out_inquiries(&ids, reason, by).map(|_| ids.len());
            chosen(call.run(out).await?)?
        }
        ManyChange::PutBack { inquiries } => {
            let ids = ids::<Inquiry>(inquiries)?;
            let back = move |app: &App| app.take_out_inquiries(&ids, None, by).map(|_| ids.len());
            chosen(call.run(back).await?)?
        }
        ManyChange::MaskNames { inquiries, why } => {
            mask(&call, inquiries, (MaskHow::Names, why)).await?
        }
        ManyChange::HideText { inquiries, why } => {
            mask(&call, inquiries, (MaskHow::Text, why)).await?
        }
        ManyChange::KeepApart { inquiries } => {
            let [one, other] = ids::<Inquiry>(inquiries)?[..] else {
                return Err(Wrong::field("inquiries", "two are kept apart"));
            };
            let keep = move |app: &App| app.keep_inquiries_apart((one, other), by);
            chosen(call.run(keep).await?)?;
            2
        }
    };
    Ok(Given::new(Changed { changed }))
}

async fn mask(
    call: &Call<Nothing, ManyChange>,
    inquiries: &[String],
    (how, why): (MaskHow, &str),
) -> Result<usize, Wrong> {
    let (ids, by) = (ids::<Inquiry>(inquiries)?, call.by());
    let why = MaskWhy::parse(why).ok_or_else(|| Wrong::field("why", "there is no such reason"))?;
    chosen(call.run(move |app| app.mask_inquiries(&ids, (how, why), by)).await?)
}
