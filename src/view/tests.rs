//! The view as its users see it, in real files.
