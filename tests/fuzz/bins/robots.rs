//! Any bytes: see `tests/fuzz/targets/robots.rs`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| skranke_fuzz::robots(bytes));

#[cfg(not(fuzzing))]
fn main() {
    skranke_fuzz::chance::run(env!("CARGO_BIN_NAME"), skranke_fuzz::robots);
}
