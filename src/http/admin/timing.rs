//! How long logging takes, as screens have told it: of all together, or not at all.

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::json;

use crate::app::TIMING_WEEKS;
use crate::http::api::{body, check_token};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::Asking;
use crate::http::pages::{Curve, TimingFigures, TimingPage};
use crate::http::{Edge, page};
use crate::inquiry::{Lengths, Times, Took};
use crate::messages::Lang;

/// Below so many entries nothing is told: it would be of one or two persons and their day.
pub(in crate::http) const ENTRIES_MIN: u64 = 20;
/// The curve ends here.
const CURVE_MS: u32 = 30_000;
/// The lines of the table.
pub(in crate::http) const ROWS_SECONDS: [u32; 8] = [1, 2, 3, 5, 10, 20, 30, 60];

/// What one entry took, as the log screen has measured it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Measured {
    total_ms: u32,
    beyond_ms: u32,
}

/// Counts how long one entry took. Which, and whose it was, is not asked.
pub(in crate::http) async fn count(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    headers: HeaderMap,
    sent: Result<Json<Measured>, JsonRejection>,
) -> Result<Response, HttpError> {
    check_token(&caller, &headers)?;
    let Measured { total_ms, beyond_ms } = body(sent)?;
    let took = Took::new(total_ms, beyond_ms).ok_or(HttpError::Invalid)?;
    edge.off_thread(move |app| app.count_time(took)).await?;
    Ok(Json(json!({ "counted": true })).into_response())
}

pub(in crate::http) async fn show(State(edge): State<Edge>, Extension(caller): Asking) -> Response {
    page(&build(&edge, &caller, &edge.app.times()))
}

fn build(edge: &Edge, caller: &Caller, times: &Times) -> TimingPage {
    TimingPage {
        f: edge.frame(caller, "timing.title"),
        weeks: TIMING_WEEKS,
        entries_min: ENTRIES_MIN,
        figures: figures(caller.lang, times),
    }
}

fn figures(lang: Lang, Times { total, beyond }: &Times) -> Option<TimingFigures> {
    let n = total.n();
    if n < ENTRIES_MIN {
        return None;
    }
    let row = |seconds: &u32| {
        let percent = |it: &Lengths| percent(it.share_within(*seconds * 1_000));
        (*seconds, percent(total), percent(beyond))
    };
    Some(TimingFigures {
        n,
        total: seconds(lang, total.median_ms()?),
        beyond: seconds(lang, beyond.median_ms()?),
        total_curve: curve(total),
        beyond_curve: curve(beyond),
        rows: ROWS_SECONDS.iter().map(row).collect(),
    })
}

fn curve(lengths: &Lengths) -> Curve {
    let bounds = Lengths::BOUNDS_MS.into_iter().filter(|it| *it <= CURVE_MS);
    let shares: Vec<(u32, f64)> = bounds.map(|it| (it, lengths.share_within(it))).collect();
    Curve::new(&shares)
}

/// Seconds with a tenth, as the language writes them.
fn seconds(lang: Lang, ms: f64) -> String {
    let text = format!("{:.1}", ms / 1_000.0);
    match lang {
        Lang::Nn | Lang::Nb => text.replace('.', ","),
        Lang::En => text,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share lies between 0 and 1"
)]
pub(in crate::http) fn percent(share: f64) -> u32 {
    (share * 100.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(n: u64) -> Option<TimingFigures> {
        let mut times = Times::default();
        (0..n).for_each(|_| times.count(Took::new(9_500, 1_900).unwrap()));
        figures(Lang::Nn, &times)
    }

    #[test]
    fn nothing_is_told_of_fewer_than_twenty() {
        assert!(told(ENTRIES_MIN - 1).is_none());
        let figures = told(ENTRIES_MIN).unwrap();
        assert_eq!((figures.total.as_str(), figures.beyond.as_str()), ("9,5", "1,9"));
        assert_eq!(figures.rows[1], (2, 0, 100));
        assert_eq!(figures.rows[4], (10, 100, 100));
    }
}
