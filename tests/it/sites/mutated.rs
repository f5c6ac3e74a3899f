//! Pages and files that were damaged at random: each is read or refused, in time and within the
//! limits.
//!
//! `SKRANKE_FUZZ_SECONDS=600 cargo nextest run --workspace -E 'test(mutated::)' --no-capture`
//! goes on for ten minutes.

use std::path::Path;
use std::time::{Duration, Instant};

use skranke::page::{ParseError, Parser};

use crate::harness::files::{docx, paragraph, pdf};

/// So long it goes on when nobody says otherwise.
const SECONDS: u64 = 3;
/// A page takes at most so long, also on a busy machine.
const SECONDS_A_PAGE: u64 = 9;
/// The longest passage there is.
const PASSAGE_WORDS_MAX: usize = 200;

/// What a random change puts in, beside bytes and pieces of other files.
const PIECES: [&str; 22] = [
    "<div>",
    "</div>",
    "<table><tr>",
    "<td colspan=99999 rowspan=99999>",
    "<dl><dt>",
    "<details><summary>",
    "<p>",
    "<!--",
    "-->",
    "<script type='application/ld+json'>{\"@type\": \"Question\"",
    "<main>",
    "<svg><path/>",
    "<template>",
    "<h1>",
    "<pre>",
    " role=tab id=a ",
    " role=tabpanel aria-labelledby=a ",
    " itemtype='https://schema.org/Question' ",
    "<button aria-expanded>",
    "&#x0;",
    "\u{feff}",
    "endobj",
];

/// Numbers by chance, from a fixed start: xorshift, Marsaglia 2003.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let number = usize::try_from(self.0 >> 16).expect("48 bits fit");
        number % end.max(1)
    }

    /// A copy of one of the files with some changes.
    fn damaged(&mut self, files: &[Vec<u8>]) -> Vec<u8> {
        let mut file = files[self.below(files.len())].clone();
        for _ in 0..=self.below(12) {
            let at = self.below(file.len());
            let end = (at + self.below(400)).min(file.len());
            match self.below(6) {
                0 if !file.is_empty() => file[at] = self.below(256) as u8,
                1 => drop(file.drain(at..end)),
                2 => {
                    let piece = PIECES[self.below(PIECES.len())].repeat(1 + self.below(300));
                    file.splice(at..at, piece.bytes()).for_each(drop);
                }
                3 => {
                    let other = &files[self.below(files.len())];
                    let from = self.below(other.len());
                    let piece = other[from..(from + 2_000).min(other.len())].to_vec();
                    file.splice(at..at, piece).for_each(drop);
                }
                4 => {
                    let piece = file[at..end].to_vec();
                    file.splice(at..at, piece).for_each(drop);
                }
                _ => file.truncate(at.max(1)),
            }
        }
        file
    }
}

fn files() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/site");
    let mut pages: Vec<_> = std::fs::read_dir(folder).expect("it lies there").flatten().collect();
    pages.sort_by_key(std::fs::DirEntry::path);
    let html = pages.iter().map(std::fs::DirEntry::path).filter(|it| it.is_file());
    let mut files: Vec<Vec<u8>> =
        html.map(|it| std::fs::read(it).expect("it can be read")).collect();
    files.push(pdf("Satsar", &[&[(15, 50, 700, "Barnehage"), (11, 50, 680, "2 000 kr")], &[]]));
    let text = [paragraph("Overskrift1", "Reglar"), paragraph("", "Salen kostar 500 kr.")];
    files.push(docx("Reglar", &text.concat()));
    files
}

#[test]
fn damaged_pages_and_files_are_read_or_refused() {
    let told = std::env::var_os("SKRANKE_FUZZ_SECONDS").and_then(|it| it.to_str()?.parse().ok());
    let until = Instant::now() + Duration::from_secs(told.unwrap_or(SECONDS));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (files, mut chance, mut count) = (files(), Chance(0x9e37_79b9_7f4a_7c15), 0_u64);
    let kinds = [None, Some("text/html; charset=utf-8"), Some("application/pdf")];
    while Instant::now() < until {
        let file = chance.damaged(&files);
        let kind = kinds[chance.below(kinds.len())];
        let begun = Instant::now();
        let read = runtime.block_on(Parser::InProcess.parse(file.clone(), kind));
        let kept = || {
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("damaged");
            std::fs::write(&path, &file).expect("it can be kept");
            format!("input {count}, kept as {}", path.display())
        };
        assert!(!matches!(read, Err(ParseError::Died)), "a panic: {}", kept());
        assert!(begun.elapsed() < Duration::from_secs(SECONDS_A_PAGE), "slow: {}", kept());
        for passage in read.map(|it| it.passages).unwrap_or_default() {
            let words = passage.text.split_whitespace().count();
            assert!((1..=PASSAGE_WORDS_MAX).contains(&words), "{words} words: {}", kept());
        }
        count += 1;
    }
    println!("{count} inputs");
}
