//! Signing in by a provider of identities: OpenID Connect, authorization code with PKCE.
//!
//! Knows the protocol and the one provider that is set; neither pages nor accounts. Whoever comes
//! is known by issuer and subject, never by a name or a mail address.

mod acting_for;
mod client_key;
mod discovery;
mod fault;
mod flow;
mod id_token;
mod keys;
mod logout;
mod proof;
mod provider;
mod settings;

pub use acting_for::ActingFor;
pub use client_key::ClientKey;
pub use discovery::Metadata;
pub use fault::{OidcFault, StateFault, TokenFault};
pub use flow::{Began, Flows, Purpose};
pub use id_token::{Expected, Identified};
pub use keys::Keys;
pub use logout::SignedOut;
pub use proof::{Audience, ClientSecret, Proof};
pub use provider::{Answered, Places, Provider};
pub use settings::{KnownBy, Settings};
