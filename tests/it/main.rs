//! Black box: the program as its users run it.

mod analyse;
mod flow;
mod kill;
mod live;
mod program;
