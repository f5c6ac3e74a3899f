//! Webhooks: made, shown with their last answer, tested, made to go on, taken away.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use uuid::Uuid;

use crate::app::{HookSecret, OutError};
use crate::hook::{Happening, Hook, HookAnswer, HookFacts, HookRow};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::{Choice, FieldError, HookForm, HookSeen, HooksPage, TestSeen};
use crate::http::routes::To;
use crate::http::{Edge, page, wrong};
use crate::id::Id;
use crate::messages::Lang;
use crate::rows::Stored;

/// So long a test is waited for; a slower answer stands on the page the next time.
const TEST_WAIT: Duration = Duration::from_secs(2);

/// What came of the last test of each webhook, and when it was sent; in memory alone.
#[derive(Debug, Default)]
pub(in crate::http) struct Tests(Mutex<BTreeMap<Uuid, (Timestamp, Option<Said>)>>);

type Said = (HookAnswer, String);

impl Tests {
    fn put(&self, hook: Uuid, at: Timestamp, said: Option<Said>) {
        let Self(tests) = self;
        tests.lock().unwrap_or_else(PoisonError::into_inner).insert(hook, (at, said));
    }

    fn get(&self, hook: Uuid) -> Option<(Timestamp, Option<Said>)> {
        let Self(tests) = self;
        tests.lock().unwrap_or_else(PoisonError::into_inner).get(&hook).cloned()
    }
}

pub(in crate::http) async fn show(State(edge): State<Edge>, Extension(caller): Asking) -> Response {
    page(&build(&edge, &caller, &Fields::default()))
}

fn build(edge: &Edge, caller: &Caller, fields: &Fields) -> HooksPage {
    let hooks = edge.app.hooks();
    HooksPage {
        f: edge.frame(caller, "hooks.title"),
        hooks: hooks.iter().map(|it| seen(edge, caller, it)).collect(),
        form: form(caller.lang, fields),
        made: None,
    }
}

fn seen(edge: &Edge, caller: &Caller, stored: &Stored<HookRow>) -> HookSeen {
    let HookRow { facts, by, made, waiting, last, stopped, .. } = &stored.row;
    let test = edge.hook_tests.get(stored.id).map(|(at, said)| TestSeen {
        at: edge.day_and_time(caller, at),
        says: said.as_ref().map(|it| answer(caller.lang, it.0)),
        beginning: said.map(|it| it.1).unwrap_or_default(),
    });
    HookSeen {
        id: Id::<Hook>::from_uuid(stored.id).to_string(),
        address: facts.address.clone(),
        of: facts.of.iter().map(|it| it.name()).collect(),
        state: match (stopped, waiting.is_empty()) {
            (Some(_), _) => "stopped",
            (None, false) => "waiting",
            (None, true) => "open",
        },
        made: edge.day(caller, *made),
        by: by.and_then(|it| edge.app.person_name(it)),
        last: last.map(|(at, it)| (edge.day_and_time(caller, at), answer(caller.lang, it))),
        waiting: waiting.len(),
        test,
    }
}

/// What came back, in words.
fn answer(lang: Lang, answer: HookAnswer) -> String {
    match answer {
        HookAnswer::Status(status) => {
            let key = if answer.is_taken() { "hooks.taken" } else { "hooks.not_taken" };
            lang.fill(key, &[("status", &status.to_string())])
        }
        HookAnswer::None(why) => lang.text(&format!("hooks.fault.{}", why.name())).to_owned(),
    }
}

fn form(lang: Lang, fields: &Fields) -> HookForm {
    let chosen = fields.all("of");
    let is_fresh = fields.get("change").is_empty();
    let choice = |it: Happening| Choice {
        value: it.name().to_owned(),
        label: lang.text(&format!("hooks.of.{}", it.name())).to_owned(),
        chosen: is_fresh || chosen.contains(&it.name()),
    };
    HookForm {
        address: fields.get("address"),
        of: Happening::ALL.map(choice).into(),
        allow_private: fields.get("allow_private") == "yes",
        errors: vec![],
    }
}

