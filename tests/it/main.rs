//! Black box: the program as its users run it.

mod analyse;
mod demo;
mod flow;
mod kill;
mod program;
