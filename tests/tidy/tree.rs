//! The files of the repository, and how their lines are read.

use std::path::Path;
use std::process::Command;

/// A file of the repository; the text is empty where the content is not text.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) bytes: usize,
}

/// Every file that is in the repository or would be with the next commit.
pub(crate) fn tree() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .expect("git lists the files");
    assert!(listed.status.success(), "git could not list the files; run this in a clone");
    String::from_utf8_lossy(&listed.stdout)
        .split('\0')
        .filter(|path| !path.is_empty())
        .filter_map(|path| Some((path, std::fs::read(root.join(path)).ok()?)))
        .map(|(path, content)| File {
            path: path.to_owned(),
            bytes: content.len(),
            text: String::from_utf8(content).unwrap_or_default(),
        })
        .collect()
}

/// Fails with all complaints at once.
#[track_caller]
pub(crate) fn report(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

pub(crate) fn is_rust(file: &File) -> bool {
    file.path.ends_with(".rs")
}

pub(crate) fn is_script(file: &File) -> bool {
    file.path.ends_with(".js") || file.path.ends_with(".mjs")
}

/// Whether this is one of the rules, which name the very words that they look for.
pub(crate) fn is_rule(file: &File) -> bool {
    file.path.starts_with("tests/tidy")
}

/// Lines with their numbers, from 1.
pub(crate) fn numbered(file: &File) -> impl Iterator<Item = (usize, &str)> {
    file.text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

/// The lines of our programs, without comments.
pub(crate) fn product_lines(files: &[File]) -> impl Iterator<Item = (&File, usize, &str)> {
    files
        .iter()
        .filter(|file| is_rust(file))
        .filter(|file| file.path.starts_with("src/") || file.path.starts_with("index/src/"))
        .flat_map(|file| numbered(file).map(move |(number, line)| (file, number, line)))
        .filter(|(_, _, line)| !line.trim_start().starts_with("//"))
}

/// The text up to its module of unit tests.
pub(crate) fn before_tests(text: &str) -> &str {
    let start = text.match_indices("#[cfg(test)]").find(|(at, mark)| {
        let next = text[at + mark.len()..].trim_start().lines().next().unwrap_or_default();
        next.starts_with("mod ") && next.ends_with('{')
    });
    start.map_or(text, |(at, _)| &text[..at])
}

pub(crate) fn lines_before_tests(text: &str) -> usize {
    before_tests(text).lines().count()
}

/// Whether `word` stands in the line and is not the end of a longer name.
pub(crate) fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| !line[..at].ends_with(is_name_sign))
}

/// Whether `word` stands in the line with nothing of a name on either side.
pub(crate) fn is_whole_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let after = &line[at + word.len()..];
        !line[..at].ends_with(is_name_sign) && !after.starts_with(is_name_sign)
    })
}

fn is_name_sign(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The modules in the order in which `src/lib.rs` lists them.
pub(crate) fn modules(files: &[File]) -> Vec<&str> {
    let root = files.iter().filter(|file| file.path == "src/lib.rs");
    root.flat_map(|file| file.text.lines())
        .filter_map(|line| line.strip_suffix(';')?.split_once("mod "))
        .map(|(_, name)| name)
        .collect()
}

/// The modules that a line reaches by `crate::name` or `use crate::{name, ..}`.
pub(crate) fn crate_names(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::").skip(1).flat_map(|rest| {
        let group = rest.strip_prefix('{').map(|group| group.split('}').next().unwrap_or(group));
        let names: Vec<&str> = match group {
            Some(group) => group.split(',').collect(),
            None => vec![rest],
        };
        names.into_iter().filter_map(|name| name.trim().split(|c| !is_name_sign(c)).next())
    })
}

/// What stands in backticks and is a path from the root.
pub(crate) fn named_paths(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2).filter(|name| {
        let is_path = name.contains('/') && !name.starts_with(['/', '.', '-', '~', '@', '$']);
        is_path && !name.contains([' ', ':', '<', '*', '{', '=', '…'])
    })
}

/// What a line of a catalogue says, in small letters, without its key, comment and names in braces.
pub(crate) fn told(line: &str) -> String {
    if line.trim_start().starts_with('#') {
        return String::new();
    }
    let value = line.split_once('=').map_or(line, |(_, value)| value);
    let said = value.split('{').enumerate().map(|(index, part)| match part.split_once('}') {
        Some((_, rest)) if 0 < index => rest,
        _ => part,
    });
    said.collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A file for the tests of the rules.
pub(crate) fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned(), bytes: text.len() }
}

/// The rule says one thing, and it is this.
#[track_caller]
pub(crate) fn complains(complaints: Vec<String>, part: &str) {
    assert_eq!(complaints.len(), 1, "{complaints:?}");
    assert!(complaints[0].contains(part), "{complaints:?}");
}

/// The rule has nothing to say.
#[track_caller]
pub(crate) fn passes(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "{complaints:?}");
}
