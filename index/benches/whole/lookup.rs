//! The look-up: three passages and five inquiries in one call.

use std::collections::HashSet;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

use skranke_index::{
    Index, InquiryHit, Language, Opened, PageText, PassageHit, PassageText, Position, Searcher,
    analyzer,
};
use tantivy::Term;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;

use crate::Plan;
use crate::logs::{Inquiry, Logs};
use crate::table::{Found, Table, Times};

/// So many of each are wanted.
const PASSAGES: usize = 3;
const INQUIRIES: usize = 5;
/// So many of the best are compared.
pub(crate) const BEST: usize = 10;

/// An index of the log and its website; made when there is none in the folder.
pub(crate) fn indexed(
    plan: &Plan,
    (logs, folder): (&Logs, &Path),
    table: &mut Table,
) -> Result<Searcher, Box<dyn Error>> {
    let index = ready(folder)?;
    if index.searcher().counts() == (0, 0) {
        fill(&index, plan, logs, table)?;
    }
    Ok(index.searcher())
}

pub(crate) fn run(
    plan: &Plan,
    (logs, queries): (&Logs, &[Inquiry]),
    (searcher, folder): (&Searcher, &Path),
    table: &mut Table,
) -> Result<(), Box<dyn Error>> {
    let bare = Bare::open(folder)?;
    let [mut own, mut bare_times, mut half] = [(); 3].map(|()| Times::default());
    // In turn, so that the machine is alike for both.
    for query in queries {
        own.of(|| look_up(searcher, &query.text))?;
        bare_times.of(|| bare.look_up(&query.text, (PASSAGES, INQUIRIES)))?;
        let chars = query.text.chars().count();
        let begun: String = query.text.chars().take(chars * 3 / 5).collect();
        half.of(|| look_up(searcher, &begun))?;
    }
    let needs: Vec<String> = (0..plan.size.inquiries).map(|at| logs.inquiry(at).label).collect();
    let found = found(queries, &needs, |query| {
        let passages = searcher.passages(query, BEST)?.iter().map(|it| it.page).collect();
        let inquiries = searcher.inquiries(query, BEST)?.iter().map(|it| it.key).collect();
        Ok((passages, inquiries))
    })?;
    let recall = recall(searcher, queries, plan.exhaustive)?;
    table.calls("look-up", &own, (Some(recall), Some(found)));
    let found = self::found(queries, &needs, |query| bare.look_up(query, (BEST, BEST)))?;
    table.calls("tantivy, OR over the same words", &bare_times, (None, Some(found)));
    table.calls("look-up, half typed", &half, (None, None));
    parts(searcher, queries, table)
}

fn look_up(searcher: &Searcher, query: &str) -> Result<(), Box<dyn Error>> {
    searcher.passages(query, PASSAGES)?;
    searcher.inquiries(query, INQUIRIES)?;
    Ok(())
}

/// Pages and inquiries.
type Hits = (Vec<u64>, Vec<u64>);

/// How often the right page, and an inquiry with the same need, is found.
fn found(
    queries: &[Inquiry],
    needs: &[String],
    look_up: impl Fn(&str) -> Result<Hits, Box<dyn Error>>,
) -> Result<Found, Box<dyn Error>> {
    let known: HashSet<&str> = needs.iter().map(String::as_str).collect();
    let (mut answered, mut pages, mut recurring, mut same) = (0, 0, 0, 0);
    for query in queries {
        let (passages, inquiries) = look_up(&query.text)?;
        if let Some(page) = query.page {
            answered += 1;
            pages += u32::from(passages.contains(&(page as u64)));
        }
        if known.contains(query.label.as_str()) {
            recurring += 1;
            same += u32::from(inquiries.iter().any(|it| needs[*it as usize] == query.label));
        }
    }
    let share = |n: u32, of: u32| f64::from(n) / f64::from(of.max(1));
    Ok(Found { page: share(pages, answered), need: share(same, recurring) })
}

/// Which part of a look-up takes how long.
fn parts(
    searcher: &Searcher,
    queries: &[Inquiry],
    table: &mut Table,
) -> Result<(), Box<dyn Error>> {
    let [mut read, mut passages, mut inquiries] = [(); 3].map(|()| Times::default());
    for query in queries {
        let question = read.of(|| searcher.read_by_passages(&query.text))?;
        let text = read.of(|| searcher.read_by_inquiries(&query.text))?;
        passages.of(|| searcher.passages_of(&question, PASSAGES))?;
        inquiries.of(|| searcher.inquiries_of(&text, INQUIRIES))?;
    }
    table.calls("- of it reading the question, each of two", &read, (None, None));
    table.calls("- of it passages", &passages, (None, None));
    table.calls("- of it inquiries", &inquiries, (None, None));
    Ok(())
}

/// The share of ten hits that are among the ten best of all texts, each of them scored; where
/// texts are equally good, any of them is.
fn recall(searcher: &Searcher, queries: &[Inquiry], n: usize) -> Result<f64, Box<dyn Error>> {
    let (mut wanted, mut found) = (0, 0);
    for query in queries.iter().take(n) {
        let question = searcher.read_by_passages(&query.text)?;
        let all = searcher.passages_in_full(&question, BEST)?;
        let some = searcher.passages_of(&question, BEST)?;
        let score = |it: &PassageHit| it.score;
        wanted += all.len();
        found += among(some.iter().map(score), all.iter().map(score));
        let text = searcher.read_by_inquiries(&query.text)?;
        let all = searcher.inquiries_in_full(&text, BEST)?;
        let some = searcher.inquiries_of(&text, BEST)?;
        let score = |it: &InquiryHit| it.score;
        wanted += all.len();
        found += among(some.iter().map(score), all.iter().map(score));
    }
    Ok(found as f64 / wanted.max(1) as f64)
}

fn among(some: impl Iterator<Item = f32>, all: impl Iterator<Item = f32>) -> usize {
    // Sums of many terms differ in their last digits.
    let least = all.last().map_or(0.0, |it| it * 0.9999);
    some.filter(|it| least <= *it).count()
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

    fn look_up(&self, query: &str, n: (usize, usize)) -> Result<Hits, Box<dyn Error>> {
        let keys = analyzer().keys(query);
        Ok((any(&self.passages, &keys, n.0)?, any(&self.inquiries, &keys, n.1)?))
    }
}

fn any(
    searcher: &tantivy::Searcher,
    keys: &[String],
    n: usize,
) -> Result<Vec<u64>, Box<dyn Error>> {
    let field = searcher.schema().get_field("words")?;
    let clause = |key: &String| -> (Occur, Box<dyn Query>) {
        let term = Term::from_field_text(field, key);
        (Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)))
    };
    let any = BooleanQuery::new(keys.iter().map(clause).collect());
    let mut found = vec![];
    for (_, at) in searcher.search(&any, &TopDocs::with_limit(n).order_by_score())? {
        let fast = searcher.segment_reader(at.segment_ord).fast_fields();
        found.extend(fast.u64("key")?.first(at.doc_id));
    }
    Ok(found)
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
        let language = if page.language == "nn" { Language::Nn } else { Language::Nb };
        PassageText { heading, text, language }
    };
    let passages = page.passages.into_iter().map(passage).collect();
    PageText { key: at as u64, title: page.title, passages }
}
