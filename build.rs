//! Stops the build with one clear sentence when the design system has not been fetched.

use std::path::Path;

fn main() {
    const NEEDED: [&str; 3] = ["designsystemet.css", "theme.css", "designsystemet.js"];
    println!("cargo:rerun-if-changed=web/vendor");
    println!("cargo:rerun-if-changed=web/styles");
    println!("cargo:rerun-if-changed=web/scripts");
    println!("cargo:rerun-if-changed=web/messages");
    println!("cargo:rerun-if-changed=web/help");
    println!("cargo:rerun-if-changed=web/papers");
    println!("cargo:rerun-if-changed=web/pictures/help");
    if !NEEDED.iter().all(|name| Path::new("web/vendor").join(name).is_file()) {
        eprintln!("Run `make setup` first: it fetches the design system (npm)");
        std::process::exit(1);
    }
}
