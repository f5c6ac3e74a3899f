//! The `skranke` command.

use std::process::ExitCode;

use tikv_jemallocator::Jemalloc;

/// Many threads look things up at once for hours. The system's own allocator keeps what each of
/// them has freed, and lets them wait for each other.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

/// What the allocator is told, under the name that it looks for: large pieces, such as pages of
/// others, go back to the system at once, and small ones soon, by a thread that does nothing else.
/// Two arenas have less lying about than four for each core, and nobody was seen to wait for one.
#[expect(unsafe_code, reason = "a name that others look for; nobody else has it")]
#[unsafe(export_name = "_rjem_malloc_conf")]
pub static SETTINGS: &[u8; 95] = b"narenas:2,background_thread:true,dirty_decay_ms:200,\
    muzzy_decay_ms:0,oversize_threshold:131072\0";

fn main() -> ExitCode {
    skranke::cli::run()
}
