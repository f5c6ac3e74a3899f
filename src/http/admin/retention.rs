//! How long what is kept for, and what would go by it.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::{seen, version};
use crate::app::keeping::{Counts, Foreseen};
use crate::app::{Decider, DecisionError};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::{FieldError, RetentionPage, Term, WouldGo};
use crate::http::routes::To;
use crate::http::{Edge, page, stale, wrong};
use crate::organisation::{Retention, Settings};
use crate::schedule::{Job, Standing};

pub(in crate::http) async fn show(State(edge): State<Edge>, Extension(caller): Asking) -> Response {
    let kept = edge.app.state.settings().retention;
    page(&build(&edge, &caller, terms(|it| kept_for(kept, it).to_string())))
}

const NAMES: [&str; 4] = ["text_months", "author_days", "audit_months", "session_days"];

fn kept_for(kept: Retention, name: &str) -> u16 {
    match name {
        "text_months" => kept.text_months,
        "author_days" => kept.author_days,
        "audit_months" => kept.audit_months,
        _ => kept.session_days,
    }
}

fn terms(value: impl Fn(&str) -> String) -> Vec<Term> {
    let term = |name: &'static str| {
        let allowed = match name {
            "author_days" => Retention::DAYS,
            "session_days" => Retention::SESSION_DAYS,
            _ => Retention::MONTHS,
        };
        let usual = kept_for(Retention::default(), name);
        Term { name, value: value(name), usual, min: *allowed.start(), max: *allowed.end() }
    };
    NAMES.map(term).into()
}

fn build(edge: &Edge, caller: &Caller, terms: Vec<Term>) -> RetentionPage {
    let lang = caller.lang;
    let next = match edge.jobs.look(Job::Retention).standing {
        Standing::Waits(next) => {
            let at = edge.day_and_time(caller, next);
            lang.fill("retention.next", &[("at", at.as_str())])
        }
        Standing::Off => lang.text("retention.off").to_owned(),
        Standing::Due { .. } | Standing::Running | Standing::ClockBehind => String::new(),
    };
    RetentionPage {
        f: edge.frame(caller, "retention.title"),
        version: version(edge),
        terms,
        errors: vec![],
        would_go: None,
        next: Some(next).filter(|it| !it.is_empty()),
        conflict: false,
    }
}

/// Reads the times that a form asks for, or what is wrong with them.
fn read(caller: &Caller, terms: &[Term]) -> Result<Retention, Vec<FieldError>> {
    let mut errors = vec![];
    let mut number = |at: usize| {
        let Term { name, value, min, max, .. } = &terms[at];
        let typed: Option<u16> = value.trim().parse().ok();
        typed.filter(|it| (*min..=*max).contains(it)).unwrap_or_else(|| {
            let (low, high) = (min.to_string(), max.to_string());
            let limits = [("min", low.as_str()), ("max", high.as_str())];
            let text = caller.lang.fill("retention.wrong", &limits);
            errors.push(FieldError { field: name, text });
            *min
        })
    };
    let kept = Retention {
        text_months: number(0),
        author_days: number(1),
        audit_months: number(2),
        session_days: number(3),
    };
    if errors.is_empty() { Ok(kept) } else { Err(errors) }
}

pub(in crate::http) async fn change(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let who = Decider { by: caller.by(), version: seen(&fields)? };
    let typed = terms(|it| fields.get(it));
    let retention = match read(&caller, &typed) {
        Ok(retention) => retention,
        Err(errors) => {
            return Ok(wrong(&RetentionPage { errors, ..build(&edge, &caller, typed) }));
        }
    };
    if fields.get("change") == "count" {
        let foreseen = edge.off_thread(move |app| app.foresee(retention)).await?;
        let would_go = Some(would_go(foreseen.map_err(HttpError::internal)?));
        // What was typed is not set yet: the version stays the one that it was typed over.
        let version = who.version.unwrap_or_default();
        return Ok(page(&RetentionPage { would_go, version, ..build(&edge, &caller, typed) }));
    }
    let set = move |app: &crate::app::App| {
        let settings = Settings { retention, ..app.state.settings() };
        app.set_settings(settings, who)
    };
    match edge.off_thread(set).await? {
        Ok(_) => {
            edge.see_writes().await;
            let told = Told::new("retention.saved");
            Ok(edge.onward(To::Retention, &[]).saying(&told).into_response())
        }
        Err(DecisionError::Conflict) => {
            Ok(stale(&RetentionPage { conflict: true, ..build(&edge, &caller, typed) }))
        }
        Err(error) => Err(error.into()),
    }
}

fn would_go(Foreseen { due, is_clock_off }: Foreseen) -> WouldGo {
    let Counts { texts, authors, audit, words, sessions } = due;
    let counts = vec![
        ("texts", texts),
        ("words", words),
        ("authors", authors),
        ("audit", audit),
        ("sessions", sessions),
    ];
    WouldGo { counts, is_clock_off }
}
