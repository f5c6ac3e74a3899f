//! Black box: the program as its users run it.

mod access;
mod analyse;
mod flow;
mod kill;
mod program;
mod user;
mod visitor;
