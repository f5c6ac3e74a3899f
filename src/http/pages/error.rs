//! The one page for everything that goes wrong: a sentence and a way on.

use askama::Template;

use super::Frame;

/// Something went wrong.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/error.html")]
pub struct ErrorPage {
    /// What is around it.
    pub f: Frame,
    /// The code of what went wrong, such as `not_found`.
    pub code: &'static str,
    /// The id of the request, to be read to whoever keeps the log.
    pub request: String,
    /// Where to go on.
    pub href: String,
}
