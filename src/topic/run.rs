//! The full run: every question with words against every other and against the site's passages.

use std::collections::BTreeMap;

use skranke_index::{
    Evidence, Group, GroupInput, PassageSet, Text, TopicEvidence, evidences, group, sum_up,
};

/// Questions, the site's passages, and what editors have said.
pub struct RunInput<'a> {
    /// Key and words of every question.
    pub questions: Vec<(u64, &'a str)>,
    /// The site.
    pub passages: &'a PassageSet,
    /// What the site has for each question by itself, by key.
    pub each: BTreeMap<u64, Evidence>,
    /// Questions that belong together.
    pub together: Vec<Vec<u64>>,
    /// Questions that do not.
    pub apart: Vec<(u64, u64)>,
}

/// A group with what the site has for it.
pub struct Found {
    /// The group.
    pub group: Group,
    /// What the site has; none when there is no site.
    pub evidence: Option<TopicEvidence>,
}

/// What a run found.
pub struct Regrouped {
    /// The groups, larger ones first.
    pub groups: Vec<Found>,
    /// What the site has for each question by itself, by key.
    pub each: BTreeMap<u64, Evidence>,
}

/// So many pages of a question, and as many passages, say which others it is like.
const PIVOT_PLACES: usize = 3;

/// Learns from questions what words mean on the site and reads what it has for each, by key. Takes
/// seconds for thousands.
pub fn read(questions: &[(u64, &str)], passages: &PassageSet) -> BTreeMap<u64, Evidence> {
    let words: BTreeMap<u64, &str> = questions.iter().copied().collect();
    passages.learn(words.values().copied());
    let found = evidences(&words.values().copied().collect::<Vec<&str>>(), passages);
    words.keys().copied().zip(found).collect()
}

/// Groups questions and sums up what the site has for each group. Takes seconds for thousands.
pub fn regroup(input: RunInput<'_>) -> Regrouped {
    let RunInput { questions, passages, each, together, apart } = input;
    let words: BTreeMap<u64, &str> = questions.into_iter().collect();
    let texts = words.iter().map(|(key, text)| text_of(*key, text, &each[key])).collect();
    let groups = group(&GroupInput { texts, together, apart });
    let found = |group: Group| {
        let of_group: Vec<Evidence> = group.members.iter().map(|it| each[it].clone()).collect();
        let texts: Vec<&str> = group.members.iter().map(|it| words[it]).collect();
        let evidence = (!passages.is_empty()).then(|| sum_up(&texts, &of_group, passages));
        Found { group, evidence }
    };
    Regrouped { groups: groups.into_iter().map(found).collect(), each }
}

/// A question with the pages that it leads to, and their passages: two questions with the same
/// page may want different ones.
fn text_of<'a>(key: u64, text: &'a str, found: &Evidence) -> Text<'a> {
    let pages = found.pages.iter().copied().take(PIVOT_PLACES).collect();
    let passages = found.passages.iter().take(PIVOT_PLACES);
    let passages = passages.map(|it| ((it.page + 1) << 32 | u64::from(it.passage), it.score));
    Text { key, text, pages, passages: passages.collect() }
}
