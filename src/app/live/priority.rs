//! How background work gives way to people who wait.

/// Steps back half of the way to the least priority.
pub const BACK: i32 = 10;
/// The least priority.
pub const LEAST: i32 = 19;

/// Lowers the priority of this thread and of those that it starts; of a whole process when it is
/// called before there are others. Only Linux knows priorities of threads; it does not let them
/// rise again, so the thread must not be from a pool.
pub fn lower(nice: i32) {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, nice) {
        tracing::debug!(%error, "background work runs at the usual priority");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = nice;
}
