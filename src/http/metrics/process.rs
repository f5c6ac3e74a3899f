//! What the system tells of this process: memory, open files, and when it began.

use std::fs;

use super::text::{Kind, Text};

/// What is known; what the system does not tell is left out.
#[derive(Debug, Default)]
pub(super) struct Process {
    resident_bytes: Option<u64>,
    open_files: Option<usize>,
    open_files_max: Option<u64>,
}

impl Process {
    /// Asks the system.
    pub(super) fn read() -> Self {
        Self {
            resident_bytes: resident_bytes(),
            open_files: fs::read_dir("/proc/self/fd").ok().map(Iterator::count),
            open_files_max: rustix::process::getrlimit(rustix::process::Resource::Nofile).current,
        }
    }

    /// Writes it down.
    pub(super) fn write(&self, text: &mut Text) {
        if let Some(bytes) = self.resident_bytes {
            let told = (Kind::Level, "Memory that the process holds.");
            text.one("process_resident_memory_bytes", told, super::big(bytes));
        }
        if let Some(count) = self.open_files {
            let told = (Kind::Level, "Files and connections that the process holds open.");
            text.one("process_open_fds", told, super::number(count));
        }
        if let Some(count) = self.open_files_max {
            let told = (Kind::Level, "How many it may hold open.");
            text.one("process_max_fds", told, super::big(count));
        }
    }
}

fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
