//! Random input for any compiler: `cargo run --release --bin robots -- 100000`, in this folder.

use std::panic::{catch_unwind, resume_unwind};

/// Tries so many inputs as the command line says: half of their bytes are from files that were
/// kept for the target, so that some of them make sense.
pub fn run(target: &str, holds: fn(&[u8])) {
    let rounds = std::env::args().nth(1).and_then(|it| it.parse().ok()).unwrap_or(10_000_u32);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/");
    let inside = std::fs::read_dir(format!("{folder}{target}"));
    let kept =
        inside.into_iter().flatten().flatten().filter_map(|it| std::fs::read(it.path()).ok());
    let kept: Vec<Vec<u8>> = kept.filter(|it| !it.is_empty()).collect();
    kept.iter().for_each(|it| holds(it));
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = move |end: usize| {
        // Xorshift, Marsaglia 2003.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 16) as usize % end.max(1)
    };
    for round in 0..rounds {
        let mut bytes = vec![];
        for _ in 0..=below(8) {
            let other = kept.get(below(kept.len())).filter(|_| below(2) == 0);
            match other {
                Some(other) => {
                    let from = below(other.len());
                    let to = (from + below(400)).min(other.len());
                    bytes.extend_from_slice(&other[from..to]);
                }
                None => bytes.extend((0..below(40)).map(|_| below(256) as u8)),
            }
        }
        if let Err(panic) = catch_unwind(|| holds(&bytes)) {
            eprintln!("{target}, input {round}: {:?}", String::from_utf8_lossy(&bytes));
            resume_unwind(panic);
        }
    }
    println!("{target}: {} kept inputs and {rounds} random ones hold", kept.len());
}
