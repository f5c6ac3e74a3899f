//! Rules on the numbers in papers: each is the one in the code.

use super::tree::File;

/// The paper whose numbers are held.
const PAPER: &str = "deploy/security.md";

/// What the paper says, the file that decides it, and the line there that makes it true.
const NUMBERS: &[(&str, &str, &str)] = &[
    ("at least 12 characters", "src/people/passphrase/mod.rs", "CHARS_MIN: usize = 12;"),
    ("12 to 200 characters", "src/people/passphrase/mod.rs", "CHARS_MAX: usize = 200;"),
    ("fewer than 8 signs of its own", "src/people/passphrase/guessed.rs", "LEFT_MIN: usize = 8;"),
    (
        "10 tries a minute of an address",
        "src/http/edge/throttle/tries.rs",
        "OF_ADDRESS: Budget = Budget { tries: 10, within: SignedDuration::from_mins(1) };",
    ),
    (
        "30 a quarter of an hour at an account",
        "src/http/edge/throttle/tries.rs",
        "OF_ACCOUNT: Budget = Budget { tries: 30, within: SignedDuration::from_mins(15) };",
    ),
    ("5 codes for each passphrase", "src/http/sign_in/half_way.rs", "TRIES_MAX: u32 = 5;"),
    (
        "120 random bits in place of the app's code, each once, 10 of them",
        "src/people/second_step.rs",
        "COUNT: usize = 10;",
    ),
    (
        "once, within 72 hours",
        "src/app/account/links.rs",
        "LINK_LASTS: SignedDuration = SignedDuration::from_hours(72);",
    ),
    ("5 wrong tries at one link", "src/http/edge/throttle/mod.rs", "MISSES_FREE: u32 = 5;"),
    (
        "once, within 60 minutes",
        "src/app/account/mod.rs",
        "SETUP_CODE_LASTS: SignedDuration = SignedDuration::from_mins(60);",
    ),
    ("300 calls a minute", "src/http/edge/throttle/pace.rs", "CALLS_PER_MINUTE_MAX: u32 = 300;"),
    (
        "| without a request | 4 hours |",
        "src/people/session.rs",
        "SESSION_IDLE: SignedDuration = SignedDuration::from_hours(4);",
    ),
    (
        "| in all | 12 hours |",
        "src/people/session.rs",
        "SESSION_ABSOLUTE: SignedDuration = SignedDuration::from_hours(12);",
    ),
    (
        "| after a code was asked for | 5 minutes |",
        "src/http/sign_in/half_way.rs",
        "LASTS: SignedDuration = SignedDuration::from_mins(5);",
    ),
    ("| at once, of one person | 20 |", "src/people/session.rs", "OF_PERSON_MAX: usize = 20;"),
    ("| at once, of all | 20,000 |", "src/people/session.rs", "SESSIONS_MAX: usize = 20_000;"),
    (
        "having signed in | 365 days |",
        "src/http/edge/throttle/device.rs",
        "DAYS_MAX: DayNumber = 365;",
    ),
    (
        "at most 31 days back",
        "src/http/api/log.rs",
        "ASKED_BACK_MAX: SignedDuration = SignedDuration::from_hours(31 * 24);",
    ),
    (
        "5 minutes ahead",
        "src/http/api/log.rs",
        "CLOCKS_APART_MAX: SignedDuration = SignedDuration::from_mins(5);",
    ),
    ("at most 60 days back", "src/http/today.rs", "DAYS_BACK_MAX: i32 = 60;"),
    (
        "of the last day",
        "src/http/log/mod.rs",
        "OWN_SPAN: SignedDuration = SignedDuration::from_hours(24);",
    ),
    ("| shared links | 90 days at most,", "src/app/out/links.rs", "LINK_DAYS_MAX: i64 = 90;"),
    ("20 for a gap", "src/app/out/links.rs", "LINKS_PER_GAP_MAX: usize = 20;"),
    ("words 1 to 120 months", "src/organisation/mod.rs", "MONTHS: RangeInclusive<u16> = 1..=120;"),
    ("who logged 1 to 365 days", "src/organisation/mod.rs", "DAYS: RangeInclusive<u16> = 1..=365;"),
    (
        "sessions 1 to 30 days",
        "src/organisation/mod.rs",
        "SESSION_DAYS: RangeInclusive<u16> = 1..=30;",
    ),
    ("a request has at most 64 kB", "src/http/mod.rs", "BODY_BYTES_MAX: usize = 64 * 1024;"),
    (
        "| 50 MB, 1,000,000 rows,",
        "src/inquiry/import/mod.rs",
        "FILE_BYTES_MAX: usize = 50 * 1024 * 1024;",
    ),
    ("1,000,000 rows", "src/inquiry/import/mod.rs", "ROWS_MAX: usize = 1_000_000;"),
    ("200 columns", "src/inquiry/import/mod.rs", "COLUMNS_MAX: usize = 200;"),
    ("10,000 characters a cell", "src/inquiry/import/mod.rs", "CELL_CHARS_MAX: usize = 10_000;"),
    (
        "a workbook 100 MB",
        "src/inquiry/import/xlsx.rs",
        "UNPACKED_BYTES_MAX: usize = 100 * 1024 * 1024;",
    ),
    ("1,000 parts", "src/inquiry/import/xlsx.rs", "PARTS_MAX: usize = 1_000;"),
    ("50 sheets", "src/inquiry/import/xlsx.rs", "SHEETS_MAX: usize = 50;"),
    (
        "| 500 MB, 50 MB a mail,",
        "src/inquiry/import/mail.rs",
        "MAIL_BYTES_MAX: usize = 500 * 1024 * 1024;",
    ),
    ("50 MB a mail", "src/inquiry/import/mail.rs", "MESSAGE_BYTES_MAX: usize = 50 * 1024 * 1024;"),
    ("200,000 mails", "src/inquiry/import/mail.rs", "MESSAGES_MAX: usize = 200_000;"),
    ("100,000 pages", "src/page/saved/mod.rs", "PAGES_MAX: usize = 100_000;"),
    ("folders 40 deep", "src/page/saved/mod.rs", "DEPTH_MAX: usize = 40;"),
    ("10 MB a page", "src/page/saved/mod.rs", "PAGE_BYTES_MAX: usize = HTML_BYTES_MAX;"),
    (
        "by content, not by name | 10 MB |",
        "src/page/extract/mod.rs",
        "HTML_BYTES_MAX: usize = 10 * 1024 * 1024;",
    ),
    ("2 codings in each other", "src/net/unpack.rs", "LAYERS_MAX: usize = 2;"),
    (
        "a part of a DOCX 32 MB",
        "src/page/extract/files/docx.rs",
        "PART_BYTES_MAX: u64 = 32 * 1024 * 1024;",
    ),
    ("500 pages of a PDF", "src/page/extract/files/pdf.rs", "PAGES_MAX: u32 = 500;"),
    ("reads has 512 MB", "src/page/worker.rs", "MEMORY_BYTES_MAX: u64 = 512 * 1024 * 1024;"),
    ("| 500 kB; 10 MB |", "src/page/crawl/site/robots.rs", "ROBOTS_BYTES_MAX: usize = 500 * 1024;"),
    (
        "| 500 kB; 10 MB |",
        "src/page/crawl/site/sitemap.rs",
        "SITEMAP_BYTES_MAX: usize = 10 * 1024 * 1024;",
    ),
    ("256 kB of text", "src/http/edge/theme.rs", "THEME_BYTES_MAX: usize = 256 * 1024;"),
    ("a line 20 MB", "src/app/keeping/lines.rs", "LINE_BYTES_MAX: u64 = 20 * 1024 * 1024;"),
    ("| 1 MB; 64 kB |", "src/http/edge/serve/tls.rs", "FILE_BYTES_MAX: u64 = 1024 * 1024;"),
    ("| 1 MB; 64 kB |", "src/config/secret.rs", "FILE_BYTES_MAX: u64 = 64 * 1024;"),
    ("for 90 days at most, and gone", "src/http/browser.rs", "KEY_DAYS_MAX: DayNumber = 90;"),
    (
        "words 13 months, who logged 30 days, the audit 24 months",
        "src/organisation/mod.rs",
        "Self { text_months: 13, author_days: 30, audit_months: 24, session_days: 30 }",
    ),
    ("after 35 days", "src/config/mod.rs", "\"SKRANKE_BACKUP_KEEP\", \"35\""),
    ("good for an hour", "src/http/edge/cookies.rs", "Keep::Hour => \"; Max-Age=3600\""),
    ("19,456 KiB, 2 passes, 1 lane", "src/people/passphrase/mod.rs", "m=19456,t=2,p=1"),
    ("six digits in 30 seconds", "src/people/second_step.rs", "STEP_SECONDS: i64 = 30;"),
    (
        "memory, 10 minutes",
        "src/oidc/flow.rs",
        "LASTS: SignedDuration = SignedDuration::from_mins(10);",
    ),
    (
        "RS256, PS256, ES256",
        "src/oidc/keys.rs",
        "[Algorithm::RS256, Algorithm::PS256, Algorithm::ES256]",
    ),
    (
        "read anew every hour",
        "src/oidc/provider.rs",
        "FRESH: SignedDuration = SignedDuration::from_hours(1);",
    ),
    (
        "told 21 days ahead",
        "src/http/edge/serve/tls.rs",
        "TELL_BEFORE: SignedDuration = SignedDuration::from_hours(21 * 24);",
    ),
    ("128 kept | stopping letters", "src/post/stop.rs", "MAC_BYTES: usize = 16;"),
];

