//! The one guarded outbound client: nothing else in the program opens a connection outward.
//!
//! Addresses come from pages, sitemaps and redirects, so they are hostile. Each is checked three
//! times: as it is written (scheme, port, literal network address), in the resolver (what a name
//! stands for at the moment of connecting) and again at every redirect.

mod authority;
mod client;
mod error;
mod guard;
mod headers;
mod post;
mod range;
mod unpack;

pub use authority::Authority;
pub use client::{Answer, Body, Client, Get, Manner, Pass, Patience};
pub use error::NetError;
pub use guard::{Guard, Refusal};
pub use post::{FormPost, Post, Said};
pub use range::{IpRange, RangeError};
pub use unpack::{Coding, UnpackError, unpack, unpack_file};
