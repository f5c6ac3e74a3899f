//! Rows that are folded and not yet seen.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::state::FoldError;
use crate::journal::Record;
use crate::record::Kind;
use crate::rows::{Row, Stored, Table};
use crate::view::Change;

/// Rows of one kind that a batch of records has made and that are not in their table yet.
pub(super) struct Staged<R> {
    pub(super) rows: BTreeMap<Uuid, Stored<R>>,
}

impl<R: Row> Staged<R> {
    pub(super) fn new() -> Self {
        Self { rows: BTreeMap::new() }
    }

    pub(super) fn fold(&mut self, record: &Record, table: &Table<R>) -> Result<(), FoldError> {
        let old = self.rows.get(&record.entity).cloned();
        let old = old.or_else(|| table.get(record.entity).map(|it| it.as_ref().clone()));
        if let Some(new) = Stored::after(old.as_ref(), record)? {
            self.rows.insert(record.entity, new);
        }
        Ok(())
    }

    pub(super) fn changes(&self, kind: Kind, into: &mut Vec<Change>) {
        into.extend(self.rows.values().map(|it| Change {
            tree: kind.tree(),
            key: it.first,
            seq: it.last,
            value: Some(it.to_bytes()),
        }));
    }

    pub(super) fn settle(self, table: &Table<R>) {
        self.rows.into_values().for_each(|it| table.put(it));
    }
}