/// A number that stands in the paper or in the code alone.
pub(crate) fn told(files: &[File]) -> Vec<String> {
    apart(files, NUMBERS)
}

fn apart(files: &[File], numbers: &[(&str, &str, &str)]) -> Vec<String> {
    let text =
        |path: &str| files.iter().find(|it| it.path == path).map_or("", |it| it.text.as_str());
    let mut complaints = Vec::new();
    for (says, path, code) in numbers {
        // How a line is broken says nothing.
        let flat = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
        if !flat(text(path)).contains(&flat(code)) {
            complaints.push(format!("{path}:1: no longer has `{code}`; mend {PAPER}: {says:?}"));
        }
        if !text(PAPER).contains(says) {
            complaints.push(format!("{PAPER}:1: no longer says {says:?}, as {path} has it"));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::{complains, file, passes};

    #[test]
    fn a_number_that_was_changed_in_one_place_alone_is_found() {
        let numbers = [("twelve of them", "src/a.rs", "A_MAX: usize = 12;")];
        let told = |paper: &str, code: &str| {
            apart(&[file(PAPER, paper), file("src/a.rs", code)], &numbers)
        };
        passes(told("There are twelve of them.", "const A_MAX: usize\n    = 12;"));
        complains(told("There are twelve of them.", "const A_MAX: usize = 13;"), "no longer has");
        complains(told("There are ten of them.", "const A_MAX: usize = 12;"), "no longer says");
        complains(apart(&[file(PAPER, "twelve of them")], &numbers), "src/a.rs:1: no longer has");
    }
}
