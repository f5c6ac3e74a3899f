//! The `skranke` command.

use std::process::ExitCode;

use tikv_jemallocator::Jemalloc;

/// Many threads look things up at once for hours. The system's own allocator keeps what each of
/// them has freed, and lets them wait for each other.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    skranke::cli::run()
}
