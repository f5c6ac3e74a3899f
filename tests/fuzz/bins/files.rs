//! Any bytes: see `tests/fuzz/targets/files.rs`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| skranke_fuzz::files(bytes));

#[cfg(not(fuzzing))]
fn main() {
    skranke_fuzz::chance::run(env!("CARGO_BIN_NAME"), skranke_fuzz::files);
}
