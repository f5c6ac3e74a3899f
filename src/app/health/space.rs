//! The room on the disk: how much is left, what is stopped when it runs out, and the ballast.
//!
//! A file of zeros is kept in reserve. When saves have to be refused it is given up, so that
//! what is under way can be finished and a start can repair what it must. Until it is back in
//! its place its size does not count as room, so nothing opens and closes in turns.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::config::DiskLimits;

/// What was seen is good for so long.
const SEEN_FOR: Duration = Duration::from_millis(200);
/// The ballast is at most this share of the disk.
const BALLAST_SHARE: u64 = 16;
const MB: u64 = 1024 * 1024;

/// How much room there is, most first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Room {
    /// Enough.
    #[default]
    Enough,
    /// Somebody should see to it.
    Scarce,
    /// Nothing is written that can wait.
    Tight,
    /// New saves are refused; reading goes on.
    Full,
}

/// What the file system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Seen {
    free: u64,
    total: u64,
    /// What the ballast holds.
    ballast: u64,
}

/// The disk of a data folder.
#[derive(Debug)]
pub struct Space {
    data: PathBuf,
    limits: DiskLimits,
    last: Mutex<Option<(Instant, Room)>>,
}

impl Space {
    /// The disk that `data` lies on.
    pub fn new(data: &Path, limits: DiskLimits) -> Self {
        Self { data: data.to_owned(), limits, last: Mutex::default() }
    }

    /// Tells how much room there is, as seen a moment ago at most. A disk that does not tell has
    /// enough: what cannot be written says so itself.
    pub fn room(&self) -> Room {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match *last {
            Some((at, room)) if at.elapsed() < SEEN_FOR => room,
            _ => {
                let seen = self.seen().inspect_err(|error| {
                    tracing::warn!(%error, "the disk does not tell how much room it has");
                });
                let room = seen.map_or(Room::Enough, |it| room_of(it, self.limits));
                *last = Some((Instant::now(), room));
                room
            }
        }
    }

    /// Gives the ballast up when saves are refused, and puts it back when there is room again.
    pub fn tend(&self) -> io::Result<Room> {
        let seen = self.seen()?;
        let room = room_of(seen, self.limits);
        let wanted = wanted_ballast(seen, self.limits);
        let path = self.ballast();
        if room == Room::Full && 0 < seen.ballast {
            tracing::warn!("the disk is full: the ballast is given up, and no save is taken");
            std::fs::remove_file(&path)?;
        } else if room < Room::Tight && seen.ballast < wanted {
            std::fs::create_dir_all(&self.data)?;
            fill(&path, wanted)?;
        }
        Ok(room)
    }

    /// What is free for saves, in whole megabytes.
    pub fn free_mb(&self) -> Option<u64> {
        self.seen().ok().map(|it| usable(it, self.limits) / MB)
    }

    fn ballast(&self) -> PathBuf {
        self.data.join("ballast")
    }

    fn seen(&self) -> io::Result<Seen> {
        let there = self.data.ancestors().find(|it| it.exists()).unwrap_or(Path::new("."));
        let found = rustix::fs::statvfs(there)?;
        let ballast = std::fs::metadata(self.ballast()).map_or(0, |it| it.len());
        Ok(Seen {
            free: found.f_bavail.saturating_mul(found.f_frsize),
            total: found.f_blocks.saturating_mul(found.f_frsize),
            ballast,
        })
    }
}

fn wanted_ballast(seen: Seen, limits: DiskLimits) -> u64 {
    (limits.ballast_mb * MB).min(seen.total / BALLAST_SHARE)
}

/// What may be used: the place of a ballast that is lacking is not.
fn usable(seen: Seen, limits: DiskLimits) -> u64 {
    let owed = wanted_ballast(seen, limits).saturating_sub(seen.ballast);
    seen.free.saturating_sub(owed)
}

fn room_of(seen: Seen, limits: DiskLimits) -> Room {
    let usable = usable(seen, limits);
    let percent = (usable.saturating_mul(100)).checked_div(seen.total).unwrap_or(100);
    if usable < limits.save_mb * MB {
        Room::Full
    } else if usable < limits.background_mb * MB {
        Room::Tight
    } else if usable < limits.warn_mb * MB || percent < limits.warn_percent {
        Room::Scarce
    } else {
        Room::Enough
    }
}

/// Takes up `bytes` on the disk. Where room cannot be reserved, zeros are written.
fn fill(path: &Path, bytes: u64) -> io::Result<()> {
    let file = std::fs::File::create(path)?;
    let reserved = rustix::fs::fallocate(&file, rustix::fs::FallocateFlags::empty(), 0, bytes);
    if reserved.is_err() {
        io::copy(&mut io::Read::take(io::repeat(0), bytes), &mut &file)?;
    }
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: DiskLimits = DiskLimits {
        warn_mb: 500,
        warn_percent: 5,
        background_mb: 100,
        save_mb: 20,
        ballast_mb: 32,
    };

    #[track_caller]
    fn check((free, total, ballast): (u64, u64, u64), expected: Room) {
        let seen = Seen { free: free * MB, total: total * MB, ballast: ballast * MB };
        assert_eq!(room_of(seen, LIMITS), expected);
    }

    #[test]
    fn each_watermark_holds_at_its_border() {
        check((500, 1_000, 32), Room::Enough);
        check((499, 1_000, 32), Room::Scarce);
        check((600, 100_000, 32), Room::Scarce);
        check((100, 1_000, 32), Room::Scarce);
        check((99, 1_000, 32), Room::Tight);
        check((20, 1_000, 32), Room::Tight);
        check((19, 1_000, 32), Room::Full);
    }

    #[test]
    fn the_place_of_a_ballast_that_was_given_up_is_no_room() {
        check((19 + 32, 1_000, 0), Room::Full);
        check((20 + 32, 1_000, 0), Room::Tight);
        // On a small disk the ballast is small.
        check((21, 32, 0), Room::Full);
        check((22, 32, 0), Room::Tight);
    }

    #[test]
    fn the_ballast_is_put_down_once_and_given_up_when_the_disk_is_full() {
        let folder = tempfile::tempdir().unwrap();
        let limits =
            DiskLimits { warn_mb: 0, warn_percent: 0, background_mb: 0, save_mb: 0, ballast_mb: 1 };
        let space = Space::new(folder.path(), limits);
        assert_eq!(space.tend().unwrap(), Room::Enough);
        assert_eq!(std::fs::metadata(space.ballast()).unwrap().len(), MB);
        let full = Space::new(folder.path(), DiskLimits { save_mb: u64::MAX / MB, ..limits });
        assert_eq!(full.tend().unwrap(), Room::Full);
        assert!(!space.ballast().exists());
    }
}
