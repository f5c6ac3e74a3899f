//! Rules on code: who may use what, and which habits have no place.

use super::tree::{
    File, crate_names, has_word, is_rule, is_rust, modules, numbered, product_lines,
};

/// Word, the places that may hold it, and where its work is done instead.
const HOMES: &[(&str, &[&str], &str)] = &[
    ("axum::", &["src/http/", "src/demo/"], "HTTP"),
    ("schemars::", &["src/http/api/"], "the description of the programming interface"),
    ("hyper::", &["src/http/"], "HTTP"),
    ("hyper_util::", &["src/http/"], "HTTP"),
    ("tower_http::", &["src/http/"], "HTTP"),
    ("sled::", &["src/view/"], "the embedded store"),
    ("tantivy::", &["index/"], "search"),
    ("tikv_jemallocator::", &["src/main.rs"], "memory"),
    ("reqwest::", &["src/net/"], "the guarded outbound client"),
    ("rustls::", &["src/net/", "src/http/edge/serve/", "src/oidc/"], "protected connections"),
    ("tokio_rustls::", &["src/http/edge/serve/"], "protected connections"),
    ("pulldown_cmark::", &["src/http/pages/"], "Markdown"),
    ("lettre::", &["src/digest/", "src/post/"], "mail"),
    ("scraper::", &["src/page/", "src/http/pages/tests.rs"], "reading HTML"),
    ("pdf_extract::", &["src/page/"], "reading PDF"),
    ("calamine::", &["src/inquiry/"], "reading spreadsheets"),
    ("hmac::", &["src/hook/", "src/people/", "src/post/"], "signing what is told"),
    ("base64::", &["src/hook/", "src/oidc/"], "signing what is told"),
    ("jsonwebtoken::", &["src/oidc/"], "what a provider of identities signs"),
    ("ring::", &["src/people/", "src/net/", "src/http/edge/serve/", "src/oidc/"], "codes and TLS"),
    ("qrcode::", &["src/http/pages/"], "pictures for a telephone's camera"),
    ("rust_xlsxwriter::", &["src/sheet/"], "writing workbooks"),
    ("mail_parser::", &["src/inquiry/"], "reading mails"),
    ("age::", &["src/backup/"], "encryption of backups"),
    ("argon2::", &["src/people/"], "passphrases"),
    ("sha1::", &["src/people/"], "the list of stolen passwords"),
    ("askama::", &["src/http/", "src/digest/", "src/report/"], "pages and letters"),
    (
        "jiff::civil",
        &[
            "src/week.rs",
            "src/app/letters/",
            "src/cli/",
            "src/http/",
            "src/digest/",
            "src/report/",
            "src/inquiry/",
            "src/demo/",
            "src/schedule/",
            "src/sheet/",
        ],
        "civil time, which pages show and old spreadsheets hold",
    ),
    (
        "env::var",
        &["src/config/", "src/failpoint.rs", "src/journal/files/disk/simulated/"],
        "settings",
    ),
    ("Timestamp::now", &["src/clock.rs"], "the clock"),
];

/// Words that the index crate does not know, since it only knows texts, keys and scores.
const FOREIGN_TO_INDEX: &[&str] = &[
    "tokio::",
    "axum::",
    "jiff::",
    "uuid::",
    "sled::",
    "serde::",
    "std::net",
    "std::time",
    "skranke::",
];

/// Words that stand nowhere in our Rust, and what to do instead.
const NEVER: &[(&str, &str)] = &[
    ("#[allow(", "use #[expect(.., reason = \"..\")], which expires"),
    ("#![allow(", "use #![expect(.., reason = \"..\")], which expires"),
    ("#[ignore", "mend the test or assert today's behavior with a comment"),
    ("#[should_panic", "assert the error"),
    ("macro_rules!", "write a function"),
];

/// The flow; its order is read from `src/lib.rs`.
const STAGES: &[&str] =
    &["inquiry", "page", "lookup", "topic", "gap", "review", "report", "digest", "post"];

/// What nothing inside may use.
const EDGES: &[&str] = &["app", "cli", "demo", "http", "jobs"];

/// What knows nothing of the flow.
const BASE: &[&str] = &[
    "backup",
    "clock",
    "config",
    "durations",
    "failpoint",
    "id",
    "journal",
    "messages",
    "net",
    "record",
    "rows",
    "sheet",
    "telemetry",
    "view",
    "week",
];

pub(crate) fn homes(files: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for (file, number, line) in product_lines(files) {
        for (word, allowed, work) in HOMES {
            let at_home = allowed.iter().any(|home| file.path.starts_with(home));
            if !at_home && has_word(line, word) {
                complaints.push(format!(
                    "{}:{number}: uses `{word}`; {work} belongs in {}, ask that module",
                    file.path,
                    allowed.join(" or ")
                ));
            }
        }
    }
    complaints
}

pub(crate) fn index_knows_no_app(files: &[File]) -> Vec<String> {
    product_lines(files)
        .filter(|(file, ..)| file.path.starts_with("index/src/"))
        .flat_map(|(file, number, line)| {
            FOREIGN_TO_INDEX.iter().filter(move |word| has_word(line, word)).map(move |word| {
                format!("{}:{number}: uses `{word}`; take plain values instead", file.path)
            })
        })
        .collect()
}

pub(crate) fn never(files: &[File]) -> Vec<String> {
    let rust = files.iter().filter(|file| is_rust(file) && !is_rule(file));
    rust.flat_map(|file| numbered(file).map(move |(number, line)| (file, number, line)))
        .flat_map(|(file, number, line)| {
            NEVER
                .iter()
                .filter(move |(word, _)| line.trim_start().starts_with(word))
                .map(move |(word, instead)| format!("{}:{number}: `{word}`: {instead}", file.path))
        })
        .collect()
}

