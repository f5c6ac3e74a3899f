//! Questions asked before, found by the words they share with what is typed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use skranke_index::analyzer;

use crate::id::{Id, TopicNumber};
use crate::inquiry::{Inquiries, Inquiry};
use crate::journal::Seq;
use crate::view::ViewError;

/// Two questions are alike when the shared words carry so much of what both say.
const LIKENESS_MIN: f32 = 0.3;
/// A word that stands in more questions than this tells too little to be followed alone.
const POSTINGS_MAX: usize = 20_000;
/// At most so many keys of a query are followed, the rarest first.
const KEYS_MAX: usize = 12;

/// A question asked before.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundQuestion {
    /// The inquiry.
    pub id: Id<Inquiry>,
    /// Its words.
    pub text: String,
    /// The topic it is under.
    pub topic: Option<TopicNumber>,
    /// How alike, 0 to 1.
    pub likeness: f32,
}

/// Every question by its keys.
#[derive(Default)]
pub(super) struct Questions {
    through: Seq,
    postings: HashMap<String, Vec<u32>>,
    entries: Vec<Entry>,
}

struct Entry {
    seq: Seq,
    keys: Vec<String>,
}

impl Questions {
    /// Takes in what was logged since the last time.
    pub(super) fn follow(&mut self, inquiries: &Inquiries) -> Result<(), ViewError> {
        let new: Vec<(Seq, bool)> = {
            let columns = inquiries.columns();
            columns.live_after(self.through).map(|it| (it.seq, it.has_text)).collect()
        };
        for (seq, has_text) in new {
            let words = if has_text { inquiries.words(seq)? } else { None };
            if let Some(words) = words {
                self.add(seq, &words);
            }
            self.through = seq;
        }
        Ok(())
    }

    fn add(&mut self, seq: Seq, words: &str) {
        let Ok(at) = u32::try_from(self.entries.len()) else { return };
        let keys = analyzer().keys(words);
        for key in &keys {
            self.postings.entry(key.clone()).or_default().push(at);
        }
        self.entries.push(Entry { seq, keys });
    }

    /// How much a key tells: the rarer, the more.
    fn weight(&self, key: &str) -> f32 {
        let n = self.postings.get(key).map_or(0, Vec::len);
        #[expect(clippy::cast_precision_loss, reason = "a rough weight is enough")]
        let (n, all) = (n as f32, self.entries.len() as f32);
        (1.0 + all / (1.0 + n)).ln()
    }

    pub(super) fn find(
        &self,
        query: &str,
        n: usize,
        inquiries: &Inquiries,
    ) -> Result<Vec<FoundQuestion>, ViewError> {
        let mut found: Vec<FoundQuestion> = vec![];
        let mut topics = BTreeSet::new();
        let mut texts = BTreeSet::new();
        for (likeness, at) in self.alike(query) {
            if n <= found.len() {
                break;
            }
            let seq = self.entries[at].seq;
            // What is taken back or corrected since is read as it stands now.
            let Some(text) = inquiries.words(seq)? else { continue };
            let line = inquiries.columns().line(seq).map(|it| (it.id, it.topic));
            let Some((id, topic)) = line else { continue };
            let is_new_topic = topic.is_none_or(|it| topics.insert(it));
            if is_new_topic && texts.insert(analyzer().normalized(&text)) {
                found.push(FoundQuestion { id, text, topic, likeness });
            }
        }
        Ok(found)
    }

    /// Entries that are alike, most alike first; equals by the later one first.
    fn alike(&self, query: &str) -> Vec<(f32, usize)> {
        let mut keys: Vec<(f32, String)> =
            analyzer().keys(query).into_iter().map(|key| (self.weight(&key), key)).collect();
        let total: f32 = keys.iter().map(|it| it.0).sum();
        keys.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let mut shared: BTreeMap<u32, f32> = BTreeMap::new();
        for (weight, key) in keys.iter().take(KEYS_MAX) {
            let Some(postings) = self.postings.get(key) else { continue };
            let is_common = POSTINGS_MAX < postings.len();
            for at in postings {
                match shared.get_mut(at) {
                    Some(sum) => *sum += weight,
                    None if is_common => {}
                    None => drop(shared.insert(*at, *weight)),
                }
            }
        }
        let mut alike: Vec<(f32, usize)> = shared
            .into_iter()
            .filter_map(|(at, sum)| {
                let at = usize::try_from(at).ok()?;
                let own: f32 = self.entries[at].keys.iter().map(|key| self.weight(key)).sum();
                // Half typed, a question has few of the other's words; all of its own count.
                let likeness = 0.5 * sum / total + 0.5 * sum / own;
                (LIKENESS_MIN <= likeness).then_some((likeness, at))
            })
            .collect();
        alike.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
        alike
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, expected: &[usize]) {
        let mut questions = Questions::default();
        for (seq, text) in (1..).zip([
            "Når er fristen for å søkje barnehageplass?",
            "Kva er opningstidene i symjehallen?",
            "Korleis søkjer eg om bustøtte?",
            "Når opnar symjehallen?",
        ]) {
            questions.add(seq, text);
        }
        let found: Vec<usize> = questions.alike(query).into_iter().map(|it| it.1).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn questions_that_share_telling_words_are_found() {
        check("frist barnehageplass", &[0]);
        check("symjehallen", &[3, 1]);
    }

    #[test]
    fn what_nobody_asked_is_not_found() {
        check("parkering ved rådhuset", &[]);
        check("", &[]);
        check("når er", &[]);
    }
}
