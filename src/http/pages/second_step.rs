//! The second step of signing in, and the lock of a shared desk.

use askama::Template;
use qrcode::{EcLevel, QrCode};

use super::{FieldError, Frame};
use crate::people::StepSecret;

/// The code after the passphrase.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/code.html")]
pub struct CodePage {
    /// What is around it.
    pub f: Frame,
    /// Why the code was not taken, in words.
    pub fault: Option<String>,
}

/// A session that is locked.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/locked.html")]
pub struct LockedPage {
    /// What is around it.
    pub f: Frame,
    /// Whose it is.
    pub name: String,
    /// Where to go on afterwards.
    pub next: String,
    /// Whether a passphrase opens it.
    pub has_passphrase: bool,
    /// The provider that opens it.
    pub by: Option<String>,
    /// Why it was not opened, in words.
    pub fault: Option<String>,
}

/// One's own second step.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/second_step.html")]
pub struct SecondStepPage {
    /// What is around it.
    pub f: Frame,
    /// How it stands.
    pub seen: SecondStepSeen,
    /// Whether the organisation demands it.
    pub is_demanded: bool,
    /// Whether nothing else is open before it is set up.
    pub owes: bool,
    /// Recovery codes that were just made.
    pub codes: Vec<String>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// How a second step stands.
#[derive(Clone, Debug)]
pub enum SecondStepSeen {
    /// There is none; this is what it would be.
    New(NewSecondStep),
    /// It is set up.
    SetUp {
        /// Since when.
        since: String,
        /// So many recovery codes are left.
        left: usize,
    },
    /// It is set up; this is what it would be on another telephone.
    Another(NewSecondStep),
    /// The provider that the person comes by has its own.
    Elsewhere,
}

/// What an authenticator app is to be given.
#[derive(Clone, Debug)]
pub struct NewSecondStep {
    /// What it is made of, for the form.
    pub public: String,
    /// The key in groups of four.
    pub key: String,
    /// The width of the picture, in its own units.
    pub width: usize,
    /// The dark squares of the picture, as the path of an SVG.
    pub path: String,
}

/// The quiet zone around a QR code, in squares.
const QUIET: usize = 4;

impl NewSecondStep {
    /// What to show of a secret, for an account of an organisation.
    pub fn new(public: String, secret: &StepSecret, (organisation, login): (&str, &str)) -> Self {
        let quoted = |text: &str| {
            url::form_urlencoded::byte_serialize(text.as_bytes())
                .collect::<String>()
                .replace('+', "%20")
        };
        let key = secret.base32();
        let issuer = if organisation.is_empty() { "Skranke" } else { organisation };
        let issuer = quoted(&issuer.chars().filter(|it| *it != ':').collect::<String>());
        let address = format!(
            "otpauth://totp/{issuer}:{}?secret={key}&issuer={issuer}&algorithm=SHA1\
             &digits=6&period=30",
            quoted(login)
        );
        let (width, path) = squares(&address);
        let groups: Vec<&str> = (0..key.len()).step_by(4).map(|it| &key[it..it + 4]).collect();
        Self { public, key: groups.join(" "), width, path }
    }
}

/// A QR code as an SVG's path. What is too long for one has none; the key can be typed.
fn squares(text: &str) -> (usize, String) {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
        return (0, String::new());
    };
    let width = code.width();
    let colors = code.to_colors();
    let dark = colors.iter().enumerate().filter(|(_, it)| **it == qrcode::Color::Dark);
    let path = dark.map(|(at, _)| {
        let (x, y) = (at % width + QUIET, at / width + QUIET);
        format!("M{x} {y}h1v1h-1z")
    });
    (width + 2 * QUIET, path.collect())
}

impl SecondStepPage {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        super::error_of(&self.errors, field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_shown_in_groups_and_the_picture_is_of_the_smallest_sizes() {
        let secret = StepSecret::new(*b"12345678901234567890");
        let new = NewSecondStep::new("p".to_owned(), &secret, ("Fjordvik kommune", "kari"));
        assert_eq!(new.key, "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert!((41..=70).contains(&new.width), "{}", new.width);
        let squares = new.path.matches('M').count();
        assert!(400 < squares, "{squares}");
        assert_eq!(squares_of("x".repeat(5_000)), 0);
    }

    fn squares_of(text: String) -> usize {
        squares(&text).0
    }
}
