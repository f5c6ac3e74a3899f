//! The edge that anybody can reach: who may do what, and what nobody should send.

mod access;
mod calls;
mod counter;
mod figures;
mod hostile;
mod look;
mod machines_may;
mod passive;
mod timing;
