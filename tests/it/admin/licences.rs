//! What the program is made of: the licences and the bill of materials that it carries are those
//! of its parts.
//!
//! `make bless` writes the files anew after a dependency has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

const LIST: &str = "web/licences/list.txt";
const TEXTS: &str = "web/licences/texts.txt";
const BILL: &str = "web/licences/sbom.cdx.json";

/// A part of the program.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Component {
    name: String,
    version: String,
    licence: String,
    folder: PathBuf,
    /// Where it is from, as package URLs say it.
    url: String,
    /// What its lock file says of its bytes: the algorithm and the digest in hex.
    digest: (&'static str, String),
    /// The package URLs of what it is made of in turn.
    needs: Vec<String>,
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
    let packages = told["packages"].as_array().expect("packages");
    let is_foreign = |it: &&Value| seen.contains(&text(&it["id"])) && !it["source"].is_null();
    let digests = crate_digests();
    let url_of = |it: &Value| format!("pkg:cargo/{}@{}", text(&it["name"]), text(&it["version"]));
    let urls: BTreeMap<String, String> =
        packages.iter().filter(is_foreign).map(|it| (text(&it["id"]), url_of(it))).collect();
    packages
        .iter()
        .filter(is_foreign)
        .map(|it| Component {
            name: text(&it["name"]),
            version: text(&it["version"]),
            licence: it["license"].as_str().unwrap_or("see its text").to_owned(),
            folder: Path::new(&text(&it["manifest_path"])).parent().expect("a folder").to_owned(),
            url: url_of(it),
            digest: ("SHA-256", digests[&(text(&it["name"]), text(&it["version"]))].clone()),
            needs: by_id[&text(&it["id"])].iter().filter_map(|it| urls.get(it).cloned()).collect(),
        })
        .collect()
}

/// What the lock file says of the bytes of each crate, by name and version.
fn crate_digests() -> BTreeMap<(String, String), String> {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
    let lock = std::fs::read_to_string(lock).expect("the lock file");
    let lock: toml::Table = lock.parse().expect("TOML");
    let told = |it: &toml::Value, name: &str| {
        it.get(name).and_then(toml::Value::as_str).map(str::to_owned)
    };
    let packages = lock["package"].as_array().expect("packages").iter();
    packages
        .filter_map(|it| Some(((told(it, "name")?, told(it, "version")?), told(it, "checksum")?)))
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
            url: npm_url(path.trim_start_matches("node_modules/"), &text(&it["version"])),
            digest: ("SHA-512", npm_digest(&text(&it["integrity"]))),
            needs: npm_needs(it, &lock["packages"]),
        })
        .collect()
}

fn npm_url(name: &str, version: &str) -> String {
    format!("pkg:npm/{}@{version}", name.replacen('@', "%40", 1))
}

fn npm_needs(package: &Value, all: &Value) -> Vec<String> {
    let names = package["dependencies"].as_object().into_iter().flatten().map(|it| it.0);
    let known = names.filter_map(|name| {
        Some(npm_url(name, all[&format!("node_modules/{name}")]["version"].as_str()?))
    });
    known.collect()
}

/// The lock file of npm has digests in Base64.
fn npm_digest(integrity: &str) -> String {
    use base64::Engine;
    let digest = integrity.strip_prefix("sha512-").expect("a SHA-512");
    let digest = base64::engine::general_purpose::STANDARD.decode(digest).expect("Base64");
    digest.iter().map(|it| format!("{it:02x}")).collect()
}

/// The bill of materials, after the CycloneDX specification 1.6. No time of making stands in it,
/// so that the same parts give the same bill.
fn bill(all: &BTreeSet<Component>) -> String {
    let component = |it: &Component| {
        let licence = match it.licence.as_str() {
            "see its text" => json!([]),
            // An older way of writing OR.
            said => {
                let said = said.replace('/', " OR ");
                let words: Vec<&str> = said.split_whitespace().collect();
                json!([{ "expression": words.join(" ") }])
            }
        };
        json!({
            "type": "library",
            "bom-ref": it.url,
            "name": it.name,
            "version": it.version,
            "purl": it.url,
            "licenses": licence,
            "hashes": [{ "alg": it.digest.0, "content": it.digest.1 }],
        })
    };
    let this = format!("pkg:cargo/skranke@{}", env!("CARGO_PKG_VERSION"));
    let needs = |it: &Component| {
        let parts: BTreeSet<&String> = it.needs.iter().collect();
        json!({ "ref": it.url, "dependsOn": parts })
    };
    let bill = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": this,
                "name": "skranke",
                "version": env!("CARGO_PKG_VERSION"),
                "purl": this,
            },
        },
        "components": all.iter().map(component).collect::<Vec<_>>(),
        "dependencies": all.iter().map(needs).collect::<Vec<_>>(),
    });
    serde_json::to_string_pretty(&bill).expect("plain data") + "\n"
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
fn the_lists_of_licences_and_of_materials_are_those_of_the_parts() {
    let mut all = crates();
    all.extend(packages());
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if is_blessed() {
        let lacking = packages().into_iter().find(|it| !it.folder.exists());
        assert_eq!(lacking, None, "the design system is not there: npm ci --prefix web");
        std::fs::create_dir_all(root.join("web/licences")).expect("made");
        std::fs::write(root.join(LIST), list(&all)).expect("written");
        std::fs::write(root.join(TEXTS), texts(&all)).expect("written");
        std::fs::write(root.join(BILL), bill(&all)).expect("written");
    }
    let kept = std::fs::read_to_string(root.join(LIST)).expect("the list");
    assert_eq!(kept, list(&all), "a dependency has changed: run `make bless`");
    let kept = std::fs::read_to_string(root.join(BILL)).expect("the bill of materials");
    assert!(kept == bill(&all), "a dependency has changed: run `make bless`");
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
