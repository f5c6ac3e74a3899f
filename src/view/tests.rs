//! The view as its users see it, in real files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::journal::Generation;

const GENERATION: Generation = Generation([3; 16]);

fn at(seq: Seq) -> Position {
    Position { generation: GENERATION, seq }
}

fn put(key: u64, seq: Seq, value: &str) -> Change {
    Change { tree: "inquiry", key, seq, value: Some(value.into()) }
}

fn rows(view: &View, tree: &'static str) -> Vec<(u64, Vec<u8>)> {
    view.scan(tree).unwrap().collect::<Result<_, _>>().unwrap()
}

/// Applies 500 rows in five batches and closes the view.
fn filled(folder: &Path) {
    let view = View::open(folder).unwrap();
    for batch in 0..5 {
        let numbers = (batch * 100 + 1)..=(batch * 100 + 100);
        let changes: Vec<Change> = numbers.map(|n| put(n, n, &format!("value {n}"))).collect();
        view.apply(at(batch * 100 + 100), &changes).unwrap();
    }
    view.flush().unwrap();
}

#[test]
fn rows_and_position_are_kept_together() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("view");
    let view = View::open(&path).unwrap();
    assert_eq!(view.position().unwrap(), None);
    let gap = Change { tree: "gap", ..put(7, 2, "gap") };
    view.apply(at(2), &[put(1, 1, "one"), put(2, 2, "two"), gap]).unwrap();
    view.apply(at(3), &[Change { value: None, ..put(1, 3, "") }]).unwrap();
    drop(view);
    let view = View::open(&path).unwrap();
    assert_eq!(view.position().unwrap(), Some(at(3)));
    assert_eq!(rows(&view, "inquiry"), [(2, b"two".to_vec())]);
    assert_eq!(view.get("gap", 7).unwrap(), Some(b"gap".to_vec()));
    assert_eq!(view.get("inquiry", 1).unwrap(), None);
    let counts = BTreeMap::from([("gap".to_owned(), 1), ("inquiry".to_owned(), 1)]);
    assert_eq!(view.counts().unwrap(), counts);
    let mut seen = Vec::new();
    view.check_each(|tree, key, value| {
        seen.push((tree.to_owned(), key, value.to_vec()));
        Ok::<_, ViewError>(())
    })
    .unwrap();
    let expected =
        [("gap".to_owned(), 7, b"gap".to_vec()), ("inquiry".to_owned(), 2, b"two".to_vec())];
    assert_eq!(seen, expected);
}

#[test]
fn a_set_larger_than_a_transaction_is_applied_whole_and_again_without_harm() {
    let folder = TempDir::new().unwrap();
    let view = View::open(folder.path()).unwrap();
    let changes: Vec<Change> = (1..=250).map(|n| put(n, n, "text")).collect();
    for _ in 0..2 {
        view.apply(at(250), &changes).unwrap();
        assert_eq!(view.counts().unwrap().get("inquiry"), Some(&250));
        view.check().unwrap();
    }
    // The part that a crash leaves: rows are there, the position is the old one.
    view.transact(None, &[put(251, 251, "text")]).unwrap();
    assert_eq!(view.position().unwrap(), Some(at(250)));
    view.apply(at(251), &[put(251, 251, "text")]).unwrap();
    view.check().unwrap();
    assert_eq!(rows(&view, "inquiry").len(), 251);
}

#[test]
fn the_standing_tells_behind_ahead_and_another_history() {
    let folder = TempDir::new().unwrap();
    let view = View::open(folder.path()).unwrap();
    assert_eq!(view.standing(at(0)).unwrap(), Standing::Empty);
    view.apply(at(5), &[]).unwrap();
    let check = |journal, expected| assert_eq!(view.standing(journal).unwrap(), expected);
    check(at(5), Standing::Current);
    check(at(6), Standing::Behind);
    check(at(4), Standing::Ahead);
    let other = Position { generation: Generation([4; 16]), seq: 5 };
    check(other, Standing::OtherGeneration);
    view.apply(at(6), &[put(1, 6, "x")]).unwrap();
    view.clear().unwrap();
    check(at(5), Standing::Empty);
    view.check().unwrap();
    assert!(rows(&view, "inquiry").is_empty());
}

#[test]
fn a_value_is_kept_at_the_maximum_and_refused_beyond() {
    let folder = TempDir::new().unwrap();
    let view = View::open(folder.path()).unwrap();
    let sized = |bytes| [put(1, 1, &"x".repeat(bytes))];
    view.apply(at(1), &sized(VALUE_BYTES_MAX)).unwrap();
    let beyond = view.apply(at(2), &sized(VALUE_BYTES_MAX + 1));
    assert!(matches!(beyond, Err(ViewError::TooLarge { .. })), "{beyond:?}");
    assert_eq!(view.position().unwrap(), Some(at(1)));
    let reserved = view.apply(at(2), &[Change { tree: "view", ..put(1, 1, "") }]);
    assert!(matches!(reserved, Err(ViewError::TreeName { .. })), "{reserved:?}");
}

