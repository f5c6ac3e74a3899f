//! The edge that speaks HTTP: the route table, one file for each screen, and the pages' structs.

pub mod edge;
pub mod pages;
pub mod routes;
