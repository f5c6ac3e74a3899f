//! PDF and DOCX: read within the limits or refused. The input is a PDF, or the inside of a DOCX.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::time::{Duration, Instant};

use super::extract::extract;
use super::html_target::is_within_limits;
use crate::made::docx;

/// A file of some kilobytes takes at most so long: the parent gives a child no more.
const TIME_MAX: Duration = Duration::from_secs(10);

/// A panic of the library that reads PDF is caught where it is called, so it is no finding; one
/// that comes out is.
pub fn holds(input: &[u8]) {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    let Err(panic) = catch_unwind(AssertUnwindSafe(|| reads(input))) else {
        return;
    };
    let said = panic.downcast_ref::<String>().map(String::as_str);
    eprintln!("{}", said.or(panic.downcast_ref::<&str>().copied()).unwrap_or("a panic"));
    std::process::abort();
}

fn reads(input: &[u8]) {
    let is_pdf = input.windows(5).take(1_024).any(|it| it == b"%PDF-");
    let file = match is_pdf {
        true => input.to_vec(),
        false => docx("Reglar", &String::from_utf8_lossy(input)),
    };
    let begun = Instant::now();
    let read = extract(&file, None);
    assert!(begun.elapsed() < TIME_MAX, "{:?}", begun.elapsed());
    if let Ok(page) = read {
        // What a PDF draws may be drawn again and again.
        let bytes = if is_pdf { 10 * 1024 * 1024 } else { file.len() };
        is_within_limits(&page, bytes);
    }
}
