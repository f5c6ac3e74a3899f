//! The second page of signing in: the code from the telephone, or a recovery code.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::{let_in, too_many, waits};
use crate::app::SecondStepError;
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::CodePage;
use crate::http::routes::To;
use crate::http::{Edge, page, wrong};
use crate::people::RecoveryCode;

pub(in crate::http) async fn show(State(edge): State<Edge>, Extension(caller): Asking) -> Response {
    match edge.half_way.who(&caller.token, edge.app.now()) {
        Some(_) => page(&code_page(&edge, &caller, None)),
        None => edge.onward(To::SignIn, &[]).into_response(),
    }
}

fn code_page(edge: &Edge, caller: &Caller, fault: Option<String>) -> CodePage {
    CodePage { f: edge.frame(caller, "second_step.ask"), fault }
}

pub(in crate::http) async fn check(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let now = edge.app.now();
    let Some((person, next)) = edge.half_way.try_once(&caller.token, now) else {
        let told = Told::new("second_step.again");
        return Ok(edge.onward(To::SignIn, &[]).saying(&told).into_response());
    };
    // Whoever has a stolen passphrase would begin again and again.
    let account = person.to_string();
    let typed = fields.get("code");
    // Nobody tries out recovery codes: whoever has one does not wait for those who guess.
    let is_guessed = RecoveryCode::parse(&typed).is_none();
    if is_guessed && let Err(wait) = edge.code_throttle.admit(&account, now) {
        let fault = waits(caller.lang, "second_step.wait", wait);
        return Ok(too_many(wait, &code_page(&edge, &caller, Some(fault))));
    }
    match edge.off_thread(move |app| app.sign_in_with_code(person, &typed)).await? {
        Ok((token, left)) => {
            edge.code_throttle.passed(&account);
            edge.half_way.forget(&caller.token);
            let onward = let_in(&edge, &caller, (&token, next)).await?;
            Ok(match left {
                Some(left) => {
                    let told = Told::new("second_step.recovery_used").with("n", &left.to_string());
                    onward.saying(&told).into_response()
                }
                None => onward.into_response(),
            })
        }
        Err(SecondStepError::Journal(error)) => Err(error.into()),
        Err(error @ SecondStepError::Secret(_)) => Err(HttpError::internal(error)),
        Err(
            SecondStepError::Wrong
            | SecondStepError::Old
            | SecondStepError::Passphrase
            | SecondStepError::Demanded
            | SecondStepError::Unknown,
        ) => {
            if edge.half_way.who(&caller.token, now).is_none() {
                let told = Told::new("second_step.again");
                return Ok(edge.onward(To::SignIn, &[]).saying(&told).into_response());
            }
            let fault = caller.lang.text("second_step.wrong").to_owned();
            Ok(wrong(&code_page(&edge, &caller, Some(fault))))
        }
    }
}
