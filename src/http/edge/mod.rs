//! What stands between the network and the screens: connections, headers, files, sessions, errors.

pub(crate) mod assets;
pub(crate) mod headers;
mod serve;

pub use headers::CONTENT_SECURITY_POLICY;
pub use serve::{CONNECTIONS_MAX, HEADER_TIMEOUT, serve};
