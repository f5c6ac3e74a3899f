//! What a machine does to a service: kills, damage, a journal that can no longer be written.

mod kill;
mod store;
