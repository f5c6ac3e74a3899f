//! What can go wrong between us and the provider. The log gets the chain, visitors a sentence.

use crate::net::NetError;

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OidcFault {
    /// No answer came.
    #[error("the provider of identities could not be reached")]
    Unreachable(#[source] NetError),
    /// It was asked a moment ago in vain, and is left alone for some seconds.
    #[error("the provider of identities could not be reached a moment ago")]
    Resting,
    /// An answer of its own trouble.
    #[error("the provider of identities answered {what} with status {status}")]
    Status {
        /// What was asked for.
        what: &'static str,
        /// The status.
        status: u16,
    },
    /// It says something that cannot be used.
    #[error("the {what} of the provider of identities cannot be used: {why}")]
    Unusable {
        /// What it said.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// It said no, to the person or to us.
    #[error("the provider of identities said no: {0}")]
    Refused(String),
    /// The answer belongs to no sign-in of this browser.
    #[error("the answer belongs to no sign-in of this browser: {0}")]
    State(#[from] StateFault),
    /// The answer names another provider than the one that was asked.
    #[error("the answer comes from another provider than was asked")]
    MixedUp,
    /// The ID token does not hold.
    #[error("the ID token is not taken: {0}")]
    Token(#[from] TokenFault),
}

/// What is wrong with the state of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StateFault {
    /// There is none, or it is not known: never begun, used, or forgotten.
    #[error("the state is not known")]
    Unknown,
    /// Another browser began it.
    #[error("another browser began it")]
    Foreign,
    /// It took too long.
    #[error("it took too long")]
    Old,
}

/// What is wrong with an ID token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenFault {
    /// It is no signed token.
    #[error("it is no signed token")]
    Form,
    /// Its algorithm is not one of ours.
    #[error("its algorithm is not RS256, PS256 or ES256")]
    Algorithm,
    /// It demands an extension that is not known.
    #[error("it demands an extension that is not known")]
    Critical,
    /// No key of the provider's fits.
    #[error("no key of the provider fits")]
    Key,
    /// The signature is wrong.
    #[error("the signature is wrong")]
    Signature,
    /// It comes from somebody else.
    #[error("it comes from another issuer")]
    Issuer,
    /// It is for somebody else.
    #[error("it is for another audience")]
    Audience,
    /// It has run out.
    #[error("it has run out, or does not say when it does")]
    Old,
    /// It does not hold yet.
    #[error("it does not hold yet, or does not say since when it does")]
    Early,
    /// It was made for another sign-in.
    #[error("it was made for another sign-in")]
    Nonce,
    /// It does not say who it is about.
    #[error("it does not say who it is about")]
    Subject,
    /// It was made on weaker proof than was asked for.
    #[error("it was made on weaker proof than was asked for")]
    Acr,
    /// The person did not sign in anew, as was asked for.
    #[error("the person did not sign in anew")]
    NotAnew,
    /// It does not say when the person signed in, as was asked for.
    #[error("it does not say when the person signed in")]
    NoTime,
    /// The person does not act for the organization.
    #[error("it does not say that the person acts for the organization")]
    ActingFor,
    /// It is of another kind than a logout token.
    #[error("it is no logout token by its kind")]
    Kind,
    /// It tells of no signing out.
    #[error("it tells of no signing out")]
    Event,
    /// It was taken before, or has no name to know that by.
    #[error("it was taken before, or has no name")]
    Again,
}
