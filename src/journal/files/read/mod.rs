//! Reading records for those who follow.

mod show;

pub(crate) use show::show;

use super::Shared;
use super::layout::{FRAME_HEADER_BYTES, segment_name, walk};
use super::manifest::segment_path;
use super::scan::{Found, Scan, Segment};
use crate::journal::{Damage, JournalError, Record, Seq};

/// How much is taken from a file at once.
const PIECE_BYTES: usize = 64 * 1024;

/// Adds a segment's records after `after` to `records` until there are `records_max`.
pub(super) fn read_segment(
    shared: &Shared,
    segment: &Segment,
    (after, records_max): (Seq, usize),
    records: &mut Vec<Record>,
) -> Result<(), JournalError> {
    let path = segment_path(&shared.folder, segment.first);
    let read = |error| JournalError::io("read", &path)(error);
    let file = shared.disk.open(&path).map_err(read)?;
    let offset = segment.offset_before(after);
    let mut scan =
        Scan::new(file, segment.generation, offset, segment.bytes).in_pieces(PIECE_BYTES);
    scan.skip_to(after).map_err(read)?;
    while records.len() < records_max {
        let offset = scan.offset;
        let frame = match scan.next().map_err(read)? {
            Found::End => break,
            Found::Frame(frame) => frame,
            Found::Bad => return Err(damaged(segment, offset, "a frame is damaged")),
        };
        let next = after.saturating_add(1).saturating_add(records.len() as u64);
        let is_next = frame.first <= next && next < frame.next();
        let is_whole =
            walk(&frame, &scan.frame(&frame)[FRAME_HEADER_BYTES..], |header, payload| {
                if header.seq <= after {
                    return true;
                }
                let before = records.len();
                records.extend(header.record(payload));
                before < records.len() && records.len() < records_max
            });
        if !is_whole || !is_next {
            return Err(damaged(segment, offset, "the frame does not hold what it says"));
        }
    }
    Ok(())
}

fn damaged(segment: &Segment, offset: u64, what: &str) -> JournalError {
    let (segment, what) = (segment_name(segment.first), what.to_owned());
    JournalError::Damaged(Damage { segment, offset, lost: None, what })
}
