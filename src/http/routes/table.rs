//! Every place of the service, one row each.

use super::{
    Input, Least, Machines, Output, Route, To, Verb, admin, api, desk, interface, letters, machine,
    people, work,
};

/// A row without input and output; `taking` and `giving` fill them in.
pub(super) const fn row(verb: Verb, path: &'static str, to: To, least: Least) -> Route {
    let (input, output) = match verb {
        Verb::Get => (Input::Nothing, Output::Page),
        Verb::Post => (Input::Form(&[]), Output::Onward),
        Verb::Put | Verb::Delete => (Input::Typed, Output::Typed),
    };
    Route { to, verb, path, least, machines: Machines::None, input, output, says: "" }
}

/// A row of the programming interface: what it takes and gives is what its handler's types say.
pub(super) const fn typed(verb: Verb, path: &'static str, to: To, least: Least) -> Route {
    row(verb, path, to, least).taking(Input::Typed).giving(Output::Typed)
}

/// The table, by part.
const PARTS: [&[Route]; 8] = [
    desk::ROUTES,
    work::ROUTES,
    letters::ROUTES,
    people::ROUTES,
    admin::ROUTES,
    api::ROUTES,
    interface::ROUTES,
    machine::ROUTES,
];

/// The table.
pub const ROUTES: &[Route] = &joined::<{ rows() }>();

const fn rows() -> usize {
    let (mut rows, mut part) = (0, 0);
    while part < PARTS.len() {
        rows += PARTS[part].len();
        part += 1;
    }
    rows
}

/// All parts as one slice, which a constant needs.
const fn joined<const N: usize>() -> [Route; N] {
    let mut all = [PARTS[0][0]; N];
    let (mut at, mut part) = (0, 0);
    while part < PARTS.len() {
        let mut row = 0;
        while row < PARTS[part].len() {
            all[at] = PARTS[part][row];
            row += 1;
            at += 1;
        }
        part += 1;
    }
    all
}
