//! The programming interface, as a page.

use askama::Template;

use crate::http::pages::Frame;

/// The programming interface, for whoever writes a program against it.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/interface.html")]
pub struct InterfacePage {
    /// What is around it.
    pub f: Frame,
    /// What can be asked for, by resource.
    pub groups: Vec<OperationGroup>,
}

impl InterfacePage {
    /// Who may, in a sentence or two.
    fn who(&self, it: &OperationSeen) -> String {
        let lang = self.f.lang;
        let role = it.role.map_or_else(
            || lang.text("interface.anyone").to_owned(),
            |role| lang.fill("interface.role", &[("role", &self.f.of("role", role))]),
        );
        let scope = it.scope.map(|scope| {
            lang.fill("interface.scope", &[("scope", &self.f.of("tokens.scope", scope))])
        });
        [Some(role), scope].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// The operations on one resource.
#[derive(Clone, Debug)]
pub struct OperationGroup {
    /// The name of the resource.
    pub name: String,
    /// Its operations.
    pub operations: Vec<OperationSeen>,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct OperationSeen {
    /// The method.
    pub verb: &'static str,
    /// The path, with names in capitals where something is to be put.
    pub path: String,
    /// What it is for.
    pub says: &'static str,
    /// The least role; none where signing in is enough.
    pub role: Option<&'static str>,
    /// The scope that a token needs; none where no token is enough.
    pub scope: Option<&'static str>,
    /// What it takes.
    pub fields: Vec<FieldSeen>,
    /// How a command line asks for it.
    pub curl: String,
}

/// Something that an operation takes.
#[derive(Clone, Debug)]
pub struct FieldSeen {
    /// The name.
    pub name: String,
    /// path, query, header or body.
    pub place: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What it holds.
    pub says: String,
}
