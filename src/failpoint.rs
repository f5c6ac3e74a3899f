//! Named places where a test ends the process as a power cut would, or hangs.
//!
//! `SKRANKE_FAILPOINT=name` aborts at the first visit of that place, `name:3` at the third.
//! `SKRANKE_HANG=name` hangs whoever comes to that place.
//! Debug builds only: a release holds none of it.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

/// The variable that names the place.
const VARIABLE: &str = "SKRANKE_FAILPOINT";
/// The variable that names the place where all hang.
const HANG_VARIABLE: &str = "SKRANKE_HANG";

static WANTED: LazyLock<Option<Wanted>> = LazyLock::new(|| {
    #[expect(clippy::disallowed_methods, reason = "no setting: only tests of debug builds set it")]
    let text = std::env::var(VARIABLE).ok()?;
    Some(Wanted::parse(&text))
});
static HUNG: LazyLock<Option<String>> = LazyLock::new(|| {
    #[expect(clippy::disallowed_methods, reason = "no setting: only tests of debug builds set it")]
    let name = std::env::var(HANG_VARIABLE).ok();
    name
});
static VISITS: LazyLock<Mutex<HashMap<&'static str, u64>>> = LazyLock::new(Mutex::default);

#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    name: String,
    visit: u64,
}

impl Wanted {
    fn parse(text: &str) -> Self {
        let counted = text.rsplit_once(':').and_then(|(name, n)| Some((name, n.parse().ok()?)));
        let (name, visit) = counted.unwrap_or((text, 1));
        Self { name: name.to_owned(), visit }
    }
}

/// Ends the process here, without a destructor or a flush, when a test asked for it.
pub fn reached(name: &'static str) {
    if cfg!(debug_assertions)
        && let Some(wanted) = WANTED.as_ref()
        && wanted.name == name
    {
        let mut visits = VISITS.lock().unwrap_or_else(PoisonError::into_inner);
        let visit = visits.entry(name).or_default();
        *visit += 1;
        if *visit == wanted.visit {
            std::process::abort();
        }
    }
}

/// Hangs here for good, as on a disk that does not answer, when a test asked for it.
pub fn hung(name: &'static str) {
    while cfg!(debug_assertions) && HUNG.as_deref() == Some(name) {
        std::thread::park();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_named_alone_or_with_the_visit() {
        let wanted = |name: &str, visit| Wanted { name: name.to_owned(), visit };
        assert_eq!(Wanted::parse("backup-before-manifest"), wanted("backup-before-manifest", 1));
        assert_eq!(Wanted::parse("journal-roll:3"), wanted("journal-roll", 3));
    }
}
