//! What was asked of a journal and what it promised, kept outside of it.

use std::collections::BTreeMap;

use super::*;

/// Everything that one who uses the journal knows.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// Every batch that was ever submitted, by key.
    submitted: BTreeMap<Uuid, Batch>,
    /// What was acknowledged, and where it begins.
    acknowledged: BTreeMap<Uuid, Seq>,
    /// What the journal is known to hold.
    kept: BTreeMap<Uuid, Seq>,
    versions: BTreeMap<Uuid, u32>,
    last: Seq,
    keys: u128,
}

/// What a ledger expects for a group, to be taken over once the journal has said so.
struct Expected {
    answers: Vec<Result<Appended, u32>>,
    kept: BTreeMap<Uuid, Seq>,
    versions: BTreeMap<Uuid, u32>,
    last: Seq,
}

impl Ledger {
    /// Makes up a few wishes: new things, changes that expect a version, and repeats.
    pub(super) fn wishes(&mut self, chance: &mut Chance) -> Vec<Batch> {
        (0..=chance.below(5)).map(|_| self.wish(chance)).collect()
    }

    fn wish(&mut self, chance: &mut Chance) -> Batch {
        if chance.once_in(6)
            && let Some(key) = nth(&self.submitted, chance)
        {
            return self.submitted[&key].clone();
        }
        self.keys += 1;
        let known = nth(&self.versions, chance).filter(|_| chance.once_in(2));
        let key = id(self.keys);
        let entity = known.unwrap_or(key);
        let expect = known.filter(|_| chance.once_in(2)).map(|entity| {
            let stale = u32::from(chance.once_in(4));
            Expect { entity, version: self.versions[&entity] + stale }
        });
        let mut records = Vec::new();
        for n in 0..=chance.below(3) {
            let size = [20, 200, 1_500][chance.below(3)];
            let text = (0..chance.below(size)).map(|_| b'a' + chance.below(26) as u8).collect();
            let entity = if n == 0 { entity } else { id(1_000_000 + self.keys) };
            records.push(NewRecord { kind: n as u16, kind_version: 1, entity, payload: text });
        }
        let batch = Batch {
            key,
            body_hash: chance.next(),
            at: at(chance.below(30) as i64),
            records,
            expect: expect.into_iter().collect(),
        };
        self.submitted.insert(key, batch.clone());
        batch
    }

    /// Compares the answers to a group with the rules. An error other than a conflict promises
    /// nothing, so nothing of the group is taken for kept.
    pub(super) fn hear(&mut self, group: &[Batch], answers: &[Result<Appended, JournalError>]) {
        let expected = self.expect(group);
        let mut is_kept = true;
        for (answer, expected) in answers.iter().zip(&expected.answers) {
            match answer {
                Ok(answer) => assert_eq!(Ok(*answer), *expected),
                Err(JournalError::Conflict { current, .. }) => {
                    assert_eq!(Err(*current), *expected);
                }
                Err(JournalError::Stopped { .. } | JournalError::Full { .. }) => is_kept = false,
                Err(other) => panic!("{other}"),
            }
        }
        if !is_kept {
            return;
        }
        for (batch, answer) in group.iter().zip(answers) {
            if let Ok(Appended::Written { first, .. } | Appended::Duplicate { first }) = answer {
                self.acknowledged.insert(batch.key, *first);
            }
        }
        (self.kept, self.versions, self.last) = (expected.kept, expected.versions, expected.last);
    }

    fn expect(&self, group: &[Batch]) -> Expected {
        let mut expected = Expected {
            answers: Vec::new(),
            kept: self.kept.clone(),
            versions: self.versions.clone(),
            last: self.last,
        };
        for batch in group {
            let answer = expected.judge(batch);
            expected.answers.push(answer);
        }
        expected
    }

    /// Compares all that a journal holds with all that was promised.
    pub(super) fn check(&mut self, desk: &Desk) {
        let records = desk.records().unwrap();
        (self.kept, self.versions) = (BTreeMap::new(), BTreeMap::new());
        self.last = records.len() as Seq;
        let mut rest = &records[..];
        while let Some(first) = rest.first() {
            let batch = self.submitted.get(&first.key).expect("nobody submitted this");
            assert!(batch.records.len() <= rest.len(), "half a batch");
            let (found, others) = rest.split_at(batch.records.len());
            for (n, (found, wanted)) in found.iter().zip(&batch.records).enumerate() {
                let version = self.versions.entry(wanted.entity).or_insert(0);
                *version += 1;
                let as_wanted = Record {
                    seq: self.last - rest.len() as Seq + n as Seq + 1,
                    at: batch.at,
                    kind: wanted.kind,
                    kind_version: wanted.kind_version,
                    entity: wanted.entity,
                    version: *version,
                    key: batch.key,
                    payload: wanted.payload.clone(),
                };
                assert_eq!(*found, as_wanted);
            }
            let before = self.kept.insert(first.key, first.seq);
            assert_eq!(before, None, "the same batch stands here twice");
            rest = others;
        }
        for (key, first) in &self.acknowledged {
            assert_eq!(self.kept.get(key), Some(first), "an acknowledged batch");
        }
        assert_eq!(desk.journal.position().seq, self.last);
        for (entity, version) in &self.versions {
            assert_eq!(desk.journal.version_of(*entity), Some(*version));
        }
        assert!(desk.is_clean());
    }
}

impl Expected {
    fn judge(&mut self, batch: &Batch) -> Result<Appended, u32> {
        if let Some(first) = self.kept.get(&batch.key) {
            return Ok(Appended::Duplicate { first: *first });
        }
        for expect in &batch.expect {
            let current = self.versions.get(&expect.entity).copied().unwrap_or(0);
            if current != expect.version {
                return Err(current);
            }
        }
        let first = self.last + 1;
        self.kept.insert(batch.key, first);
        self.last += batch.records.len() as Seq;
        for record in &batch.records {
            *self.versions.entry(record.entity).or_insert(0) += 1;
        }
        Ok(Appended::Written { first, last: self.last })
    }
}

/// Any key of a map.
fn nth<V>(map: &BTreeMap<Uuid, V>, chance: &mut Chance) -> Option<Uuid> {
    let n = chance.below(map.len().max(1));
    map.keys().nth(n).copied()
}