pub(crate) fn look_ahead(files: &[File]) -> Vec<String> {
    let order = modules(files);
    let rank = |name: &str| order.iter().position(|it| *it == name).unwrap_or(usize::MAX);
    let mut complaints = Vec::new();
    for (file, number, line) in product_lines(files) {
        let Some(home) = file.path.strip_prefix("src/").and_then(|it| it.split(['/', '.']).next())
        else {
            continue;
        };
        for used in crate_names(line) {
            let later = STAGES.contains(&used) && rank(home) < rank(used);
            let ahead = match (STAGES.contains(&home), BASE.contains(&home)) {
                (true, _) => later || EDGES.contains(&used),
                (_, true) => STAGES.contains(&used) || EDGES.contains(&used),
                (false, false) => home == "jobs" && used == "http",
            };
            if ahead {
                complaints.push(format!(
                    "{}:{number}: `{home}` looks ahead to `crate::{used}`; take what it needs as \
                     a value, or move the work to the later stage",
                    file.path
                ));
            }
        }
    }
    complaints
}

pub(crate) fn unreached(files: &[File]) -> Vec<String> {
    let declares = |parent: &str, name: &str| {
        files.iter().filter(|file| file.path == parent).any(|file| {
            file.text.lines().any(|line| line.trim().ends_with(&format!("mod {name};")))
        })
    };
    let naming: Vec<&File> = files.iter().filter(|it| it.text.contains("#[path")).collect();
    let is_reached = |file: &File| {
        let Some((folder, name)) = file.path.strip_suffix(".rs").and_then(|it| it.rsplit_once('/'))
        else {
            return true;
        };
        let cargo_finds =
            ["tests", "index/tests", "index/examples", "index/benches", "tests/fuzz/bins"];
        let is_named = |it: &File| it.text.contains(&format!("/{}\"]", file.path));
        if matches!(name, "main" | "lib")
            || cargo_finds.contains(&folder)
            || naming.iter().any(|it| is_named(it))
        {
            return true;
        }
        let (folder, name) = match name {
            "mod" => folder.rsplit_once('/').unwrap_or(("", folder)),
            _ => (folder, name),
        };
        ["/mod.rs", "/lib.rs", "/main.rs", ".rs"]
            .iter()
            .any(|parent| declares(&format!("{folder}{parent}"), name))
    };
    files
        .iter()
        .filter(|file| is_rust(file) && !is_reached(file))
        .map(|file| format!("{}:1: no `mod` line reaches it; add one or delete it", file.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::{complains, file, passes};

    #[test]
    fn a_word_away_from_its_home_is_found() {
        let stage = file("src/gap/mod.rs", "//! Gaps.\nuse axum::Router;\n");
        complains(homes(&[stage]), "src/gap/mod.rs:2: uses `axum::`");
        passes(homes(&[file("src/http/mod.rs", "use axum::Router;\n")]));
        passes(homes(&[file("src/gap/mod.rs", "// As axum::Router does.\n")]));
        passes(homes(&[file("src/gap/mod.rs", "use my_axum::Router;\n")]));
    }

    #[test]
    fn a_clock_in_the_index_crate_is_found() {
        let space = |text| [file("index/src/space.rs", text)];
        complains(index_knows_no_app(&space("use jiff::Timestamp;\n")), "uses `jiff::`");
        passes(index_knows_no_app(&space("use tantivy::Index;\n")));
    }

    #[test]
    fn a_hidden_warning_is_found() {
        let gap = |text| [file("src/gap/mod.rs", text)];
        complains(never(&gap("    #[allow(dead_code)]\n")), "src/gap/mod.rs:1: `#[allow(`");
        passes(never(&gap("#[expect(dead_code, reason = \"shown in the next change\")]\n")));
    }

    fn flow(path: &str, text: &str) -> Vec<String> {
        let order = "pub mod clock;\npub mod inquiry;\npub mod page;\npub mod gap;\npub mod app;\n";
        look_ahead(&[file("src/lib.rs", order), file(path, text)])
    }

    #[test]
    fn a_stage_that_looks_ahead_is_found() {
        complains(flow("src/page/mod.rs", "use crate::gap::Gap;\n"), "looks ahead to `crate::gap`");
        complains(
            flow("src/page/mod.rs", "use crate::{id, gap};\n"),
            "looks ahead to `crate::gap`",
        );
        complains(flow("src/gap/mod.rs", "use crate::app::App;\n"), "looks ahead to `crate::app`");
        complains(flow("src/clock.rs", "use crate::page::Page;\n"), "looks ahead to `crate::page`");
        passes(flow("src/gap/mod.rs", "use crate::inquiry::Inquiry;\n"));
        passes(flow("src/app/mod.rs", "use crate::gap::Gap;\n"));
    }

    #[test]
    fn a_file_without_a_mod_line_is_found() {
        let lost = file("src/gap/lost.rs", "");
        let parent = |text| file("src/gap/mod.rs", text);
        let root = || file("src/lib.rs", "pub mod gap;\n");
        complains(unreached(&[root(), parent(""), lost]), "src/gap/lost.rs:1: no `mod` line");
        let found = file("src/gap/found.rs", "");
        passes(unreached(&[root(), parent("pub(crate) mod found;\n"), found]));
        let named = file("src/main.rs", "#[path = \"../tests/fuzz/a/b.rs\"]\nmod c;\n");
        passes(unreached(&[named, file("tests/fuzz/a/b.rs", "")]));
    }
}
