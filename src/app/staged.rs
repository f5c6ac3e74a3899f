//! Rows that are folded and not yet seen.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::state::{Fold, FoldError};
use crate::id::{Id, TopicNumber};
use crate::inquiry::InquiryRow;
use crate::journal::{Record, Seq};
use crate::record::{Kind, decode};
use crate::rows::{Row, Stored, Table};
use crate::topic::RunEvent;
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

impl Fold<'_> {
    pub(super) fn inquiry(&mut self, record: &Record) -> Result<(), FoldError> {
        let id = Id::from_uuid(record.entity);
        let first = self.ids.get(&record.entity).copied();
        let first = first.or_else(|| self.state.inquiries.columns().of_id(id).map(|it| it.seq));
        let old = first.map_or(Ok(None), |first| self.inquiry_at(first))?;
        if let Some(new) = Stored::after(old.as_ref(), record)? {
            self.ids.insert(record.entity, new.first);
            self.inquiries.insert(new.first, new);
        }
        Ok(())
    }

    fn inquiry_at(&self, first: Seq) -> Result<Option<Stored<InquiryRow>>, FoldError> {
        match self.inquiries.get(&first) {
            Some(staged) => Ok(Some(staged.clone())),
            None => Ok(self.state.inquiries.at(first)?),
        }
    }

    /// A run changes the inquiries that it names, beside its own row.
    pub(super) fn run(&mut self, record: &Record) -> Result<(), FoldError> {
        match decode::<RunEvent>(record)? {
            RunEvent::Assigned { pairs, through } => self.assign(&pairs, through, record.seq)?,
            RunEvent::Changes { .. } => {}
            RunEvent::Committed { based_on, changes, .. } => {
                for entity in changes {
                    let staged = self.runs.rows.get(&entity).map(|it| it.row.pairs.clone());
                    let pairs = staged
                        .or_else(|| self.state.runs.get(entity).map(|it| it.row.pairs.clone()));
                    self.assign(&pairs.unwrap_or_default(), based_on, record.seq)?;
                }
            }
        }
        self.runs.fold(record, &self.state.runs)
    }

    /// Puts inquiries under topics, unless an editor placed them or they were placed after the
    /// record `seen`.
    fn assign(
        &mut self,
        pairs: &[(Seq, Option<TopicNumber>)],
        seen: Seq,
        seq: Seq,
    ) -> Result<(), FoldError> {
        for &(first, topic) in pairs {
            let Some(mut stored) = self.inquiry_at(first)? else { continue };
            if stored.row.pinned || seen < stored.row.topic_set || seq <= stored.last {
                continue;
            }
            stored.row.topic = topic;
            stored.row.topic_set = seq;
            stored.last = seq;
            self.inquiries.insert(first, stored);
        }
        Ok(())
    }
}
