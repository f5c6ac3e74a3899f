//! Who may come in: people with a passphrase, machines with a token.

pub(super) mod token;
pub(super) mod user;
