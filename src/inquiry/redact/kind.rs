//! What can be found in a text, its mask, and how firmly it is taken out.

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
    /// The organisation number of a sole trader, who is a person.
    SoleTrader,
    /// A street with a house number, or a post code with its place.
    Address,
    /// A property: gårdsnummer and bruksnummer.
    Property,
    /// The number of a case, which belongs in the case system.
    CaseNumber,
    /// A vehicle's plate.
    Plate,
    /// A person's name.
    Name,
    /// KID, or the number of a customer or a reference.
    Reference,
}

/// How firmly a kind is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handling {
    /// Masked, whoever asks.
    Always,
    /// Masked, unless the person who typed it says that it stays.
    UnlessKept,
    /// Never masked by itself, only pointed out.
    Hinted,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 16] = [
        Self::Iban,
        Self::Duf,
        Self::Digits12,
        Self::NationalNumber,
        Self::Account,
        Self::Digits11,
        Self::BirthDate,
        Self::Phone,
        Self::Mail,
        Self::SoleTrader,
        Self::Address,
        Self::Property,
        Self::CaseNumber,
        Self::Plate,
        Self::Name,
        Self::Reference,
    ];

    /// What stands in the text instead; the same word in Nynorsk and Bokmål.
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
            Self::SoleTrader => "[orgnr]",
            Self::Address => "[adresse]",
            Self::Property => "[gnr/bnr]",
            Self::CaseNumber => "[saksnummer]",
            Self::Plate => "[bilskilt]",
            Self::Name => "[person]",
            Self::Reference => "[referanse]",
        }
    }

    /// The name in forms, answers and catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Iban => "iban",
            Self::Duf => "duf",
            Self::Digits12 => "digits_12",
            Self::NationalNumber => "national_number",
            Self::Account => "account",
            Self::Digits11 => "digits_11",
            Self::BirthDate => "birth_date",
            Self::Phone => "phone",
            Self::Mail => "mail",
            Self::SoleTrader => "sole_trader",
            Self::Address => "address",
            Self::Property => "property",
            Self::CaseNumber => "case_number",
            Self::Plate => "plate",
            Self::Name => "name",
            Self::Reference => "reference",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// How firmly it is taken out.
    pub const fn handling(self) -> Handling {
        match self {
            Self::Iban
            | Self::Duf
            | Self::Digits12
            | Self::NationalNumber
            | Self::Account
            | Self::Digits11
            | Self::BirthDate
            | Self::SoleTrader
            | Self::CaseNumber
            | Self::Reference => Handling::Always,
            Self::Phone | Self::Mail | Self::Address | Self::Property => Handling::UnlessKept,
            Self::Plate | Self::Name => Handling::Hinted,
        }
    }
}

/// A set of kinds, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds(u32);

impl Kinds {
    /// No kind.
    pub const NONE: Self = Self(0);
    /// Every kind.
    pub const ALL: Self = Self(u32::MAX);

    /// Reads names with commas or spaces between them; others say nothing.
    pub fn parse(names: &str) -> Self {
        names.split([',', ' ']).filter_map(Kind::parse).collect()
    }

    /// Those of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The names, as `parse` reads them.
    pub fn names(self) -> Vec<&'static str> {
        Kind::ALL.into_iter().filter(|it| self.contains(*it)).map(Kind::name).collect()
    }

    /// Whether the kind is among them.
    pub const fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u32) != 0
    }
}

impl FromIterator<Kind> for Kinds {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        Self(kinds.into_iter().fold(0, |bits, kind| bits | 1 << kind as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.name()), Some(kind));
        }
        let kinds = Kinds::parse("phone, mail,nothing");
        assert_eq!(kinds.names(), ["phone", "mail"]);
        assert_eq!(Kinds::ALL.names().len(), Kind::ALL.len());
    }
}
