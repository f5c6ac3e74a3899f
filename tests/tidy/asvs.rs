//! Rules on the table of OWASP ASVS: it is whole, what it names is there, and it is counted right.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::{File, is_rust, is_whole_word};

/// The table.
const TABLE: &str = "deploy/asvs.tsv";
/// The paper that counts it.
const PAPER: &str = "deploy/asvs.md";
const HEAD: &str = "id\tlevel\tstatus\twords\tevidence";
/// So many requirements of version 5.0.0 are of level 1 or 2.
const ROWS: usize = 253;
/// In the order of the paper's columns.
const STATUSES: [&str; 5] = ["test", "review", "absent", "owner", "open"];
/// What a path within a sentence begins with.
const ROOTS: [&str; 5] = ["src/", "deploy/", "web/", "tests/", "index/"];
/// The paper's last line counts all chapters; the standard's own begin with 1.
const ALL: u32 = 0;

/// A line of the table.
struct Row<'a> {
    number: usize,
    id: &'a str,
    status: &'a str,
    evidence: &'a str,
}

fn text<'a>(files: &'a [File], path: &str) -> &'a str {
    files.iter().find(|it| it.path == path).map_or("", |it| it.text.as_str())
}

/// The lines that have their five fields; of the others `lines` complains.
fn rows(files: &[File]) -> Vec<Row<'_>> {
    let lines = text(files, TABLE).lines().enumerate().skip(1);
    lines
        .filter_map(|(index, line)| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [id, _, status, _, evidence] = fields[..] else { return None };
            Some(Row { number: index + 1, id, status, evidence })
        })
        .collect()
}

/// An id as its three numbers, so that 1.2.10 comes after 1.2.9.
fn numbers(id: &str) -> Option<[u32; 3]> {
    let parts: Option<Vec<u32>> = id.split('.').map(|it| it.parse().ok()).collect();
    parts?.try_into().ok()
}

/// Every requirement has a line, with five fields and a level and a status that there are.
pub(crate) fn lines(files: &[File]) -> Vec<String> {
    let table = text(files, TABLE);
    let mut complaints = Vec::new();
    if table.lines().next() != Some(HEAD) {
        complaints.push(format!("{TABLE}:1: name the five fields in the first line"));
    }
    let n_rows = table.lines().skip(1).count();
    if n_rows != ROWS {
        complaints.push(format!("{TABLE}:1: has {n_rows} requirements, the standard {ROWS}"));
    }
    let mut last = [0; 3];
    for (index, line) in table.lines().enumerate().skip(1) {
        let place = format!("{TABLE}:{}", index + 1);
        let fields: Vec<&str> = line.split('\t').collect();
        let [id, level, status, words, evidence] = fields[..] else {
            complaints.push(format!("{place}: a line has five fields with tabs between"));
            continue;
        };
        if words.trim().is_empty() || evidence.trim().is_empty() {
            complaints.push(format!("{place}: say what is required and what shows it"));
        }
        if !matches!(level, "1" | "2") {
            complaints.push(format!("{place}: the level is 1 or 2"));
        }
        if !STATUSES.contains(&status) {
            complaints.push(format!("{place}: the status is one of {}", STATUSES.join(", ")));
        }
        match numbers(id) {
            Some(id) if last < id => last = id,
            Some(_) | None => {
                complaints.push(format!("{place}: each id stands once, in the order of ids"));
            }
        }
    }
    complaints
}

