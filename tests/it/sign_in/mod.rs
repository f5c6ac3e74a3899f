//! Coming in: by a provider of identities, by a second step, and past the lock of a shared desk.

mod certified;
mod demanded;
mod demands;
mod ended;
mod hostile;
mod key;
mod lock;
mod lying;
mod second_step;
