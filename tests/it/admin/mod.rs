//! The administrator's rooms: the system, who did what, help and papers.

mod audit;
mod licences;
mod system;
