//! What the stories are told with: the program, a visitor, a website, the letters.

pub(crate) mod answer;
pub(crate) mod files;
pub(crate) mod identities;
pub(crate) mod mail;
pub(crate) mod post_box;
pub(crate) mod post_office;
pub(crate) mod program;
pub(crate) mod smtp;
pub(crate) mod town;
pub(crate) mod visitor;
pub(crate) mod website;
