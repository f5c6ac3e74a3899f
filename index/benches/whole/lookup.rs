//! The look-up: three passages and five inquiries in one call.

use std::collections::HashSet;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

use skranke_index::{
    Index, Language, Opened, PageText, PassageText, Position, Searcher, analyzer, detect,
};
use tantivy::Term;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;

use crate::Plan;
use crate::logs::Logs;
use crate::table::{Table, Times};

/// So many of each are wanted.
const PASSAGES: usize = 3;
const INQUIRIES: usize = 5;
/// So many of the best are compared.
const BEST: usize = 10;

pub(crate) fn run(plan: &Plan, logs: &Logs, table: &mut Table) -> Result<(), Box<dyn Error>> {
    let temporary = tempfile::tempdir()?;
    let folder = plan.keep.clone().unwrap_or_else(|| temporary.path().join("index"));
    let index = ready(&folder)?;
    if index.searcher().counts() == (0, 0) {
        fill(&index, plan, logs, table)?;
    }
    let searcher = index.searcher();
    let queries = queries(plan, logs);
    let bare = Bare::open(&folder)?;
    let (mut own, mut bare_times) = (Times::default(), Times::default());
    // In turn, so that the machine is alike for both.
    for query in &queries {
        own.of(|| look_up(&searcher, query))?;
        bare_times.of(|| bare.look_up(query))?;
    }
    table.calls("look-up", &own, Some(recall(&searcher, &queries, plan.exhaustive)?));
    table.calls("tantivy, OR over the same words", &bare_times, None);
    parts(&searcher, &queries, table)
}

/// Which part of a look-up takes how long.
fn parts(searcher: &Searcher, queries: &[String], table: &mut Table) -> Result<(), Box<dyn Error>> {
    let [mut read, mut passages, mut inquiries] = [(); 3].map(|()| Times::default());
    for query in queries {
        let question = read.of(|| searcher.read_by_passages(query))?;
        let text = read.of(|| searcher.read_by_inquiries(query))?;
        passages.of(|| searcher.passages_of(&question, PASSAGES))?;
        inquiries.of(|| searcher.inquiries_of(&text, INQUIRIES))?;
    }
    table.calls("- of it reading the question, twice", &read, None);
    table.calls("- of it passages", &passages, None);
    table.calls("- of it inquiries", &inquiries, None);
    Ok(())
}

/// The share of ten hits that are among the ten best of all texts, scored in full; where texts
/// are equally good, any of them is.
fn recall(searcher: &Searcher, queries: &[String], n: usize) -> Result<f64, Box<dyn Error>> {
    let (mut wanted, mut found, mut in_full) = (0, 0, Times::default());
    for query in queries.iter().take(n) {
        let question = searcher.read_by_passages(query)?;
        let all: Vec<f32> = in_full
            .of(|| searcher.passages_in_full(&question, BEST))?
            .iter()
            .map(|it| it.score)
            .collect();
        let some: Vec<f32> =
            searcher.passages_of(&question, BEST)?.iter().map(|it| it.score).collect();
        (wanted, found) = (wanted + all.len(), found + among(&some, &all));
        let text = searcher.read_by_inquiries(query)?;
        let all: Vec<f32> =
            searcher.inquiries_in_full(&text, BEST)?.iter().map(|it| it.score).collect();
        let some: Vec<f32> =
            searcher.inquiries_of(&text, BEST)?.iter().map(|it| it.score).collect();
        (wanted, found) = (wanted + all.len(), found + among(&some, &all));
    }
    Ok(found as f64 / wanted.max(1) as f64)
}

fn among(some: &[f32], all: &[f32]) -> usize {
    // Sums of many terms differ in their last digits.
    let least = all.last().map_or(0.0, |it| it * 0.9999);
    some.iter().filter(|it| least <= **it).count()
}

/// What somebody has who puts the same words into tantivy and nothing else.
struct Bare {
    passages: tantivy::Searcher,
    inquiries: tantivy::Searcher,
}

impl Bare {
    fn open(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let searcher = |name: &str| -> Result<tantivy::Searcher, Box<dyn Error>> {
            let index = tantivy::Index::open_in_dir(folder.join(name))?;
            Ok(index.reader_builder().try_into()?.searcher())
        };
        Ok(Self { passages: searcher("passages")?, inquiries: searcher("inquiries")? })
    }

    fn look_up(&self, query: &str) -> Result<(), Box<dyn Error>> {
        let keys = analyzer().keys(query);
        for (searcher, n) in [(&self.passages, PASSAGES), (&self.inquiries, INQUIRIES)] {
            let field = searcher.schema().get_field("words")?;
            let clause = |key: &String| -> (Occur, Box<dyn Query>) {
                let term = Term::from_field_text(field, key);
                (Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)))
            };
            let any = BooleanQuery::new(keys.iter().map(clause).collect());
            for (_, at) in searcher.search(&any, &TopDocs::with_limit(n).order_by_score())? {
                let fast = searcher.segment_reader(at.segment_ord).fast_fields();
                fast.u64("key")?.first(at.doc_id);
            }
        }
        Ok(())
    }
}

fn look_up(searcher: &Searcher, query: &str) -> Result<(), Box<dyn Error>> {
    searcher.passages(query, PASSAGES)?;
    searcher.inquiries(query, INQUIRIES)?;
    Ok(())
}

fn ready(folder: &Path) -> Result<Index, Box<dyn Error>> {
    match Index::open(folder)? {
        Opened::Ready(index, _) => Ok(*index),
        other => Err(format!("{other:?}").into()),
    }
}

fn fill(index: &Index, plan: &Plan, logs: &Logs, table: &mut Table) -> Result<(), Box<dyn Error>> {
    let mut writer = index.writer()?;
    let pages: Vec<PageText> = (0..logs.n_pages()).map(|at| page(logs, at)).collect();
    let begun = Instant::now();
    pages.iter().try_for_each(|page| writer.put_page(page))?;
    writer.commit(Position::default())?;
    let n = pages.iter().map(|it| it.passages.len()).sum::<usize>() as f64;
    let rate = n / begun.elapsed().as_secs_f64();
    table.note("index passages", format!("{rate:.0} a second"));
    let texts: Vec<String> = (0..plan.size.inquiries).map(|at| logs.inquiry(at).text).collect();
    let begun = Instant::now();
    for (key, text) in (0..).zip(&texts) {
        writer.put_inquiry(key, text)?;
    }
    writer.commit(Position::default())?;
    let rate = texts.len() as f64 / begun.elapsed().as_secs_f64();
    table.note("index inquiries", format!("{rate:.0} a second"));
    Ok(())
}

fn page(logs: &Logs, at: usize) -> PageText {
    let page = logs.page(at);
    let passage = |(heading, text): (String, String)| {
        let language: Language = detect(&text);
        PassageText { heading, text, language }
    };
    let passages = page.passages.into_iter().map(passage).collect();
    PageText { key: at as u64, title: page.title, passages }
}

/// What comes after the log and was never asked just so.
fn queries(plan: &Plan, logs: &Logs) -> Vec<String> {
    let asked: HashSet<String> = (0..plan.size.inquiries).map(|at| logs.inquiry(at).text).collect();
    let later = (plan.size.inquiries..).map(|at| logs.inquiry(at).text);
    later.filter(|it| !asked.contains(it)).take(plan.queries).collect()
}
