//! Files that nobody else may read: keys, passwords, and what systemd hands over.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::VALUE_BYTES_MAX;

/// The longest key.
const FILE_BYTES_MAX: u64 = 64 * 1024;

/// Whom a file must be closed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Everybody but its owner.
    ToGroup,
    /// Everybody but its owner and its group: keys often belong to a group of their own, and so
    /// do the credentials that systemd hands over.
    ToOthers,
}

/// Reads a file that must be closed; the fault is a sentence that says what to do.
///
/// # Errors
/// When it cannot be read, is too long, or stands open.
pub fn read(path: &Path, closed: Closed) -> Result<String, String> {
    let shown = path.display();
    let fault = |error: std::io::Error| format!("{shown} cannot be read: {error}");
    let known = fs::metadata(path).map_err(fault)?;
    let mode = known.permissions().mode() & 0o777;
    if mode & 0o007 != 0 {
        return Err(format!("{shown} is open to everybody (mode {mode:o}); chmod 600 closes it"));
    }
    if closed == Closed::ToGroup && mode & 0o070 != 0 {
        return Err(format!("{shown} is open to its group (mode {mode:o}); chmod 600 closes it"));
    }
    if FILE_BYTES_MAX < known.len() {
        return Err(format!("{shown} is longer than {FILE_BYTES_MAX} bytes"));
    }
    let bytes = fs::read(path).map_err(fault)?;
    String::from_utf8(bytes).map_err(|_| format!("{shown} is not text"))
}

/// A secret as a setting has it: a line of text. The fault never quotes it.
pub(super) fn line(text: &str) -> Result<String, String> {
    let text = text.trim_end_matches(['\r', '\n']);
    if VALUE_BYTES_MAX < text.len() {
        return Err(format!("the value is longer than {VALUE_BYTES_MAX} bytes"));
    }
    if text.contains(|c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER) {
        return Err("the value has signs that are not text".to_owned());
    }
    if text.trim().is_empty() { Err("it is empty".to_owned()) } else { Ok(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(mode: u32, closed: Closed, fault: Option<&str>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        fs::write(&path, "hemmeleg\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let read = read(&path, closed);
        match fault {
            None => assert_eq!(read.unwrap(), "hemmeleg\n"),
            Some(fault) => {
                let said = read.unwrap_err();
                assert!(said.contains(fault) && said.contains("chmod 600"), "{said}");
                assert!(!said.contains("hemmeleg"), "{said}");
            }
        }
    }

    #[test]
    fn a_secret_that_others_can_read_is_refused() {
        check(0o600, Closed::ToGroup, None);
        check(0o400, Closed::ToGroup, None);
        check(0o640, Closed::ToGroup, Some("open to its group (mode 640)"));
        check(0o440, Closed::ToOthers, None);
        check(0o644, Closed::ToOthers, Some("open to everybody (mode 644)"));
        check(0o601, Closed::ToGroup, Some("open to everybody (mode 601)"));
    }

    #[test]
    fn a_secret_is_one_line_of_text_and_is_never_quoted() {
        assert_eq!(line("to ord \r\n").unwrap(), "to ord ");
        for bad in ["", "\n", "to\nlinjer", "a\u{1b}[2J", &"a".repeat(VALUE_BYTES_MAX + 1)] {
            let fault = line(bad).unwrap_err();
            assert!(!fault.contains("linjer") && !fault.contains("[2J"), "{fault}");
        }
    }
}
