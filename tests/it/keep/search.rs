//! Looks for a word in every file of a folder, whatever form it is written in.

use std::path::{Path, PathBuf};

use skranke::journal::{Journal, Options, Stream};
use tantivy::schema::{Field, FieldType};

/// Where a word, in small letters, stands in any file below a folder: in plain bytes, in the
/// compressed bodies of a page store, in the terms and the stored fields of an index.
pub(super) fn found_in(folder: &Path, word: &str) -> Vec<String> {
    let forms = forms(word);
    let mut found = vec![];
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).expect("a file").to_ascii_lowercase();
            if bytes.windows(word.len()).any(|it| it == word.as_bytes()) {
                found.push(path.display().to_string());
            }
        }
        if folder.join("meta.json").is_file()
            && terms(&folder).iter().any(|it| forms.contains(it) || it.contains(word))
        {
            found.push(format!("{} (terms)", folder.display()));
        }
        // An encrypted page store has no manifest under that name.
        let is_named = folder.file_name().is_some_and(|it| it == "pages");
        let is_pages = is_named && folder.join("manifest").is_file();
        if is_pages && bodies(&folder).iter().any(|it| it.contains(word)) {
            found.push(format!("{} (bodies)", folder.display()));
        }
    }
    found
}

/// What an index makes of a word: its key, and the parts of it that are long enough to tell.
fn forms(word: &str) -> Vec<String> {
    let keys = skranke_index::analyzer().keys(word);
    let parts = keys.iter().flat_map(|it| skranke_index::grams(it));
    let parts: Vec<String> = parts.filter(|it| 4 <= it.chars().count()).collect();
    keys.into_iter().chain(parts).chain([word.to_owned()]).collect()
}

/// Every term of an index, and whatever it stores of a document.
fn terms(folder: &Path) -> Vec<String> {
    let index = tantivy::Index::open_in_dir(folder).expect("an index");
    let searcher = index.reader().expect("a reader").searcher();
    let schema = index.schema();
    let mut terms = vec![];
    for segment in searcher.segment_readers() {
        let text = schema.fields().filter(|it| matches!(it.1.field_type(), FieldType::Str(_)));
        for (field, _) in text.collect::<Vec<(Field, _)>>() {
            let inverted = segment.inverted_index(field).expect("an inverted index");
            let mut stream = inverted.terms().stream().expect("terms");
            while stream.advance() {
                terms.push(String::from_utf8_lossy(stream.key()).to_lowercase());
            }
        }
        let store = segment.get_store_reader(1).expect("a store");
        for document in store.iter::<tantivy::TantivyDocument>(segment.alive_bitset()) {
            let document = document.expect("a document");
            terms.push(tantivy::Document::to_json(&document, &schema).to_lowercase());
        }
    }
    terms
}

/// Every body of a page store, which may be open elsewhere.
fn bodies(folder: &Path) -> Vec<String> {
    let copy = tempfile::tempdir().expect("a temporary folder");
    let copied = Journal::copy(folder, &mut |name, bytes| {
        let path: PathBuf = copy.path().join(name);
        std::io::copy(bytes, &mut std::fs::File::create(path).expect("made")).expect("copied");
        Ok(())
    });
    copied.expect("a whole page store");
    let stream = Journal::open(copy.path(), Options::new(Stream::Pages)).expect("opened");
    let records = stream.read(0, 100_000).expect("read");
    let unpacked = records
        .iter()
        .map(|it| lz4_flex::decompress_size_prepended(&it.payload).expect("a compressed body"));
    unpacked.map(|it| String::from_utf8_lossy(&it).to_lowercase()).collect()
}
