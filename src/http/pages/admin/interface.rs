//! The programming interface, for whoever writes a program against it.

use askama::Template;

use crate::http::pages::Frame;

/// All operations, by what they are about.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/interface.html")]
pub struct InterfacePage {
    /// What is around it.
    pub f: Frame,
    /// The operations.
    pub groups: Vec<OperationGroup>,
}

/// Operations on one kind of thing.
#[derive(Clone, Debug)]
pub struct OperationGroup {
    /// What they are about.
    pub name: String,
    /// The operations.
    pub operations: Vec<OperationSeen>,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct OperationSeen {
    /// The method.
    pub verb: &'static str,
    /// The path, with the parts that stand for something in capitals.
    pub path: String,
    /// What it is for, in English.
    pub says: &'static str,
    /// The code of the least role; none for anybody.
    pub role: Option<&'static str>,
    /// The code of the scope that a machine needs.
    pub scope: Option<&'static str>,
    /// What it takes.
    pub fields: Vec<FieldSeen>,
    /// How it is asked from a command line.
    pub curl: String,
}

/// A field of what an operation takes.
#[derive(Clone, Debug)]
pub struct FieldSeen {
    /// The name.
    pub name: String,
    /// The code of where it stands: `path`, `query`, `header` or `body`.
    pub place: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What it is, in English.
    pub says: String,
}
