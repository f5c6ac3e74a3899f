//! What happens within one of sled's transactions: rows, their tally, the position.

use std::path::Path;

use sled::transaction::{ConflictableTransactionError, TransactionalTree};

use super::row::{self, FORMAT, Head, HeadFlaw};
use super::{Change, DEFAULT_TREE, HEAD_TREE, VALUE_BYTES_MAX, ViewError, damaged};
use crate::journal::Position;

/// Writes one transaction; sled may run it again when it collides.
pub(super) fn write_part(
    folder: &Path,
    (names, trees): (&[&str], &[TransactionalTree]),
    position: Option<Position>,
    part: &[Change],
) -> Result<(), ConflictableTransactionError<ViewError>> {
    let (head_tree, trees) = trees.split_last().expect("the head tree is always among them");
    let head = head_tree.get(HEAD_TREE)?;
    let mut head = head
        .map_or(Ok(Head::default()), |row| decode_head(folder, &row))
        .map_err(ConflictableTransactionError::Abort)?;
    for change in part {
        let tree = names.iter().zip(trees).find(|(name, _)| **name == change.tree);
        let (_, tree) = tree.expect("every change's tree was opened");
        let tally = head.tallies.entry(change.tree.to_owned()).or_default();
        let key = change.key.to_be_bytes();
        let before = match &change.value {
            Some(value) => {
                let row = row::encode(change.tree, change.key, change.seq, value);
                tally.add(&row);
                tree.insert(&key, row)?
            }
            None => tree.remove(&key)?,
        };
        before.iter().for_each(|row| tally.take(row));
    }
    head.position = position.or(head.position);
    head_tree.insert(HEAD_TREE, head.encode())?;
    Ok(())
}

/// Reads the position row; says what is wrong with it otherwise.
pub(super) fn decode_head(folder: &Path, row: &[u8]) -> Result<Head, ViewError> {
    Head::decode(row).map_err(|flaw| match flaw {
        HeadFlaw::Damaged => damaged(folder, "the checksum of the position does not match"),
        HeadFlaw::OtherFormat(found) => {
            ViewError::OtherFormat { folder: folder.to_owned(), found, known: FORMAT }
        }
    })
}

/// Refuses what would not be kept.
pub(super) fn check_change(change: &Change) -> Result<(), ViewError> {
    let (tree, key) = (change.tree, change.key);
    let is_ours = tree == HEAD_TREE || tree.as_bytes() == DEFAULT_TREE;
    if is_ours || tree.is_empty() || usize::from(u8::MAX) < tree.len() {
        return Err(ViewError::TreeName { tree });
    }
    let bytes = change.value.as_ref().map_or(0, Vec::len);
    let max = VALUE_BYTES_MAX;
    if max < bytes { Err(ViewError::TooLarge { tree, key, bytes, max }) } else { Ok(()) }
}
