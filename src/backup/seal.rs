//! Encryption of a backup's files to a recipient, in the age format: `age` reads them too.
//!
//! Only the recipient's public key is on the machine that makes backups; who steals a backup, or
//! the machine's settings, reads nothing.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use age::x25519;
use age::{Decryptor, Encryptor};
use sha2::{Digest, Sha256};

use super::{BackupError, PIECE_BYTES, hex, io as failed};

/// How the name of an encrypted file ends.
pub(super) const SEALED: &str = ".age";

/// Whom backups are encrypted to: the public half of an age key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient(x25519::Recipient);

/// The secret half of an age key.
#[derive(Clone)]
pub struct Identity(Vec<x25519::Identity>);

impl Recipient {
    /// Reads `age1...`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let recipient = text.parse().map(Self);
        recipient.map_err(|_| format!("not the public key of an age key, as age1...: {text:?}"))
    }
}

impl std::fmt::Display for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity(***)")
    }
}

impl Identity {
    /// Reads a file as `age-keygen` writes it: secret keys, comments and empty lines.
    pub fn load(path: &Path) -> Result<Self, BackupError> {
        let text = std::fs::read_to_string(path).map_err(failed("read", path))?;
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|it| !it.is_empty() && !it.starts_with('#'));
        let keys: Result<Vec<x25519::Identity>, _> = lines.map(str::parse).collect();
        match keys {
            Ok(keys) if !keys.is_empty() => Ok(Self(keys)),
            _ => Err(BackupError::BadIdentity { path: path.to_owned() }),
        }
    }
}

/// Counts and hashes what is written through it.
struct Counting {
    file: File,
    hash: Sha256,
    bytes: u64,
}

impl Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.file.write(bytes)?;
        self.hash.update(&bytes[..n]);
        self.bytes += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Writes a new file for a recipient, durably; tells its length and SHA-256 as they are on disk.
pub(super) fn seal(
    path: &Path,
    from: &mut dyn Read,
    recipient: &Recipient,
) -> io::Result<(u64, String)> {
    let file = Counting { file: File::create(path)?, hash: Sha256::new(), bytes: 0 };
    let recipient: &dyn age::Recipient = &recipient.0;
    let encryptor =
        Encryptor::with_recipients(std::iter::once(recipient)).map_err(io::Error::other)?;
    let mut sealing = encryptor.wrap_output(file)?;
    copy(from, &mut sealing)?;
    let Counting { file, hash, bytes } = sealing.finish()?;
    file.sync_all()?;
    Ok((bytes, hex(hash)))
}

/// Opens an encrypted file.
pub(super) fn unseal(file: File, identity: &Identity) -> io::Result<impl Read + use<>> {
    let decryptor = Decryptor::new(file).map_err(io::Error::other)?;
    let keys = identity.0.iter().map(|it| it as &dyn age::Identity);
    decryptor.decrypt(keys).map_err(io::Error::other)
}

fn copy(from: &mut dyn Read, to: &mut impl Write) -> io::Result<()> {
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let n = from.read(&mut piece)?;
        if n == 0 {
            return Ok(());
        }
        to.write_all(&piece[..n])?;
    }
}

#[cfg(test)]
mod tests {
    use age::secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn only_the_recipient_reads_what_was_sealed() {
        let folder = tempfile::tempdir().unwrap();
        let keys = || {
            let key = x25519::Identity::generate();
            let path = folder.path().join(key.to_public().to_string());
            let text = format!("# created: today\n\n{}\n", key.to_string().expose_secret());
            std::fs::write(&path, text).unwrap();
            (
                Recipient::parse(&key.to_public().to_string()).unwrap(),
                Identity::load(&path).unwrap(),
            )
        };
        let ((recipient, identity), (_, other)) = (keys(), keys());
        let (path, text) = (folder.path().join("a.age"), "kvitrysande ".repeat(20_000));
        let (bytes, sha256) = seal(&path, &mut text.as_bytes(), &recipient).unwrap();
        assert_eq!(super::super::hash_of(&path).unwrap(), (bytes, sha256));
        let sealed = std::fs::read(&path).unwrap();
        assert!(!sealed.windows(11).any(|it| it == b"kvitrysande"));
        let mut found = String::new();
        unseal(File::open(&path).unwrap(), &identity).unwrap().read_to_string(&mut found).unwrap();
        assert_eq!(found, text);
        assert!(unseal(File::open(&path).unwrap(), &other).is_err());
        std::fs::write(&path, &sealed[..sealed.len() - 1]).unwrap();
        let mut cut = unseal(File::open(&path).unwrap(), &identity).unwrap();
        assert!(cut.read_to_string(&mut found).is_err());
        assert!(Recipient::parse("age1x").is_err());
    }
}
