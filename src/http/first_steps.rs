//! What is left to do before Skranke is of use: shown to administrators until all is done.

use super::Edge;
use super::edge::caller::Caller;
use super::pages::FirstStep;
use crate::people::Role;

/// The screens that show the list, by the beginning of their addresses.
const SHOWN_ON: [&str; 4] = ["/gaps", "/topics", "/today", "/admin"];

/// The steps, done or not; none when all that must be done is, or for whom they are not meant.
pub(super) fn first_steps(edge: &Edge, caller: &Caller) -> Vec<FirstStep> {
    let is_admin = caller.role() == Some(Role::Admin);
    let path = caller.path.split('?').next().unwrap_or("/");
    let is_shown = path == "/" || SHOWN_ON.iter().any(|it| path.starts_with(it));
    // While the lists are made nobody can tell what is done.
    if !is_admin || !is_shown || !edge.app.is_ready() {
        return vec![];
    }
    let state = &edge.app.state;
    let settings = state.settings();
    let step = |name, href, is_done| FirstStep { name, href, is_done };
    let steps = vec![
        step("site", "/admin/sites", !state.pages.read().is_empty()),
        step("desks", "/admin/desks", !settings.desks.is_empty()),
        step("people", "/admin/people", 1 < state.people.read().len()),
        step("question", "/", !state.inquiries.columns().is_empty()),
    ];
    // An organization with one desk has nothing to say about desks.
    let is_over = steps.iter().all(|it| it.is_done || it.name == "desks");
    if is_over { vec![] } else { steps }
}
