//! Rules on shape: how long, how many, under which name.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::{File, is_rust, is_script, lines_before_tests, numbered};

const FILE_LINES_MAX: usize = 400;
const LINE_CHARS_MAX: usize = 100;
const FOLDER_FILES_MAX: usize = 12;
const FILE_BYTES_MAX: usize = 500_000;

const TOP: &[&str] = &[
    ".ci",
    ".dockerignore",
    ".githooks",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "Makefile",
    "README.md",
    "askama.toml",
    "build.rs",
    "clippy.toml",
    "deny.toml",
    "deploy",
    "index",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "src",
    "tests",
    "web",
];

/// Folders that may hold more than `FOLDER_FILES_MAX`, and why.
const LARGE_FOLDERS: &[(&str, &str)] = &[
    ("", "where projects keep their papers and settings"),
    ("deploy", "one file for each way to run and watch it, and the papers about that"),
    ("index/lang", "one table a file"),
    ("web/demo/pages", "one page of the demo's website a file"),
    ("src/digest/tests/snapshots", "one letter a file"),
    ("tests/fixtures/journal-1/export", "one kind of record a file"),
    ("tests/fixtures/journal-2/export", "one kind of record a file"),
    ("tests/fixtures/journal-3/export", "one kind of record a file"),
    ("tests/fixtures/journal-4/export", "one kind of record a file"),
    ("tests/fixtures/journal-5/export", "one kind of record a file"),
    ("tests/fixtures/journal-6/export", "one kind of record a file"),
    ("web/help/en", "one page of help a file"),
    ("web/help/nb", "one page of help a file"),
    ("web/help/nn", "one page of help a file"),
    ("web/templates", "one screen a file"),
];

const EMPTY_NAMES: &[&str] =
    &["utils", "util", "helpers", "helper", "common", "manager", "service", "services", "misc"];

pub(crate) fn opening_sentences(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| is_rust(file) && !file.text.starts_with("//! "))
        .map(|file| {
            format!("{}:1: begin with a `//!` sentence that says what it is for", file.path)
        })
        .collect()
}

pub(crate) fn long_files(files: &[File]) -> Vec<String> {
    let ours = files.iter().filter(|file| is_rust(file) || is_script(file));
    ours.map(|file| (file, lines_before_tests(&file.text)))
        .filter(|(file, lines)| FILE_LINES_MAX < *lines && !file.path.ends_with("/tests.rs"))
        .map(|(file, lines)| {
            format!("{}:{lines}: over {FILE_LINES_MAX} lines before its tests; split it", file.path)
        })
        .collect()
}

pub(crate) fn long_lines(files: &[File]) -> Vec<String> {
    let ours = files.iter().filter(|file| is_rust(file) || is_script(file));
    ours.flat_map(|file| numbered(file).map(move |(number, line)| (file, number, line)))
        .filter(|(_, _, line)| LINE_CHARS_MAX < line.chars().count())
        .map(|(file, number, _)| format!("{}:{number}: over {LINE_CHARS_MAX} signs", file.path))
        .collect()
}

pub(crate) fn empty_names(files: &[File]) -> Vec<String> {
    let is_empty = |part: &str| {
        let stem = part.trim_start_matches('.').split('.').next().unwrap_or(part);
        stem.split(['_', '-']).any(|word| EMPTY_NAMES.contains(&word))
    };
    files
        .iter()
        .filter(|file| file.path.split('/').any(is_empty))
        .map(|file| format!("{}:1: a name that fits everything; name what is inside", file.path))
        .collect()
}

pub(crate) fn top_names(files: &[File]) -> Vec<String> {
    let names: BTreeSet<&str> =
        files.iter().filter_map(|file| file.path.split('/').next()).collect();
    names
        .into_iter()
        .filter(|name| !TOP.contains(name))
        .map(|name| format!("{name}:1: not one of the agreed names; put it into a folder"))
        .collect()
}

pub(crate) fn large_folders(files: &[File]) -> Vec<String> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for file in files {
        *counts.entry(file.path.rsplit_once('/').map_or("", |(folder, _)| folder)).or_default() +=
            1;
    }
    counts
        .into_iter()
        .filter(|&(folder, count)| {
            FOLDER_FILES_MAX < count && !LARGE_FOLDERS.iter().any(|&(name, _)| name == folder)
        })
        .map(|(folder, count)| {
            format!("{folder}:1: {count} files, over {FOLDER_FILES_MAX}; group them")
        })
        .collect()
}

