//! Reading the rows of a tree in order, each checked.

use super::{View, ViewError, damaged, row, wrong_checksum};

/// The rows of a tree, each with its checksum checked. Ends after the first error.
pub struct Rows {
    view: View,
    tree: String,
    rows: Option<sled::Iter>,
}

impl Rows {
    pub(super) fn new(view: View, tree: &str, rows: sled::Iter) -> Self {
        Self { view, tree: tree.to_owned(), rows: Some(rows) }
    }

    /// Moves to the next row and checks it; its bytes are as they are stored.
    pub(super) fn next_row(&mut self) -> Result<Option<(u64, sled::IVec)>, ViewError> {
        let Some(mut rows) = self.rows.take() else {
            return Ok(None);
        };
        let next = self.view.guard("read", |_| rows.next().transpose())?;
        let Some((key, row)) = next else {
            return Ok(None);
        };
        let folder = &self.view.0.folder;
        let key: [u8; 8] = key
            .as_ref()
            .try_into()
            .map_err(|_| damaged(folder, &format!("{} has a key of another length", self.tree)))?;
        let key = u64::from_be_bytes(key);
        if row::decode(&self.tree, key, &row).is_none() {
            return Err(wrong_checksum(folder, &self.tree, key));
        }
        self.rows = Some(rows);
        Ok(Some((key, row)))
    }
}

impl Iterator for Rows {
    type Item = Result<(u64, Vec<u8>), ViewError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.next_row().transpose()?;
        Some(row.map(|(key, row)| (key, row::value(&row).to_vec())))
    }
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").field("tree", &self.tree).finish_non_exhaustive()
    }
}
