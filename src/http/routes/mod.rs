//! The route table: the router, the role check, the links and the API's description grow from it.

mod admin;
mod api;
mod desk;
mod fields;
mod interface;
mod letters;
mod machine;
mod people;
mod table;
mod to;
mod work;

use crate::people::{Role, Scope};

pub use fields::API_INQUIRY;
pub use table::ROUTES;
pub use to::To;

/// The method of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// Reads; changes nothing.
    Get,
    /// Changes something, or carries words that must not stand in an address.
    Post,
    /// Puts something in the place of what is there.
    Put,
    /// Takes something away.
    Delete,
}

impl Verb {
    /// The name in requests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// Who may use a route at the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Least {
    /// Anybody, signed in or not.
    Anyone,
    /// Anybody who has signed in.
    SignedIn,
    /// Those who log.
    Reception,
    /// Those who work on gaps; auditors may read.
    Editor,
    /// Those who set everything up; auditors may read.
    Admin,
}

/// Which machines may use a route with their tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Machines {
    /// None: it is for people.
    None,
    /// All with a token that holds.
    All,
    /// Those whose token is for this.
    With(Scope),
}

/// The kind of value in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text of at most so many characters.
    Text(usize),
    /// A whole number.
    Number,
    /// Yes or no.
    Flag,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// Several texts of at most so many characters each.
    Texts(usize),
}

/// A field of what a route takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
}

/// What a route takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Nothing beyond its path.
    Nothing,
    /// Fields in the address.
    Query(&'static [Field]),
    /// A form, which also carries the hidden field against forged requests.
    Form(&'static [Field]),
    /// A JSON object.
    Json(&'static [Field]),
    /// What its handler's types say.
    Typed,
}

/// What a route gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// A page.
    Page,
    /// The way to another page, or the same page with what is wrong.
    Onward,
    /// JSON of the schema with this name.
    Json(&'static str),
    /// What its handler's types say.
    Typed,
    /// Plain text.
    Text,
    /// An embedded file.
    File,
}

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The place.
    pub to: To,
    /// The method.
    pub verb: Verb,
    /// The path; `{name}` stands for a part of it.
    pub path: &'static str,
    /// Who may.
    pub least: Least,
    /// Which machines may.
    pub machines: Machines,
    /// What it takes.
    pub input: Input,
    /// What it gives.
    pub output: Output,
    /// What it is for, in a sentence.
    pub says: &'static str,
}

impl Route {
    pub(super) const fn taking(self, input: Input) -> Self {
        Self { input, ..self }
    }

    pub(super) const fn open_to(self, machines: Machines) -> Self {
        Self { machines, ..self }
    }

    pub(super) const fn giving(self, output: Output) -> Self {
        Self { output, ..self }
    }

    pub(super) const fn says(self, says: &'static str) -> Self {
        Self { says, ..self }
    }
}

impl Least {
    /// Whether a role may use a route of this kind.
    pub const fn admits(self, role: Role, verb: Verb) -> bool {
        match (self, role) {
            (Self::Anyone | Self::SignedIn, _) => true,
            (_, Role::Admin) => true,
            (Self::Reception | Self::Editor, Role::Editor) => true,
            (Self::Reception, Role::Reception) => true,
            (Self::Editor | Self::Admin, Role::Auditor) => matches!(verb, Verb::Get),
            (Self::Reception, Role::Auditor)
            | (Self::Reception | Self::Editor | Self::Admin, Role::Reader)
            | (Self::Editor | Self::Admin, Role::Reception)
            | (Self::Admin, Role::Editor) => false,
        }
    }

    /// The name in the API's description.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::SignedIn => "signed_in",
            Self::Reception => "reception",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }
}

impl Route {
    /// Whether it belongs to the programming interface, whose errors are JSON.
    pub fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }
}

impl To {
    /// The row of this place.
    pub fn route(self) -> &'static Route {
        ROUTES.iter().find(|it| it.to == self).expect("a test holds that every place has a row")
    }

    /// The address of this place, with the parts of its path in order.
    pub fn link(self, parts: &[&str]) -> String {
        let mut parts = parts.iter();
        let filled = self.route().path.split('/').map(|segment| {
            if segment.starts_with('{') {
                let part = parts.next().copied().unwrap_or_default();
                url::form_urlencoded::byte_serialize(part.as_bytes()).collect()
            } else {
                segment.to_owned()
            }
        });
        filled.collect::<Vec<String>>().join("/")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_place_and_every_method_with_its_path_stands_once() {
        let places: BTreeSet<To> = ROUTES.iter().map(|it| it.to).collect();
        let paths: BTreeSet<(Verb, &str)> = ROUTES.iter().map(|it| (it.verb, it.path)).collect();
        assert_eq!((places.len(), paths.len()), (ROUTES.len(), ROUTES.len()));
        assert_eq!(ROUTES.len(), To::Health as usize + 1, "every place has a row");
        assert!(ROUTES.iter().all(|it| !it.says.is_empty()));
    }

    #[test]
    fn reading_routes_take_no_form() {
        for route in ROUTES {
            let takes_a_body = matches!(route.input, Input::Form(_) | Input::Json(_));
            let may_take_one = route.verb == Verb::Post;
            let is_typed = route.input == Input::Typed;
            assert!(is_typed || takes_a_body == may_take_one, "{:?}", route.to);
        }
    }

    #[test]
    fn an_auditor_reads_all_and_changes_nothing() {
        for route in ROUTES.iter().filter(|it| matches!(it.least, Least::Editor | Least::Admin)) {
            let reads = route.verb == Verb::Get;
            assert_eq!(route.least.admits(Role::Auditor, route.verb), reads, "{:?}", route.to);
        }
    }

    #[test]
    fn each_role_may_what_the_one_below_may() {
        let ladder = [Role::Reception, Role::Editor, Role::Admin];
        for route in ROUTES {
            let may = ladder.map(|role| route.least.admits(role, route.verb));
            assert!(may.is_sorted(), "{:?}: {may:?}", route.to);
        }
    }

    #[test]
    fn links_fill_the_path_and_quote_what_is_odd() {
        assert_eq!(To::Log.link(&[]), "/");
        assert_eq!(To::Gap.link(&["T12"]), "/gaps/T12");
        assert_eq!(To::UndoInquiry.link(&["a/b"]), "/log/a%2Fb/undo");
    }
}
