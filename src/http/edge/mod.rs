//! What stands between the network and the screens: connections, headers, files, sessions, errors.

mod alerts;
pub(crate) mod assets;
pub(crate) mod caller;
pub(crate) mod cookies;
pub(crate) mod error;
pub(crate) mod fields;
pub(crate) mod guard;
pub(crate) mod headers;
mod lines;
pub(crate) mod notice;
pub(crate) mod serve;
pub(crate) mod theme;
pub(crate) mod throttle;

pub use error::HttpError;
pub use headers::CONTENT_SECURITY_POLICY;
pub use serve::{
    CONNECTIONS_MAX, Door, HEADER_TIMEOUT, Standing, Tls, TlsError, raise_descriptors, serve,
    serve_at,
};