/// What the table and the paper name as a test or as a place is there.
pub(crate) fn evidence(files: &[File]) -> Vec<String> {
    let rust = files.iter().filter(|file| is_rust(file));
    let functions: BTreeSet<&str> = rust.flat_map(|file| named_functions(&file.text)).collect();
    let exists = |path: &str| {
        let path = path.trim_end_matches('/');
        files.iter().any(|file| {
            file.path
                .strip_prefix(path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    let is_there = |name: &str| match name.rsplit_once("::") {
        Some((_, function)) => functions.contains(function),
        None => exists(name),
    };
    let mut complaints = Vec::new();
    for row in rows(files) {
        let missing: Vec<&str> = match row.status {
            "test" => row.evidence.split(", ").filter(|it| !is_there(it)).collect(),
            "review" => row.evidence.split(", ").filter(|it| !exists(it)).collect(),
            _ => paths_in(row.evidence).filter(|it| !exists(it)).collect(),
        };
        for name in missing {
            let number = row.number;
            complaints.push(format!("{TABLE}:{number}: `{name}` does not exist; name what does"));
        }
    }
    let named = text(files, PAPER).split('`').skip(1).step_by(2);
    let ours =
        named.filter(|it| it.contains("::") || ROOTS.iter().any(|root| it.starts_with(root)));
    let missing = ours.filter(|it| !is_there(it));
    complaints
        .extend(missing.map(|it| format!("{PAPER}:1: `{it}` does not exist; name what does")));
    complaints
}

/// The names of the functions in a Rust text.
fn named_functions(text: &str) -> impl Iterator<Item = &str> {
    text.split("fn ").skip(1).filter_map(|rest| {
        let (name, _) = rest.split_once(|c: char| !(c.is_alphanumeric() || c == '_'))?;
        let is_defined = rest[name.len()..].starts_with(['(', '<']);
        (is_defined && !name.is_empty()).then_some(name)
    })
}

/// What looks like a path of ours in a sentence.
fn paths_in(sentence: &str) -> impl Iterator<Item = &str> {
    sentence
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| "(),;:.`".contains(c)))
        .filter(|word| ROOTS.iter().any(|root| word.starts_with(root)))
}

/// The paper counts what the table holds, and names all that is open.
pub(crate) fn counts(files: &[File]) -> Vec<String> {
    let paper = text(files, PAPER);
    let mut complaints = Vec::new();
    let mut held: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for row in rows(files) {
        let column = STATUSES.iter().position(|it| *it == row.status);
        let (Some([chapter, ..]), Some(column)) = (numbers(row.id), column) else { continue };
        for of in [chapter, ALL] {
            let counts = held.entry(of).or_insert_with(|| vec![0; STATUSES.len() + 1]);
            counts[column] += 1;
            counts[STATUSES.len()] += 1;
        }
        if row.status == "open" && !paper.lines().any(|line| is_whole_word(line, row.id)) {
            complaints.push(format!("{PAPER}:1: {} is open; say who does what about it", row.id));
        }
    }
    let told: BTreeMap<u32, Vec<usize>> = paper.lines().filter_map(told_counts).collect();
    for (chapter, counts) in &held {
        if told.get(chapter) != Some(counts) {
            let name = if *chapter == ALL { "all".to_owned() } else { chapter.to_string() };
            complaints.push(format!("{PAPER}:1: the line of {name} is {counts:?} by the table"));
        }
    }
    let strange = told.keys().filter(|chapter| !held.contains_key(*chapter));
    complaints.extend(strange.map(|it| format!("{PAPER}:1: the table has no chapter {it}")));
    complaints
}

/// The numbers of a line such as `| 4 Interfaces | 1 | 2 | .. |`, with its chapter.
fn told_counts(line: &str) -> Option<(u32, Vec<usize>)> {
    let line = line.strip_prefix('|')?.trim_end().strip_suffix('|')?;
    let (name, counts) = line.split_once('|')?;
    let chapter = match name.split_whitespace().next()? {
        "all" => ALL,
        number => number.parse().ok()?,
    };
    let counts: Option<Vec<usize>> = counts.split('|').map(|it| it.trim().parse().ok()).collect();
    Some((chapter, counts?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::{complains, file, passes};

    fn whole() -> Vec<String> {
        (1..=ROWS).map(|n| format!("1.1.{n}\t1\topen\twhat is wanted\twhat is missing")).collect()
    }

    fn table(lines: &[String]) -> File {
        file(TABLE, &format!("{HEAD}\n{}\n", lines.join("\n")))
    }

    #[test]
    fn a_line_that_is_not_whole_or_not_in_its_place_is_found() {
        let fifth = |line: &str| {
            let mut all = whole();
            all[4] = line.to_owned();
            lines(&[table(&all)])
        };
        passes(lines(&[table(&whole())]));
        complains(lines(&[table(&whole()[1..])]), "has 252 requirements");
        complains(lines(&[file(TABLE, &format!("id\n{}", whole().join("\n")))]), "first line");
        complains(fifth("1.1.5\t1\topen\twhat is wanted"), "asvs.tsv:6: a line has five fields");
        complains(fifth("1.1.5\t1\topen\t \tb"), "say what is required");
        complains(fifth("1.1.5\t3\topen\ta\tb"), "the level is 1 or 2");
        complains(fifth("1.1.5\t1\tdone\ta\tb"), "the status is one of test, review");
        complains(fifth("1.1.4\t1\topen\ta\tb"), "each id stands once");
        complains(fifth("V1.1.5\t1\topen\ta\tb"), "each id stands once");
    }

    #[test]
    fn evidence_that_is_not_there_is_found() {
        let with = |status: &str, told: &str| {
            evidence(&[
                file(TABLE, &format!("{HEAD}\n1.1.1\t1\t{status}\ta\t{told}\n")),
                file("src/a.rs", "fn it_holds() {}\nasync fn it_waits<T>() {}\n"),
                file("tests/browser/a.mjs", ""),
            ])
        };
        passes(with("test", "a::tests::it_holds, a::tests::it_waits, tests/browser/a.mjs"));
        complains(with("test", "a::tests::it_holds, a::tests::it_hold"), "`a::tests::it_hold`");
        complains(with("test", "tests/browser/b.mjs"), "`tests/browser/b.mjs` does not exist");
        complains(with("test", "it_holds"), "`it_holds`");
        passes(with("review", "src/a.rs, src/, tests"));
        complains(with("review", "src/a.rs, src/b.rs"), "`src/b.rs`");
        passes(with("open", "it is missing (src/a.rs), and elsewhere"));
        complains(with("owner", "who runs it: src/b.rs, at the end"), "`src/b.rs`");
        let paper = "Held by `src/`; shown by `a::it_is_gone`, not by `src` or `Sec-Fetch-Site`.\n";
        complains(evidence(&[file(PAPER, paper), file("src/a.rs", "")]), "`a::it_is_gone`");
    }

    #[test]
    fn a_wrong_count_and_an_open_line_that_nobody_has_are_found() {
        let counted = |paper: &str| {
            let rows = "1.1.1\t1\ttest\ta\tb\n2.1.1\t1\topen\ta\tb\n";
            counts(&[file(TABLE, &format!("{HEAD}\n{rows}")), file(PAPER, paper)])
        };
        let one = "| 1 Words | 1 | 0 | 0 | 0 | 0 | 1 |\n";
        let two = "| 2 Ways | 0 | 0 | 0 | 0 | 1 | 1 |\n";
        let all = "| all | 1 | 0 | 0 | 0 | 1 | 2 |\n";
        let open = "| 2.1.1 | who | what |\n";
        passes(counted(&[one, two, all, open].concat()));
        complains(counted(&[one, two, all, "2.1.10\n"].concat()), "2.1.1 is open");
        complains(counted(&[one, two, open].concat()), "the line of all is [1, 0, 0, 0, 1, 2]");
        let wrong = "| 1 Words | 0 | 1 | 0 | 0 | 0 | 1 |\n";
        complains(counted(&[wrong, two, all, open].concat()), "the line of 1 is");
        let more = "| 3 Else | 0 | 0 | 0 | 0 | 0 | 0 |\n";
        complains(counted(&[one, two, more, all, open].concat()), "no chapter 3");
    }
}
