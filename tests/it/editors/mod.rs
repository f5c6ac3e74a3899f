//! The editors' desk: who is first.

mod pairs;
