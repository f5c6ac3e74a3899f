//! The `skranke` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    skranke::cli::run()
}
