//! What leaves the service by an editor's wish, beside the letters.

mod files;
