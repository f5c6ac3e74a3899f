//! What stands in letters: true figures, and headers that no name can break.

mod headers;
mod recompute;
