//! Rules on texts: papers, settings, message catalogues, and traces of how a text was made.

use std::collections::BTreeSet;

use super::tree::{File, before_tests, is_rule, is_whole_word, named_paths, numbered, told};

const PAPERS: &[&str] = &[
    "ARCHITECTURE.md",
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "deploy/README.md",
    "deploy/security.md",
];

/// Words of one written norm that have no business in a text of the other.
const ONLY_NB: &[&str] = &[
    "ikke",
    "hvordan",
    "hvorfor",
    "hva",
    "hvem",
    "hvor",
    "hvilken",
    "hvilke",
    "hver",
    "hvis",
    "jeg",
    "noen",
    "noe",
    "fra",
    "bare",
    "være",
    "uke",
    "uken",
    "uker",
    "ukebrev",
    "henvendelse",
    "henvendelser",
    "mer",
    "gjøre",
    "gjør",
    "se",
    "dem",
    "deres",
    "kun",
    "åpne",
    "åpen",
    "siden",
    "en",
    "et",
    "uten",
    "sammen",
    "hull",
    "hullet",
    "svarene",
];

const ONLY_NN: &[&str] = &[
    "ikkje",
    "korleis",
    "kvifor",
    "kva",
    "kven",
    "kvar",
    "kvart",
    "eg",
    "nokon",
    "noko",
    "frå",
    "berre",
    "vere",
    "veke",
    "veka",
    "veker",
    "vekebrev",
    "førespurnad",
    "førespurnader",
    "meir",
    "gjere",
    "gjer",
    "sjå",
    "opne",
    "ope",
    "sidan",
    "ein",
    "eit",
    "utan",
    "saman",
    "hol",
    "holet",
    "dykk",
    "dykkar",
    "mykje",
    "heile",
    "vidare",
    "ynskjer",
];

pub(crate) fn traces(files: &[File]) -> Vec<String> {
    // In two halves, so that this file does not complain of itself.
    let paths = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/fa", "rm/"),
        concat!("/tmp/", "studio/"),
    ];
    let words =
        [concat!("before-", "stop"), concat!(".lib", "rary"), concat!("sub", "agent"), "worktree"];
    let is_path = |line: &str, path: &str| {
        line.match_indices(path).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '}'))
        })
    };
    files
        .iter()
        .filter(|file| !is_rule(file))
        .flat_map(|file| numbered(file).map(move |(number, line)| (file, number, line)))
        .filter(|(_, _, line)| {
            paths.iter().any(|path| is_path(line, path)) || words.iter().any(|w| line.contains(w))
        })
        .map(|(file, number, _)| {
            format!(
                "{}:{number}: tells where or how it was written; say it from the root",
                file.path
            )
        })
        .collect()
}

pub(crate) fn leftovers(files: &[File]) -> Vec<String> {
    let marks = ["TODO", "FIXME", "XXX", "HACK"];
    files
        .iter()
        .filter(|file| !is_rule(file) && !file.path.contains("lock"))
        .filter(|file| !file.path.starts_with("index/lang/"))
        .flat_map(|file| numbered(file).map(move |(number, line)| (file, number, line)))
        .filter(|(_, _, line)| marks.iter().any(|mark| is_whole_word(line, mark)))
        .map(|(file, number, _)| format!("{}:{number}: do it now or open an issue", file.path))
        .collect()
}

