//! The journal as its users see it, in real files.
