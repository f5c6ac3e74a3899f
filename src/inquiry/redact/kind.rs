//! What can be found in a question, and its mask.

/// What was found. The label is a hint; the mask does not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A Norwegian IBAN.
    Iban,
    /// Twelve digits with the control digits of a DUF number.
    Duf,
    /// Any other twelve digits.
    Digits12,
    /// Fødselsnummer, D-nummer, H-nummer, felles hjelpenummer or a synthetic one.
    NationalNumber,
    /// Kontonummer.
    Account,
    /// Any other eleven digits: a mistyped number is still somebody's.
    Digits11,
    /// A date close to a word about being born.
    BirthDate,
    /// A phone number.
    Phone,
    /// A mail address.
    Mail,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Iban,
        Self::Duf,
        Self::Digits12,
        Self::NationalNumber,
        Self::Account,
        Self::Digits11,
        Self::BirthDate,
        Self::Phone,
        Self::Mail,
    ];

    /// What stands in the text instead.
    pub const fn mask(self) -> &'static str {
        match self {
            Self::Iban => "[IBAN]",
            Self::Duf | Self::Digits12 => "[12 siffer]",
            Self::NationalNumber => "[fødselsnummer]",
            Self::Account => "[kontonummer]",
            Self::Digits11 => "[11 siffer]",
            Self::BirthDate => "[fødselsdato]",
            Self::Phone => "[telefon]",
            Self::Mail => "[e-post]",
        }
    }
}
