//! The index crate from outside: what must hold whatever the methods inside.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod agreement;
mod constraints;
mod languages;
mod norms;
mod notes;
mod odd;
mod pairs;
mod promises;