pub(in crate::http) async fn change(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let by = caller.by();
    let id = || fields.get("id").parse::<Id<Hook>>().map_err(|_| HttpError::NotFound);
    let done = match fields.get("change").as_str() {
        "add" => return add(&edge, &caller, &fields).await,
        "renew" => {
            let id = id()?;
            let secret = edge.off_thread(move |app| app.renew_hook(id, by)).await??;
            return shown(&edge, &caller, id, &secret).await;
        }
        "test" => {
            let id = id()?;
            test(&edge, id).await?;
            "hooks.was_tested"
        }
        "resume" => {
            let id = id()?;
            edge.off_thread(move |app| app.resume_hook(id, by)).await??;
            let jobs = Arc::clone(&edge.jobs);
            tokio::spawn(async move { jobs.tell_hooks().await });
            "hooks.was_resumed"
        }
        "remove" => {
            let id = id()?;
            edge.off_thread(move |app| app.remove_hook(id, by)).await??;
            "hooks.was_removed"
        }
        _ => return Err(HttpError::Invalid),
    };
    edge.see_writes().await;
    Ok(edge.onward(To::Hooks, &[]).saying(&Told::new(done)).into_response())
}

/// Makes a webhook. The answer shows its secret, and no page after that can.
async fn add(edge: &Edge, caller: &Caller, fields: &Fields) -> Result<Response, HttpError> {
    let of = fields.all("of").into_iter().map(|it| Happening::parse(it).ok_or(HttpError::Invalid));
    let facts = HookFacts {
        address: fields.get("address"),
        of: of.collect::<Result<_, _>>()?,
        allow_private: fields.get("allow_private") == "yes",
    };
    let (by, address) = (caller.by(), facts.address.trim().to_owned());
    let (field, key) = match edge.off_thread(move |app| app.make_hook(facts, by)).await? {
        Ok(secret) => {
            edge.see_writes().await;
            let built = build(edge, caller, &Fields::default());
            let made = Some((address, secret.as_str().to_owned()));
            return Ok(page(&HooksPage { made, ..built }));
        }
        Err(OutError::Address) => ("address", "hooks.wrong_address"),
        Err(OutError::Nothing) => ("of", "hooks.wrong_of"),
        Err(OutError::TooMany) => ("address", "hooks.too_many"),
        Err(error) => return Err(error.into()),
    };
    let mut built = build(edge, caller, fields);
    built.form.errors = vec![FieldError { field, text: caller.lang.text(key).to_owned() }];
    Ok(wrong(&built))
}

async fn shown(
    edge: &Edge,
    caller: &Caller,
    id: Id<Hook>,
    secret: &HookSecret,
) -> Result<Response, HttpError> {
    edge.see_writes().await;
    let row = edge.app.state.hooks.get(id.uuid()).ok_or(HttpError::NotFound)?;
    let made = Some((row.row.facts.address.clone(), secret.as_str().to_owned()));
    Ok(page(&HooksPage { made, ..build(edge, caller, &Fields::default()) }))
}

/// Sends a test beside the answer, and waits for what comes back for a moment only.
pub(in crate::http) async fn test(edge: &Edge, id: Id<Hook>) -> Result<(), HttpError> {
    let message = edge.off_thread(move |app| app.test_message(id)).await??;
    let (at, tests) = (edge.app.now(), Arc::clone(&edge.hook_tests));
    tests.put(id.uuid(), at, None);
    let app = Arc::clone(&edge.app);
    let sent = tokio::spawn(async move {
        let said = app.send_message(&message).await;
        tests.put(id.uuid(), at, Some(said));
    });
    drop(tokio::time::timeout(TEST_WAIT, sent).await);
    Ok(())
}
