//! The key that a person's browser keeps unsent questions under, so that nobody else who sits down
//! at that browser, or copies its files, can read them.
//!
//! It is made anew from one secret, the person and the day, so that nothing is kept for each; and
//! it opens nothing but what that browser has put away.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use ring::hmac;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Person, StepSecret};
use crate::id::Id;

/// A key for AES-256.
pub type BrowserKey = [u8; 32];

/// The file of the secret, in the data folder. It is in no backup: it protects browsers and signs
/// what webhooks tell, and a copy of it would only help whoever has taken one.
const FILE: &str = "browser-secret";
/// Keeps the secret's use for this apart from any other.
const PURPOSE: &[u8; 16] = b"skranke-browser1";
const WEBHOOK_PURPOSE: &[u8; 16] = b"skranke-webhook1";
const SECOND_STEP_PURPOSE: &[u8; 16] = b"skranke-2ndstep1";
const DEVICE_PURPOSE: &[u8; 16] = b"skranke-device01";

/// A day, counted from the first one of 1970.
pub type DayNumber = u32;

/// Makes the keys of a data folder.
#[derive(Debug)]
pub struct BrowserKeys {
    path: PathBuf,
    secret: Mutex<Option<Secret>>,
}

#[derive(Clone, Copy)]
struct Secret([u8; 32]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl BrowserKeys {
    /// Those of a data folder. The secret is read, or made, with the first key: a full disk must
    /// not keep anybody from starting.
    pub fn new(data: &Path) -> Self {
        Self { path: data.join(FILE), secret: Mutex::default() }
    }

    /// The key of a person for what is put away on a day. Blocks.
    ///
    /// # Errors
    /// When the secret can neither be read nor made.
    pub fn key(&self, person: Id<Person>, day: DayNumber) -> io::Result<BrowserKey> {
        let Secret(secret) = self.secret()?;
        // Every part has a fixed length, so that no two askings hash the same bytes.
        let digest = Sha256::new()
            .chain_update(PURPOSE)
            .chain_update(secret)
            .chain_update(person.uuid().as_bytes())
            .chain_update(day.to_be_bytes());
        Ok(digest.finalize().into())
    }

    /// The key that a webhook signs with when its secret was made anew so often. Nothing of it is
    /// in the journal: whoever reads a copy of that could sign in our name. Blocks.
    ///
    /// # Errors
    /// When the secret can neither be read nor made.
    pub fn signing_key(&self, hook: Uuid, renewed: u32) -> io::Result<[u8; 32]> {
        let Secret(secret) = self.secret()?;
        let digest = Sha256::new()
            .chain_update(WEBHOOK_PURPOSE)
            .chain_update(secret)
            .chain_update(hook.as_bytes())
            .chain_update(renewed.to_be_bytes());
        Ok(digest.finalize().into())
    }

    /// What a person's authenticator app shares with us, for the public part that stands in the
    /// journal. Nothing of it is in a backup or an export. Blocks.
    ///
    /// # Errors
    /// When the secret can neither be read nor made.
    pub fn second_step(&self, person: Id<Person>, public: &str) -> io::Result<StepSecret> {
        let Secret(secret) = self.secret()?;
        let mut made = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &secret));
        made.update(SECOND_STEP_PURPOSE);
        made.update(person.uuid().as_bytes());
        made.update(public.as_bytes());
        let mut bytes = [0; 20];
        bytes.copy_from_slice(&made.sign().as_ref()[..20]);
        Ok(StepSecret::new(bytes))
    }

    /// What proves that a browser has signed in to an account on a day. Blocks.
    ///
    /// # Errors
    /// When the secret can neither be read nor made.
    pub fn device_tag(
        &self,
        person: Id<Person>,
        device: [u8; 16],
        day: DayNumber,
    ) -> io::Result<[u8; 32]> {
        let Secret(secret) = self.secret()?;
        let digest = Sha256::new()
            .chain_update(DEVICE_PURPOSE)
            .chain_update(secret)
            .chain_update(person.uuid().as_bytes())
            .chain_update(device)
            .chain_update(day.to_be_bytes());
        Ok(digest.finalize().into())
    }

    /// The day of a time, as keys count it.
    pub fn day(at: Timestamp) -> DayNumber {
        const DAY_SECONDS: i64 = 24 * 60 * 60;
        u32::try_from(at.as_second() / DAY_SECONDS).unwrap_or(0)
    }

    fn secret(&self) -> io::Result<Secret> {
        let mut held = self.secret.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(secret) = *held {
            return Ok(secret);
        }
        let secret = match fs::read(&self.path) {
            Ok(bytes) => Secret(bytes.try_into().map_err(|_| self.damaged())?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => made(&self.path)?,
            Err(error) => return Err(error),
        };
        *held = Some(secret);
        Ok(secret)
    }

    fn damaged(&self) -> io::Error {
        let path = self.path.display();
        io::Error::other(format!("{path} is not 32 bytes long; remove it, and another is made"))
    }
}

/// Writes a new secret beside its place and moves it there, so that none is ever half.
fn made(path: &Path) -> io::Result<Secret> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(io::Error::other)?;
    let beside = path.with_extension("partial");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(&secret)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    fs::File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(Secret(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(n: u8) -> Id<Person> {
        Id::derived(&[b"test", &[n]])
    }

    #[test]
    fn each_person_and_day_has_a_key_that_a_restart_does_not_change() {
        let folder = tempfile::tempdir().unwrap();
        let keys = BrowserKeys::new(folder.path());
        let key = keys.key(person(1), 1).unwrap();
        assert_ne!(keys.key(person(2), 1).unwrap(), key);
        assert_ne!(keys.key(person(1), 2).unwrap(), key);
        assert_eq!(BrowserKeys::new(folder.path()).key(person(1), 1).unwrap(), key);
        let other = tempfile::tempdir().unwrap();
        assert_ne!(BrowserKeys::new(other.path()).key(person(1), 1).unwrap(), key);
    }

    #[cfg(unix)]
    #[test]
    fn the_secret_is_the_services_alone_and_a_damaged_one_is_named() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        BrowserKeys::new(folder.path()).key(person(1), 1).unwrap();
        let path = folder.path().join(FILE);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&path, "short").unwrap();
        let error = BrowserKeys::new(folder.path()).key(person(1), 1).unwrap_err();
        assert!(error.to_string().contains("browser-secret"), "{error}");
    }
}
