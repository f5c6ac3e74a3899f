//! Rules on what others have made: where it is from, that its bytes are fixed, what may be in it.
//!
//! They are those of `deny.toml`, held at each test without a tool or the network.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::File;

fn table(files: &[File], path: &str) -> toml::Table {
    let file = files.iter().find(|it| it.path == path);
    let file = file.unwrap_or_else(|| panic!("{path} is there"));
    file.text.parse().unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn texts(value: Option<&toml::Value>) -> Vec<String> {
    let all = value.and_then(toml::Value::as_array).into_iter().flatten();
    all.filter_map(|it| it.as_str().map(str::to_owned)).collect()
}

/// Crates come from the one registry, each with the digest of its bytes, and none is banned.
pub(crate) fn crates(files: &[File]) -> Vec<String> {
    let deny = table(files, "deny.toml");
    let banned = deny["bans"]["deny"].as_array().into_iter().flatten();
    let banned: BTreeMap<&str, Vec<String>> =
        banned.filter_map(|it| Some((it["crate"].as_str()?, texts(it.get("wrappers"))))).collect();
    let lock = table(files, "Cargo.lock");
    let packages = lock["package"].as_array().into_iter().flatten();
    let mut registry = None;
    let mut complaints = vec![];
    for package in packages {
        let told = |name: &str| package.get(name).and_then(toml::Value::as_str);
        let name = told("name").unwrap_or_default();
        // A banned crate may be within those that deny.toml names for it.
        for needed in texts(package.get("dependencies")) {
            let needed = needed.split(' ').next().unwrap_or_default();
            if banned.get(needed).is_some_and(|it| !it.iter().any(|it| it == name)) {
                complaints.push(format!("Cargo.lock: {name} brings {needed}: see deny.toml"));
            }
        }
        let Some(source) = told("source") else { continue };
        if !source.starts_with("registry+") || *registry.get_or_insert(source) != source {
            complaints.push(format!("Cargo.lock: {name} is not from the registry; take it there"));
        }
        if told("checksum").is_none_or(|it| it.len() != 64) {
            complaints.push(format!("Cargo.lock: {name} has no digest; run `cargo update`"));
        }
    }
    complaints
}

/// Whether somebody looked for advisories and newer parts before this version.
pub(crate) fn looked(files: &[File]) -> Vec<String> {
    let workspace = table(files, "Cargo.toml");
    let version = workspace["workspace"]["package"]["version"].as_str().unwrap_or_default();
    let paper = files.iter().find(|it| it.path == "SECURITY.md").map_or("", |it| it.text.as_str());
    let list = paper.split("## When parts were looked at").nth(1).unwrap_or_default();
    let mut rows = list.lines().map(|it| it.split('|').map(str::trim).collect::<Vec<_>>());
    let is_told = rows.any(|row| {
        row.get(1).is_some_and(|day| day.parse::<jiff::civil::Date>().is_ok())
            && row.get(2) == Some(&version)
            && row.iter().filter(|it| !it.is_empty()).count() == 5
    });
    if is_told {
        return vec![];
    }
    vec![format!("SECURITY.md:1: run `make old` and tell what came of it for version {version}")]
}

/// Each part may be used under a licence that deny.toml allows.
pub(crate) fn licences(files: &[File]) -> Vec<String> {
    let allowed: BTreeSet<String> =
        texts(table(files, "deny.toml")["licenses"].get("allow")).into_iter().collect();
    let list = files.iter().find(|it| it.path == "web/licences/list.txt").expect("the list");
    let parts = list.text.lines().filter_map(|it| it.rsplit_once('\t'));
    parts
        .filter(|(_, licence)| !is_allowed(licence, &allowed))
        .map(|(name, licence)| {
            let name = name.replace('\t', " ");
            format!("web/licences/list.txt: {name} is under {licence}; take another part")
        })
        .collect()
}

/// Whether an expression such as `(MIT OR ISC) AND Unicode-3.0` leaves a way that is allowed.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.replace('/', " OR ");
    let parts = split_outside(&expression, " AND ");
    parts.iter().all(|part| {
        let inner = part.trim().strip_prefix('(').and_then(|it| it.strip_suffix(')'));
        match inner {
            Some(inner) => is_allowed(inner, allowed),
            None => {
                let ways = split_outside(part, " OR ");
                ways.iter().any(|it| allowed.contains(it.trim()))
            }
        }
    })
}

/// Splits where no bracket is open.
fn split_outside<'a>(text: &'a str, by: &str) -> Vec<&'a str> {
    let (mut parts, mut from) = (vec![], 0);
    for (at, _) in text.match_indices(by) {
        let before = &text[from..at];
        if before.matches('(').count() == before.matches(')').count() {
            parts.push(before);
            from = at + by.len();
        }
    }
    parts.push(&text[from..]);
    parts
}

