//! The administrator's rooms: the system, who did what, help and papers.

mod actions;
mod audit;
mod first;
mod help;
mod licences;
mod mail;
mod papers;
mod places;
mod system;