pub(crate) fn large_files(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| FILE_BYTES_MAX < file.bytes)
        .map(|file| format!("{}:1: over {FILE_BYTES_MAX} bytes; make it smaller", file.path))
        .collect()
}

/// What a script of ours imports and is not there: a browser says so only where it is used.
pub(crate) fn lost_imports(files: &[File]) -> Vec<String> {
    let ours = files.iter().filter(|it| it.path.starts_with("web/scripts/") && is_script(it));
    let named = ours.flat_map(|file| {
        let names = file.text.split("from \"").skip(1).filter_map(|it| it.split('"').next());
        names.filter(|it| it.starts_with('.')).map(move |name| (file, resolved(&file.path, name)))
    });
    named
        .filter(|(_, path)| !files.iter().any(|it| it.path == *path))
        .map(|(file, path)| format!("{}:1: there is no {path}", file.path))
        .collect()
}

/// The path that a name in a script stands for.
fn resolved(script: &str, name: &str) -> String {
    let mut parts: Vec<&str> = script.split('/').collect();
    parts.pop();
    for part in name.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::{complains, file, passes};

    #[test]
    fn a_file_that_does_not_say_what_it_is_for_is_found() {
        complains(opening_sentences(&[file("src/a.rs", "use b;\n")]), "src/a.rs:1: begin with");
        passes(opening_sentences(&[file("src/a.rs", "//! For b.\n")]));
    }

    #[test]
    fn a_long_file_is_found_but_its_tests_are_not_counted() {
        let long = |lines| [file("src/a.rs", &"x\n".repeat(lines))];
        complains(long_files(&long(FILE_LINES_MAX + 1)), "src/a.rs:401: over 400 lines");
        passes(long_files(&long(FILE_LINES_MAX)));
        let tests = format!("x\n#[cfg(test)]\nmod tests {{\n{}}}\n", "x\n".repeat(400));
        passes(long_files(&[file("src/a.rs", &tests)]));
        let declared = format!("#[cfg(test)]\nmod tests;\n{}", "x\n".repeat(400));
        complains(long_files(&[file("src/a.rs", &declared)]), "src/a.rs:402");
    }

    #[test]
    fn a_long_line_is_found() {
        complains(long_lines(&[file("src/a.rs", &"å".repeat(101))]), "src/a.rs:1: over 100 signs");
        passes(long_lines(&[file("src/a.rs", &"å".repeat(100))]));
    }

    #[test]
    fn a_name_that_fits_everything_is_found() {
        for path in ["src/utils.rs", "src/helpers/mod.rs", "src/mail_service.rs"] {
            complains(empty_names(&[file(path, "")]), "name what is inside");
        }
        passes(empty_names(&[file("deploy/skranke.service", ""), file("src/commonest.rs", "")]));
    }

    #[test]
    fn a_new_name_at_the_top_is_found() {
        complains(top_names(&[file("notes/a.md", "")]), "notes:1: not one of");
        passes(top_names(&[file("src/a.rs", "")]));
    }

    #[test]
    fn a_crowded_folder_is_found() {
        let crowd =
            |count| (0..count).map(|n| file(&format!("src/a/{n}.rs"), "")).collect::<Vec<_>>();
        complains(large_folders(&crowd(FOLDER_FILES_MAX + 1)), "src/a:1: 13 files");
        passes(large_folders(&crowd(FOLDER_FILES_MAX)));
    }

    #[test]
    fn an_import_of_what_was_moved_is_found() {
        let script = |from| file("web/scripts/log/a.js", from);
        let moved = [script("import { b } from \"../b.js\";"), file("web/scripts/log/b.js", "")];
        complains(lost_imports(&moved), "web/scripts/log/a.js:1: there is no web/scripts/b.js");
        let there = [script("import { b } from \"./b.js\";"), file("web/scripts/log/b.js", "")];
        passes(lost_imports(&there));
    }

    #[test]
    fn a_large_file_is_found() {
        let sized = |bytes| [File { bytes, ..file("web/a.png", "") }];
        complains(large_files(&sized(FILE_BYTES_MAX + 1)), "web/a.png:1: over 500000 bytes");
        passes(large_files(&sized(FILE_BYTES_MAX)));
    }
}