#[test]
fn a_row_that_changed_behind_its_back_is_found() {
    let folder = TempDir::new().unwrap();
    filled(folder.path());
    let check = |harm: &dyn Fn(&sled::Tree), is_read: bool| {
        let view = View::open(folder.path()).unwrap();
        let db = view.0.db.as_ref().unwrap();
        let tree = db.open_tree("inquiry").unwrap();
        let before = tree.get(7_u64.to_be_bytes()).unwrap().unwrap();
        harm(&tree);
        let error = view.check().unwrap_err();
        assert!(error.calls_for_rebuild(), "{error}");
        assert_eq!(view.get("inquiry", 7).is_ok(), is_read);
        tree.insert(7_u64.to_be_bytes(), before).unwrap();
        view.check().unwrap();
    };
    let key = 7_u64.to_be_bytes();
    check(&|tree| drop(tree.remove(key).unwrap()), true);
    check(
        &|tree| drop(tree.insert(key, tree.get([0, 0, 0, 0, 0, 0, 0, 8]).unwrap().unwrap())),
        false,
    );
    check(&|tree| drop(tree.insert(key, row::encode("inquiry", 7, 6, b"older"))), true);
    check(&|tree| drop(tree.insert(key, b"short")), false);
}

#[test]
fn a_flipped_byte_in_the_files_is_found_or_harmless() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("view");
    filled(&path);
    let intact = rows(&View::open(&path).unwrap(), "inquiry");
    let bytes = fs::read(path.join("db")).unwrap();
    let used: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] != 0).collect();
    let mut n_found = 0;
    for at in used.iter().step_by(used.len() / 24 + 1) {
        let copy = folder.path().join(format!("copy-{at}"));
        copy_folder(&path, &copy);
        let mut flipped = bytes.clone();
        flipped[*at] ^= 0x20;
        fs::write(copy.join("db"), flipped).unwrap();
        let opened = View::open(&copy).and_then(|view| view.check().map(|()| view));
        match opened {
            Err(_) => n_found += 1,
            // A view that fell back is behind its journal, or says it is empty; it catches up.
            Ok(view) if view.position().unwrap() != Some(at_end()) => n_found += 1,
            Ok(view) => assert_eq!(rows(&view, "inquiry"), intact, "flip at {at}"),
        }
    }
    assert!(0 < n_found);
}

fn at_end() -> Position {
    at(500)
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        let target = to.join(file.file_name());
        if file.path().is_dir() {
            copy_folder(&file.path(), &target);
        } else {
            fs::copy(file.path(), target).unwrap();
        }
    }
}

#[test]
fn a_view_is_moved_aside_and_never_deleted() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("view");
    let now: Timestamp = "2026-03-02T07:00:00Z".parse().unwrap();
    for expected in ["view.damaged-20260302T070000Z", "view.damaged-20260302T070000Z-2"] {
        filled(&path);
        let aside = View::move_aside(&path, now).unwrap();
        assert_eq!(aside, folder.path().join(expected));
        assert_eq!(rows(&View::open(&aside).unwrap(), "inquiry").len(), 500);
        assert_eq!(View::open(&path).unwrap().position().unwrap(), None);
        fs::remove_dir_all(&path).unwrap();
    }
}

fn change() -> impl Strategy<Value = (bool, u64, Option<u8>)> {
    (any::<bool>(), 0..20_u64, prop::option::of(any::<u8>()))
}

/// The same changes from the start, in one piece.
fn rebuilt(folder: &Path, changes: &[Change], end: Seq) -> View {
    let view = View::open(folder).unwrap();
    view.apply(at(end), changes).unwrap();
    view
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn a_view_that_grew_in_pieces_with_repeats_equals_a_rebuilt_one(
        wishes in prop::collection::vec(change(), 1..150),
        piece in 1..40_usize,
    ) {
        let folder = TempDir::new().unwrap();
        let changes: Vec<Change> = (1..)
            .zip(&wishes)
            .map(|(seq, (is_gap, key, value))| Change {
                tree: if *is_gap { "gap" } else { "inquiry" },
                key: *key,
                seq,
                value: value.map(|byte| vec![byte; 9]),
            })
            .collect();
        let end = changes.len() as Seq;
        let grown = View::open(&folder.path().join("grown")).unwrap();
        for part in changes.chunks(piece) {
            let last = part.last().map_or(0, |change| change.seq);
            // A crash before the position moved: the part comes twice.
            grown.transact(None, part).unwrap();
            grown.apply(at(last), part).unwrap();
        }
        let rebuilt = rebuilt(&folder.path().join("rebuilt"), &changes, end);
        let mut fold = BTreeMap::new();
        for change in &changes {
            fold.insert((change.tree, change.key), change.value.clone());
        }
        for view in [&grown, &rebuilt] {
            view.check().unwrap();
            prop_assert_eq!(view.position().unwrap(), Some(at(end)));
            for tree in ["gap", "inquiry"] {
                let folded = fold.iter().filter(|((name, _), _)| *name == tree);
                let folded = folded.filter_map(|((_, key), value)| Some((*key, value.clone()?)));
                prop_assert_eq!(rows(view, tree), folded.collect::<Vec<_>>());
            }
        }
        prop_assert_eq!(grown.head().unwrap(), rebuilt.head().unwrap());
    }
}
