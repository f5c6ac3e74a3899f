//! The program and a visitor, as the tests have them.

#![expect(dead_code, reason = "the tests use the rest")]

#[path = "../../it/harness/answer.rs"]
pub(crate) mod answer;
#[path = "../../it/harness/program.rs"]
pub(crate) mod program;
#[path = "../../it/harness/visitor.rs"]
pub(crate) mod visitor;
