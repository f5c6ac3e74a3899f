//! The licences of what the program is made of: the list that it carries is that of its parts.
//!
//! `make bless` writes both files anew after a dependency has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const LIST: &str = "web/licences/list.txt";
const TEXTS: &str = "web/licences/texts.txt";

/// A part of the program.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Component {
    name: String,
    version: String,
    licence: String,
    folder: PathBuf,
}

/// Everything that is linked into the program, as cargo resolves it for Linux.
fn crates() -> BTreeSet<Component> {
    let told = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--locked", "--format-version", "1"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo can be asked");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let told: Value = serde_json::from_slice(&told.stdout).expect("JSON");
    let nodes = told["resolve"]["nodes"].as_array().expect("nodes");
    let linked = |node: &Value| -> Vec<String> {
        let dependencies = node["deps"].as_array().into_iter().flatten();
        let is_linked = |it: &&Value| {
            let kinds = it["dep_kinds"].as_array().expect("kinds");
            kinds.iter().any(|it| it["kind"].is_null())
        };
        dependencies.filter(is_linked).map(|it| text(&it["pkg"])).collect()
    };
    let by_id: BTreeMap<String, Vec<String>> =
        nodes.iter().map(|it| (text(&it["id"]), linked(it))).collect();
    let mut waiting = vec![text(&told["resolve"]["root"])];
    let mut seen = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if seen.insert(id.clone()) {
            waiting.extend(by_id[&id].iter().cloned());
        }
    }
    let packages = told["packages"].as_array().expect("packages").iter();
    let foreign = packages.filter(|it| seen.contains(&text(&it["id"])) && !it["source"].is_null());
    foreign
        .map(|it| Component {
            name: text(&it["name"]),
            version: text(&it["version"]),
            licence: it["license"].as_str().unwrap_or("see its text").to_owned(),
            folder: Path::new(&text(&it["manifest_path"])).parent().expect("a folder").to_owned(),
        })
        .collect()
}

/// What the screens are made of.
fn packages() -> BTreeSet<Component> {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/package-lock.json");
    let lock = std::fs::read(lock).expect("the lock file");
    let lock: Value = serde_json::from_slice(&lock).expect("JSON");
    let all = lock["packages"].as_object().expect("packages").iter();
    all.filter(|(path, _)| !path.is_empty())
        .map(|(path, it)| Component {
            name: path.trim_start_matches("node_modules/").to_owned(),
            version: text(&it["version"]),
            licence: text(&it["license"]),
            folder: Path::new(env!("CARGO_MANIFEST_DIR")).join("web").join(path),
        })
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn list(all: &BTreeSet<Component>) -> String {
    all.iter().map(|it| format!("{}\t{}\t{}\n", it.name, it.version, it.licence)).collect()
}

/// The licence files of a part. Who may choose takes the shortest: MIT.
fn files(component: &Component) -> Vec<PathBuf> {
    let names = ["licen", "copying", "notice", "copyright"];
    let entries = component.folder.read_dir().into_iter().flatten().flatten();
    let mut all: Vec<PathBuf> = entries
        .map(|it| it.path())
        .filter(|it| {
            let name = it.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
            it.is_file() && names.iter().any(|start| name.starts_with(start))
        })
        .collect();
    all.sort();
    let named = |it: &PathBuf, word: &str| it.to_string_lossy().to_uppercase().contains(word);
    let may_choose = component.licence.contains("MIT") && component.licence.contains("OR");
    if may_choose && all.iter().any(|it| named(it, "-MIT")) {
        all.retain(|it| named(it, "-MIT") || named(it, "NOTICE"));
    }
    all
}

/// Each text once, with the names of all that it holds for.
fn texts(all: &BTreeSet<Component>) -> String {
    let mut by_text = BTreeMap::<String, (String, BTreeSet<String>)>::new();
    for component in all {
        for file in files(component) {
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            let key = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let fresh = || (text.trim_end().to_owned(), BTreeSet::new());
            let held = by_text.entry(key).or_insert_with(fresh);
            held.1.insert(format!("{} {}", component.name, component.version));
        }
    }
    let mut all: Vec<(BTreeSet<String>, String)> =
        by_text.into_values().map(|(text, names)| (names, text)).collect();
    all.sort();
    let rule = "-".repeat(72);
    let block = |(names, text): (BTreeSet<String>, String)| {
        let names = names.into_iter().collect::<Vec<_>>().join(", ");
        format!("{rule}\n{names}\n{rule}\n\n{text}\n\n")
    };
    all.into_iter().map(block).collect::<String>().replace("\r\n", "\n")
}

#[expect(clippy::disallowed_methods, reason = "the switch of `make bless`")]
fn is_blessed() -> bool {
    std::env::var("INSTA_UPDATE").is_ok_and(|it| it == "always")
}

#[test]
fn the_list_of_licences_is_that_of_the_parts() {
    let mut all = crates();
    all.extend(packages());
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if is_blessed() {
        let lacking = packages().into_iter().find(|it| !it.folder.exists());
        assert_eq!(lacking, None, "the design system is not there: npm ci --prefix web");
        std::fs::create_dir_all(root.join("web/licences")).expect("made");
        std::fs::write(root.join(LIST), list(&all)).expect("written");
        std::fs::write(root.join(TEXTS), texts(&all)).expect("written");
    }
    let kept = std::fs::read_to_string(root.join(LIST)).expect("the list");
    assert_eq!(kept, list(&all), "a dependency has changed: run `make bless`");
    // The design system is fetched only where screens are built, so its text need not be here.
    let kept = std::fs::read_to_string(root.join(TEXTS)).expect("the texts");
    let lacking: Vec<&str> = all
        .iter()
        .filter(|it| !files(it).is_empty())
        .filter(|it| !kept.contains(&format!("{} {}", it.name, it.version)))
        .map(|it| it.name.as_str())
        .collect();
    assert!(lacking.is_empty(), "no text of {lacking:?}: run `make bless`");
}
