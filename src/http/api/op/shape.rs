//! What an operation takes and gives, for the description, beside the handler that it was made of.

use axum::handler::Handler;
use axum::routing::{self, MethodFilter, MethodRouter};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::http::Edge;

/// Makes the schema of a type.
pub(in crate::http) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// How an operation is asked and what it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Manner {
    /// It reads.
    Read,
    /// It does something and says what came of it.
    Act,
    /// It makes something whose secret is told this once.
    Make,
    /// It makes something that can be read from then on.
    Create,
    /// It changes what the asker has seen.
    Step,
    /// It puts something in the place of what the asker has seen.
    Replace,
    /// It takes something away.
    Remove,
}

/// What an operation takes and gives.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct Shape {
    /// How it is asked.
    pub(in crate::http) manner: Manner,
    /// What stands in the address after the question mark.
    pub(in crate::http) query: SchemaOf,
    /// What is sent.
    pub(in crate::http) takes: SchemaOf,
    /// What is answered.
    pub(in crate::http) gives: SchemaOf,
}

/// A place with the handler that answers there.
pub(in crate::http) struct Place {
    /// The handler.
    pub(in crate::http) router: MethodRouter<Edge>,
    /// What it takes and gives, of the programming interface alone.
    pub(in crate::http) shape: Option<Shape>,
}

impl Manner {
    pub(super) const fn filter(self) -> MethodFilter {
        match self {
            Self::Read => MethodFilter::GET,
            Self::Act | Self::Make | Self::Create | Self::Step => MethodFilter::POST,
            Self::Replace => MethodFilter::PUT,
            Self::Remove => MethodFilter::DELETE,
        }
    }

    /// Whether the asker must say which version they have seen.
    pub(in crate::http) const fn is_held_against_a_version(self) -> bool {
        matches!(self, Self::Step | Self::Replace | Self::Remove)
    }

    /// Whether a key keeps it from being done twice.
    pub(in crate::http) const fn takes_a_key(self) -> bool {
        matches!(self, Self::Create | Self::Make)
    }
}

impl Shape {
    pub(in crate::http) fn new<Q: JsonSchema, B: JsonSchema, R: JsonSchema>(
        manner: Manner,
    ) -> Self {
        Self { manner, query: of::<Q>, takes: of::<B>, gives: of::<R> }
    }
}

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

impl Place {
    /// A place of the interface whose handler reads its body by itself.
    pub(in crate::http) fn shaped(self, shape: Shape) -> Self {
        Self { shape: Some(shape), ..self }
    }

    /// The same with a layer around it.
    pub(in crate::http) fn around(
        self,
        by: impl FnOnce(MethodRouter<Edge>) -> MethodRouter<Edge>,
    ) -> Self {
        Self { router: by(self.router), ..self }
    }
}

/// A place that is read.
pub(in crate::http) fn get<H: Handler<T, Edge>, T: 'static>(handler: H) -> Place {
    Place { router: routing::get(handler), shape: None }
}

/// A place that something is sent to.
pub(in crate::http) fn post<H: Handler<T, Edge>, T: 'static>(handler: H) -> Place {
    Place { router: routing::post(handler), shape: None }
}
