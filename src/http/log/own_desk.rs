//! The desks that a person logs under and sees: all of them, or those that an administrator chose.

use crate::http::Edge;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::Fields;
use crate::http::pages::FieldError;
use crate::organisation::{Desk, Settings};

/// Whether the caller is of a desk, by its key. Machines are held to their tokens elsewhere.
fn is_own(caller: &Caller, key: &str) -> bool {
    caller.signed_in.as_ref().is_none_or(|it| it.is_of_desk(key))
}

/// The desks that the caller is offered.
pub(in crate::http) fn offered(settings: &Settings, caller: &Caller) -> Vec<Desk> {
    settings.offered_desks().filter(|it| is_own(caller, &it.key)).cloned().collect()
}

/// The key of the desk that is wanted where it is the caller's own; else of their first one.
pub(in crate::http) fn own_or_first(edge: &Edge, caller: &Caller, wanted: Option<&str>) -> String {
    let offered = offered(&edge.app.state.settings(), caller);
    let found = offered.iter().find(|it| Some(it.key.as_str()) == wanted);
    if let Some(desk) = found.or_else(|| offered.first()) {
        return desk.key.clone();
    }
    // All of the caller's are archived: nobody logs at another's for that.
    caller.signed_in.iter().flat_map(|it| it.desks.first()).next().cloned().unwrap_or_default()
}

/// Tells what is wrong with a desk at the list of desks, or at another field where the caller has
/// no list.
pub(in crate::http) fn at_list_or(
    edge: &Edge,
    caller: &Caller,
    (error, other): (FieldError, &'static str),
) -> FieldError {
    let has_list = 1 < offered(&edge.app.state.settings(), caller).len();
    if has_list { error } else { FieldError { field: other, ..error } }
}

/// Holds an entry to the caller's own desks: the first of them where none is said.
///
/// # Errors
/// When another desk is said, with the words for its field.
pub(in crate::http) fn settle(
    edge: &Edge,
    caller: &Caller,
    fields: &mut Fields,
) -> Result<(), FieldError> {
    let is_bound = caller.signed_in.as_ref().is_some_and(|it| !it.desks.is_empty());
    if !is_bound {
        return Ok(());
    }
    let settings = edge.app.state.settings();
    match fields.find("desk") {
        Some(said) if is_own(caller, &settings.desk_key(&said)) => Ok(()),
        Some(_) => {
            let labels = settings.labels(caller.lang);
            let own = caller.signed_in.iter().flat_map(|it| it.desks.iter());
            let own: Vec<&str> = own.map(|it| labels.desk(it)).collect();
            let text = caller.lang.fill("log.wrong_desk", &[("desks", &own.join(", "))]);
            Err(FieldError { field: "desk", text })
        }
        None => {
            fields.fall_back("desk", own_or_first(edge, caller, None));
            Ok(())
        }
    }
}
