//! The second step of signing in: codes by time (RFC 6238) as every authenticator app makes them,
//! and recovery codes for the day the telephone is lost.

use std::fmt;

use jiff::Timestamp;
use ring::hmac;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::token::hex;

/// A code changes so often.
const STEP_SECONDS: i64 = 30;
/// A code is still taken so many steps after its own: whoever reads it just before it changes needs
/// time to type and send it (RFC 6238, 5.2). None is taken before its time.
const LATE_STEPS: i64 = 1;
/// What base32 writes with (RFC 4648, 6).
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// The same for reading aloud and copying by hand: nothing that looks like something else.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz123456789";

/// What an authenticator app and we share; made anew when it is needed, and kept nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct StepSecret([u8; 20]);

impl StepSecret {
    /// Takes the bytes.
    pub const fn new(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    /// What the secret is made of, together with the data folder's own: 128 random bits.
    pub fn new_public() -> String {
        hex(&random::<16>())
    }

    /// Whether a text has the form of such a public part.
    pub fn is_public(text: &str) -> bool {
        text.len() == 32 && text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
    }

    /// The key as apps read it.
    pub fn base32(&self) -> String {
        let groups = self.0.chunks(5).flat_map(|five| {
            let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            (0..8).rev().map(move |group| (bits >> (group * 5) & 31) as usize)
        });
        groups.map(|it| char::from(BASE32[it])).collect()
    }

    /// The code of a time step.
    fn code(&self, step: u64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let bytes = tag.as_ref();
        // RFC 4226, 5.3: the last four bits say where the number begins.
        let from = usize::from(bytes[19] & 0x0f);
        let number =
            bytes[from..from + 4].iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
    }

    /// The step that a typed code is of, if it holds now and neither it nor a later one was taken
    /// before.
    pub fn step_of(&self, typed: &str, now: Timestamp, used: Option<u64>) -> Option<u64> {
        let typed: String = typed.chars().filter(|it| !it.is_whitespace()).take(7).collect();
        let at = now.as_second().div_euclid(STEP_SECONDS);
        let steps = at - LATE_STEPS..=at;
        steps
            .filter_map(|step| u64::try_from(step).ok())
            .filter(|step| used.is_none_or(|used| used < *step))
            .find(|step| bool::from(self.code(*step).as_bytes().ct_eq(typed.as_bytes())))
    }
}

impl fmt::Debug for StepSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StepSecret(***)")
    }
}

/// A code that stands in for the telephone, once: 120 random bits. Nobody tries those out, so a
/// plain hash of it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// Somebody gets so many.
    pub const COUNT: usize = 10;
    /// So many letters, in groups.
    const LETTERS: usize = 28;
    const GROUP: usize = 4;

    /// Makes a new one.
    pub fn random() -> Self {
        let letters = random::<{ Self::LETTERS }>();
        Self(letters.iter().map(|it| char::from(LETTERS[usize::from(*it & 31)])).collect())
    }

    /// Reads what somebody typed, however it is grouped.
    pub fn parse(typed: &str) -> Option<Self> {
        let text: String = typed
            .chars()
            .filter(|it| !it.is_whitespace() && *it != '-')
            .take(Self::LETTERS + 1)
            .flat_map(char::to_lowercase)
            .collect();
        let fits = text.len() == Self::LETTERS && text.bytes().all(|it| LETTERS.contains(&it));
        fits.then_some(Self(text))
    }

    /// What is shown once.
    pub fn grouped(&self) -> String {
        let groups = self.0.as_bytes().chunks(Self::GROUP);
        groups.map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
    }

    /// What is kept.
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(format!("recovery:{}", self.0)))
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(***)")
    }
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> StepSecret {
        StepSecret::new(*b"12345678901234567890")
    }

    #[test]
    fn the_codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, the last six digits.
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000_i64, "353130"),
        ] {
            assert_eq!(secret().code(u64::try_from(second / 30).unwrap()), code, "{second}");
        }
        assert_eq!(secret().base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    #[test]
    fn a_code_holds_for_its_step_and_the_one_after_and_is_taken_once() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let (code, step) = (secret().code(100), Some(100));
        let step_of = |second, used| secret().step_of(&code, at(second), used);
        assert_eq!(step_of(3_000, None), step);
        assert_eq!((step_of(3_029, None), step_of(3_059, None)), (step, step));
        assert_eq!((step_of(2_999, None), step_of(3_060, None)), (None, None));
        assert_eq!((step_of(3_000, Some(99)), step_of(3_000, Some(100))), (step, None));
        assert_eq!(
            secret().step_of(&format!(" {} {} ", &code[..3], &code[3..]), at(3_000), None),
            step
        );
        for wrong in ["", "12345", "0000000", &code[..5], &format!("{code}0")] {
            assert_eq!(secret().step_of(wrong, at(3_000), None), None, "{wrong}");
        }
    }

    #[test]
    fn a_recovery_code_is_read_back_as_it_is_copied() {
        let code = RecoveryCode::random();
        assert_ne!(code, RecoveryCode::random());
        let shown = code.grouped();
        assert_eq!(shown.len(), 34);
        for typed in [shown.clone(), shown.to_uppercase(), shown.replace('-', " ")] {
            assert_eq!(
                RecoveryCode::parse(&typed).map(|it| it.hash()),
                Some(code.hash()),
                "{typed}"
            );
        }
        assert_eq!(RecoveryCode::parse(&shown[1..]), None);
        assert_eq!(RecoveryCode::parse(&format!("{shown}a")), None);
        let letters: std::collections::BTreeSet<u8> = LETTERS.iter().copied().collect();
        assert_eq!(letters.len(), 32, "each letter is as likely as any other");
    }
}
