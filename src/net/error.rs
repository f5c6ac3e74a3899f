//! Why an address could not be fetched.

use super::client::REDIRECTS_MAX;
use super::guard::Refusal;
use super::unpack::UnpackError;

/// Why an address could not be fetched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NetError {
    /// The guard says no.
    #[error("{address} is not fetched: {why}")]
    Refused {
        /// The address, perhaps one that was redirected to.
        address: String,
        /// Why.
        why: Refusal,
    },
    /// A redirect leads to where the wish may not go.
    #[error("{address} redirects to {to}")]
    Elsewhere {
        /// The address.
        address: String,
        /// Where it redirects to.
        to: String,
    },
    /// A chain or circle of redirects.
    #[error("{address} redirects more than {REDIRECTS_MAX} times")]
    Redirects {
        /// The address.
        address: String,
    },
    /// A redirect to no address.
    #[error("{address} redirects to something that is no address")]
    Location {
        /// The address.
        address: String,
    },
    /// Too slow.
    #[error("{address} did not answer in time")]
    TimedOut {
        /// The address.
        address: String,
    },
    /// Too large.
    #[error("{address} is larger than {body_bytes_max} bytes")]
    TooLarge {
        /// The address.
        address: String,
        /// The limit.
        body_bytes_max: usize,
    },
    /// A body that drips.
    #[error("{address} came slower than 1 kB a second")]
    Slow {
        /// The address.
        address: String,
    },
    /// A body that cannot be unpacked.
    #[error("{address} could not be read: {why}")]
    Packed {
        /// The address.
        address: String,
        /// Why.
        why: UnpackError,
    },
    /// No connection, or one that broke.
    #[error("could not fetch {address}")]
    Failed {
        /// The address.
        address: String,
        /// What the client says.
        #[source]
        source: reqwest::Error,
    },
    /// The client itself cannot be made.
    #[error("could not make the web client")]
    Client(#[source] reqwest::Error),
}
