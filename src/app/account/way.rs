//! The ways in, as the audit and the log tell them apart.

use crate::people::LetInBy;

/// What somebody has shown, or was wrong in showing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The passphrase alone.
    Passphrase,
    /// The passphrase, then a code from the telephone.
    Code,
    /// The passphrase, then a recovery code.
    Recovery,
    /// The provider of identities.
    Provider,
    /// A one-time link, by which a passphrase was chosen.
    Link,
}

impl Way {
    /// The action that the audit has for it.
    pub(super) const fn action(self) -> &'static str {
        match self {
            Self::Passphrase => "sign_in.passphrase",
            Self::Code => "sign_in.code",
            Self::Recovery => "sign_in.recovery",
            Self::Provider => "sign_in.provider",
            Self::Link => "sign_in.link",
        }
    }

    /// What the session is known to have begun with.
    pub(super) const fn lets_in(self) -> LetInBy {
        match self {
            Self::Passphrase | Self::Code | Self::Recovery | Self::Link => LetInBy::Passphrase,
            Self::Provider => LetInBy::Provider,
        }
    }

    /// Leaves a line of the log, with nobody's name: what was typed as one may be a passphrase.
    pub(super) fn told(self, passed: bool) {
        let (way, factor) = match self {
            Self::Passphrase => ("passphrase", "none"),
            Self::Code => ("passphrase", "code"),
            Self::Recovery => ("passphrase", "recovery_code"),
            Self::Provider => ("provider", "none"),
            Self::Link => ("link", "none"),
        };
        let outcome = if passed { "passed" } else { "refused" };
        tracing::info!(
            event = "sign_in",
            way,
            factor,
            outcome,
            "a sign-in by {way} with the factor {factor} was {outcome}"
        );
    }
}