/// What npm and pip fetch for screens and tests has the digest of its bytes beside its name.
pub(crate) fn fetched(files: &[File]) -> Vec<String> {
    let mut complaints = vec![];
    for file in files.iter().filter(|it| it.path.ends_with("package-lock.json")) {
        let lock: serde_json::Value = serde_json::from_str(&file.text).unwrap_or_default();
        let packages = lock["packages"].as_object().into_iter().flatten();
        for (name, _) in packages.filter(|(name, it)| {
            let digest = it["integrity"].as_str().unwrap_or_default();
            !name.is_empty() && !digest.starts_with("sha512-")
        }) {
            complaints.push(format!("{}: {name} has no digest; install it anew", file.path));
        }
    }
    for file in files.iter().filter(|it| it.path.ends_with("requirements.txt")) {
        let joined = file.text.replace("\\\n", " ");
        let lines = joined.lines().filter(|it| !it.trim().is_empty() && !it.starts_with('#'));
        for line in lines.filter(|it| !it.contains("--hash=sha256:")) {
            complaints.push(format!("{}: {line} has no digest", file.path));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned(), bytes: text.len() }
    }

    const DENY: &str = "[licenses]\nallow = [\"MIT\", \"Unicode-3.0\"]\n\
        [bans]\ndeny = [{ crate = \"openssl\", reason = \"x\" }, \
        { crate = \"time\", wrappers = [\"b\"], reason = \"x\" }]\n";

    #[track_caller]
    fn check_lock(package: &str, complaints: usize) {
        let lock = format!(
            "[[package]]\nname = \"a\"\nsource = \"registry+x\"\nchecksum = \"{}\"\n\
            [[package]]\n{package}",
            "0".repeat(64)
        );
        let found = crates(&[file("deny.toml", DENY), file("Cargo.lock", &lock)]);
        assert_eq!(found.len(), complaints, "{found:?}");
    }

    #[test]
    fn a_banned_crate_another_source_and_a_missing_digest_are_found() {
        let sum = format!("checksum = \"{}\"\n", "0".repeat(64));
        check_lock(&format!("name = \"b\"\nsource = \"registry+x\"\n{sum}"), 0);
        check_lock("name = \"ours\"\n", 0);
        check_lock("name = \"ours\"\ndependencies = [\"openssl 1.0.0\"]\n", 1);
        check_lock("name = \"ours\"\ndependencies = [\"time\"]\n", 1);
        check_lock("name = \"b\"\ndependencies = [\"time\"]\n", 0);
        check_lock(&format!("name = \"b\"\nsource = \"git+x\"\n{sum}"), 1);
        check_lock(&format!("name = \"b\"\nsource = \"registry+y\"\n{sum}"), 1);
        check_lock("name = \"b\"\nsource = \"registry+x\"\n", 1);
    }

    #[test]
    fn a_licence_that_leaves_no_allowed_way_is_found() {
        let complains = |licence: &str| {
            let list = format!("a\t1.0.0\t{licence}\n");
            let all = [file("deny.toml", DENY), file("web/licences/list.txt", &list)];
            !licences(&all).is_empty()
        };
        for fine in ["MIT", "GPL-3.0 OR MIT", "(MIT OR ISC) AND Unicode-3.0", "Unlicense/MIT"] {
            assert!(!complains(fine), "{fine}");
        }
        for wrong in ["GPL-3.0", "MIT AND GPL-3.0", "(MIT OR ISC) AND ISC", "", "MIT-ish"] {
            assert!(complains(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_version_whose_parts_nobody_looked_at_is_found() {
        let head = "## When parts were looked at\n\n| day | version | a | b | c |\n";
        let told = |row: &str| {
            let cargo = file("Cargo.toml", "[workspace.package]\nversion = \"1.2.0\"\n");
            looked(&[cargo, file("SECURITY.md", &format!("{head}{row}\n"))]).len()
        };
        assert_eq!(told("| 2026-11-27 | 1.2.0 | none | none | nothing |"), 0);
        assert_eq!(told("| 2026-11-27 | 1.1.0 | none | none | nothing |"), 1);
        assert_eq!(told("| soon | 1.2.0 | none | none | nothing |"), 1);
        assert_eq!(told("| 2026-11-27 | 1.2.0 | none | | nothing |"), 1);
    }

    #[test]
    fn a_package_without_a_digest_is_found() {
        let lock = |it: &str| {
            let text = format!("{{\"packages\": {{\"\": {{}}, \"node_modules/a\": {it}}}}}");
            fetched(&[file("web/package-lock.json", &text)]).len()
        };
        assert_eq!(lock("{\"integrity\": \"sha512-x\"}"), 0);
        assert_eq!(lock("{\"version\": \"1.0.0\"}"), 1);
        let pip = |text: &str| fetched(&[file("tests/api/requirements.txt", text)]).len();
        assert_eq!(pip("# a\na==1 \\\n    --hash=sha256:0\n"), 0);
        assert_eq!(pip("a==1\n"), 1);
    }
}
