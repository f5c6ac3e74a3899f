//! What administrators set up and look after.

pub(in crate::http) mod audit;
pub(in crate::http) mod calls;
pub(in crate::http) mod findings;
pub(in crate::http) mod hooks;
pub(in crate::http) mod jobs;
pub(in crate::http) mod people;
pub(in crate::http) mod places;
pub(in crate::http) mod settings;
pub(in crate::http) mod sites;
pub(in crate::http) mod system;
pub(in crate::http) mod tokens;
