//! The `skranke` command.

fn main() {}