pub(crate) fn missing_paths(files: &[File]) -> Vec<String> {
    let exists = |path: &str| {
        let path = path.trim_end_matches('/');
        files.iter().any(|file| {
            file.path
                .strip_prefix(path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    files
        .iter()
        .filter(|file| PAPERS.contains(&file.path.as_str()))
        .flat_map(|file| numbered(file).map(move |(number, line)| (file, number, line)))
        .flat_map(|(file, number, line)| named_paths(line).map(move |path| (file, number, path)))
        .filter(|(_, _, path)| !exists(path))
        .map(|(file, number, path)| {
            format!("{}:{number}: `{path}` does not exist; name what does", file.path)
        })
        .collect()
}

pub(crate) fn settings(files: &[File]) -> Vec<String> {
    // What is said of the provider of identities is read where it is understood.
    let is_read =
        |it: &&File| it.path.starts_with("src/config/") || it.path == "src/oidc/settings.rs";
    let programs = files.iter().filter(is_read);
    let example = files.iter().find(|file| file.path == "deploy/skranke.env");
    let example = example.map_or("", |file| file.text.as_str());
    let read: BTreeSet<&str> = programs
        .flat_map(|file| before_tests(&file.text).split('"'))
        .filter(|part| part.starts_with("SKRANKE_") && !part.contains(' '))
        .collect();
    let shown: BTreeSet<&str> = example
        .lines()
        .map(|line| line.trim_start_matches('#'))
        .filter(|line| line.starts_with("SKRANKE_"))
        .filter_map(|line| Some(line.split_once('=')?.0))
        .collect();
    read.symmetric_difference(&shown)
        .map(|name| {
            format!("deploy/skranke.env:1: {name} stands in one of it and src/config/ only")
        })
        .collect()
}

pub(crate) fn mixed_norms(files: &[File]) -> Vec<String> {
    let homes = ["web/messages/", "web/help/", "web/papers/"];
    let foreign = |path: &str| {
        let inside = homes.iter().find_map(|home| path.strip_prefix(home))?;
        match inside.split('/').next()? {
            "nn" => Some(ONLY_NB),
            "nb" => Some(ONLY_NN),
            _ => None,
        }
    };
    files
        .iter()
        .filter_map(|file| Some((file, foreign(&file.path)?)))
        .flat_map(|(file, words)| numbered(file).map(move |(n, line)| (file, words, n, line)))
        .flat_map(|(file, words, number, line)| {
            let text = told(line);
            words.iter().filter(move |word| is_whole_word(&text, word)).map(move |word| {
                format!("{}:{number}: \"{word}\" is a word of the other norm", file.path)
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::{complains, file, passes};

    #[test]
    fn a_path_of_the_machine_is_found() {
        let line = |text: &str| [file("README.md", text)];
        complains(traces(&line(concat!("Look in /wo", "rk/main.\n"))), "README.md:1: tells where");
        complains(traces(&line(concat!("cd '/ho", "me/kari/'\n"))), "README.md:1: tells where");
        passes(traces(&line(concat!("the team's net", "/wo", "rk/ folder\n"))));
    }

    #[test]
    fn a_note_to_do_something_later_is_found() {
        let line = |text: &str| [file("src/a.rs", text)];
        complains(leftovers(&line(concat!("// TO", "DO: mend\n"))), "src/a.rs:1: do it now");
        passes(leftovers(&line("let mastodon = TODOS;\n")));
    }

    #[test]
    fn a_paper_that_names_a_missing_path_is_found() {
        let paper = |text| [file("README.md", text), file("src/gap/mod.rs", "")];
        complains(missing_paths(&paper("See `src/lost/`.\n")), "`src/lost/` does not exist");
        complains(missing_paths(&paper("See `src/gap/mod.rs` and `src/ga`.\n")), "`src/ga`");
        passes(missing_paths(&paper(
            "See `src/gap/`, `src/gap/mod.rs`, `/gaps` and `make demo`.\n",
        )));
    }

    #[test]
    fn a_setting_that_is_not_shown_is_found() {
        let pair = |program, example| {
            settings(&[file("src/config/mod.rs", program), file("deploy/skranke.env", example)])
        };
        complains(pair("value(\"SKRANKE_A\", \"1\")", "# Why.\n"), "SKRANKE_A stands in one");
        complains(pair("", "SKRANKE_A=1\n"), "SKRANKE_A stands in one");
        passes(pair("value(\"SKRANKE_A\", \"1\")", "#SKRANKE_A=1\n"));
    }

    #[test]
    fn a_word_of_the_other_norm_is_found() {
        let text = |path: &str, text| mixed_norms(&[file(path, text)]);
        complains(text("web/messages/nn/a.toml", "a = \"Ikke no\"\n"), "\"ikke\" is a word");
        complains(text("web/messages/nb/a.toml", "a = \"Korleis?\"\n"), "\"korleis\" is a word");
        complains(text("web/help/nn/a.md", "Trykk ikke her.\n"), "\"ikke\" is a word");
        passes(text("web/messages/nn/a.toml", "ikke = \"Ikkje {noe} no\" \n# ikke\n"));
        passes(text("web/messages/en/a.toml", "a = \"ikke, korleis\"\n"));
    }
}
