//! Repeats, conflicts and keys: who may write what.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

#[test]
fn keys_are_looked_at_before_versions() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    journal.append(creation(1)).unwrap();
    let edit = |key| Batch { expect: vec![Expect { entity: id(1), version: 1 }], ..change(key, 1) };
    for _ in 0..2 {
        let journal = &journal;
        assert!(matches!(journal.append(creation(1)), Ok(Appended::Duplicate { first: 1 })));
        let other = Batch { body_hash: 2, ..creation(1) };
        assert!(matches!(journal.append(other), Err(JournalError::KeyReused { .. })));
    }
    assert_eq!(journal.append(edit(50)).unwrap(), Appended::Written { first: 2, last: 2 });
    drop(journal);
    let journal = open(folder.path()).unwrap();
    assert_eq!(journal.append(edit(50)).unwrap(), Appended::Duplicate { first: 2 });
    let other = Batch { body_hash: 2, ..edit(50) };
    assert!(matches!(journal.append(other), Err(JournalError::KeyReused { .. })));
    let late = journal.append(edit(51));
    assert!(matches!(late, Err(JournalError::Conflict { current: 2, .. })), "{late:?}");
    assert_eq!(journal.position().seq, 2);
}

#[test]
fn a_creation_is_remembered_for_ever_and_another_key_for_35_days() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    journal.append(creation(1)).unwrap();
    journal.append(change(50, 1)).unwrap();
    for day in 1..=36 {
        journal.append(Batch { at: at(day), ..change(100 + day as u128, 1) }).unwrap();
    }
    drop(journal);
    let journal = open(folder.path()).unwrap();
    assert_eq!(journal.append(creation(1)).unwrap(), Appended::Duplicate { first: 1 });
    let again = journal.append(change(50, 1)).unwrap();
    assert!(matches!(again, Appended::Written { .. }), "{again:?}");
    let again = journal.append(change(102, 1)).unwrap();
    assert!(matches!(again, Appended::Duplicate { .. }), "{again:?}");
}

#[test]
fn one_wrong_clock_does_not_make_the_journal_forget() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    journal.append(change(50, 1)).unwrap();
    journal.append(Batch { at: at(3_650), ..change(51, 1) }).unwrap();
    assert_eq!(journal.append(change(50, 1)).unwrap(), Appended::Duplicate { first: 1 });
}

#[test]
fn the_same_wish_from_many_threads_is_written_once() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    let waiting: Vec<Pending> = (0..50).map(|_| journal.submit(creation(7))).collect();
    let answers: Vec<Appended> = waiting.into_iter().map(|it| it.wait().unwrap()).collect();
    let written = answers.iter().filter(|it| matches!(it, Appended::Written { .. })).count();
    assert_eq!((written, journal.position().seq), (1, 1));
}

/// What a wish asks: few keys, entities and versions, so that repeats and conflicts happen.
fn wish() -> impl Strategy<Value = Batch> {
    let entity = 1..5_u128;
    let records = prop::collection::vec((entity.clone(), "[a-zæøå]{0,20}"), 1..4);
    let expect = prop::collection::vec((entity, 0..4_u32), 0..2);
    (1..12_u128, 0..2_u64, records, expect).prop_map(|(key, body_hash, records, expect)| Batch {
        key: id(key),
        body_hash,
        at: at(0),
        expect: expect
            .into_iter()
            .map(|(entity, version)| Expect { entity: id(entity), version })
            .collect(),
        records: records.iter().map(|(entity, text)| record(*entity, text)).collect(),
    })
}

/// The rules once more, as plainly as they can be said, over the batches written so far.
fn judge(written: &[Batch], batch: &Batch) -> &'static str {
    let made = |entity: Uuid| {
        written.iter().find(|it| it.records.iter().any(|record| record.entity == entity))
    };
    let version = |entity: Uuid| {
        let records = written.iter().flat_map(|it| &it.records);
        records.filter(|record| record.entity == entity).count()
    };
    let is_creation = |it: &Batch| it.records[0].entity == it.key;
    let before = written.iter().find(|it| it.key == batch.key);
    match before {
        Some(before) if before.body_hash == batch.body_hash => return "duplicate",
        Some(_) => return "reused",
        None if is_creation(batch) && made(batch.key).is_some() => return "reused",
        None => (),
    }
    let is_stale = |it: &Expect| version(it.entity) != it.version as usize;
    if batch.expect.iter().any(is_stale) { "conflict" } else { "written" }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_wish_is_judged_by_the_rules_also_after_reopening(
        wishes in prop::collection::vec(wish(), 1..16),
        reopen_every in 1..6_usize,
    ) {
        let folder = TempDir::new().unwrap();
        let mut journal = open(folder.path()).unwrap();
        let mut written: Vec<Batch> = Vec::new();
        for (n, batch) in wishes.into_iter().enumerate() {
            if n % reopen_every == 0 {
                drop(journal);
                journal = open(folder.path()).unwrap();
            }
            let expected = judge(&written, &batch);
            let answer = match journal.append(batch.clone()) {
                Ok(Appended::Written { .. }) => "written",
                Ok(Appended::Duplicate { .. }) => "duplicate",
                Err(JournalError::KeyReused { .. }) => "reused",
                Err(JournalError::Conflict { .. }) => "conflict",
                Err(other) => panic!("{other}"),
            };
            prop_assert_eq!(answer, expected);
            if answer == "written" {
                written.push(batch);
            }
        }
        let expected: Vec<&NewRecord> = written.iter().flat_map(|batch| &batch.records).collect();
        let found = journal.read(0, 1_000).unwrap();
        prop_assert_eq!(found.len(), expected.len());
        let mut versions = BTreeMap::new();
        for (found, expected) in found.iter().zip(expected) {
            let version = versions.entry(expected.entity).or_insert(0);
            *version += 1;
            prop_assert_eq!(&found.payload, &expected.payload);
            prop_assert_eq!((found.entity, found.version), (expected.entity, *version));
        }
    }
}
