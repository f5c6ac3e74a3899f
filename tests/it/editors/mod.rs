//! The editors' desk: who is first, and what is proved.

mod pairs;
mod proof;
