//! An open file of the simulated disk.

use std::io;
use std::path::PathBuf;
use std::sync::MutexGuard;

use super::state::{State, happens, is_off, off};
use super::{Call, Simulated};

/// An open file; worthless after the machine was off.
#[derive(Debug)]
pub(crate) struct Handle {
    pub(super) disk: &'static Simulated,
    pub(super) file: usize,
    pub(super) path: PathBuf,
    pub(super) start: u64,
    pub(super) is_lock: bool,
}

impl Handle {
    pub(in super::super) fn bytes(&self) -> io::Result<u64> {
        let mut state = self.state()?;
        state.call(Call::Bytes, &self.path, &[])?;
        Ok(state.inodes[self.file].seen().len() as u64)
    }

    pub(in super::super) fn read(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut state = self.state()?;
        let share = state.call(Call::Read, &self.path, &offset.to_le_bytes())?;
        let seen = state.inodes[self.file].seen();
        let begin = usize::try_from(offset).map_or(seen.len(), |it| it.min(seen.len()));
        let n = share.of(buffer.len().min(seen.len() - begin));
        buffer[..n].copy_from_slice(&seen[begin..begin + n]);
        Ok(n)
    }

    pub(in super::super) fn write(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        let mut state = self.state()?;
        let called = state.call(Call::Write, &self.path, bytes);
        if !happens(&called) {
            return Err(called.err().unwrap_or_else(off));
        }
        let n = called.as_ref().map_or(bytes.len(), |share| share.of(bytes.len()));
        state.inodes[self.file].write(&bytes[..n], offset);
        called.map(|_| n)
    }

    pub(in super::super) fn truncate(&self, bytes: u64) -> io::Result<()> {
        let mut state = self.state()?;
        let called = state.call(Call::Truncate, &self.path, &bytes.to_le_bytes());
        if happens(&called) {
            state.inodes[self.file].truncate(bytes);
        }
        called.map(|_| ())
    }

    pub(in super::super) fn sync(&self) -> io::Result<()> {
        let mut state = self.state()?;
        match state.call(Call::Sync, &self.path, &[]) {
            Ok(_) => state.inodes[self.file].sync(),
            Err(error) if is_off(&error) || error.kind() == io::ErrorKind::Interrupted => {
                return Err(error);
            }
            Err(error) => {
                let state = &mut *state;
                state.inodes[self.file].fail_sync(&mut state.chance);
                return Err(error);
            }
        }
        Ok(())
    }

    fn state(&self) -> io::Result<MutexGuard<'static, State>> {
        let state = self.disk.state();
        if state.start == self.start { Ok(state) } else { Err(off()) }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if let Ok(mut state) = self.state()
            && self.is_lock
        {
            state.locked.remove(&self.path);
        }
    }
}
