//! Live assignment: the topic that a new text belongs to, at once, until the next full run.
//!
//! A nearest-neighbour vote (Cover & Hart 1967) among the texts that have been grouped.

use std::collections::{BTreeMap, HashMap};

use crate::space::{Features, features, rarity};

/// So many nearest texts have a vote.
const NEIGHBORS: usize = 10;
/// So many texts are compared in full.
const COMPARED_MAX: usize = 100;
/// A feature of more texts than this leads to nobody.
const POSTINGS_MAX: usize = 2_000;
/// A topic's nearest text must be so like the new one.
const JOIN_MIN: f32 = 0.42;
/// The topic must have so large a share of the votes.
const SHARE_MIN: f32 = 0.5;

/// Texts with the topics they are in, so that a new one finds its own.
#[derive(Debug, Default)]
pub struct Topics {
    words: Kind,
    grams: Kind,
    of: Vec<Option<u64>>,
}

/// What texts have in one kind of feature.
#[derive(Debug, Default)]
struct Kind {
    numbers: HashMap<String, u32>,
    postings: Vec<Vec<u32>>,
    texts: Vec<Vec<(u32, f32)>>,
}

impl Topics {
    /// Takes in a text; `topic` is none while it stands alone.
    pub fn add(&mut self, text: &str, topic: Option<u64>) {
        let Features { words, grams } = features(text);
        self.words.add(words);
        self.grams.add(grams);
        self.of.push(topic);
    }

    /// The topic that a text belongs to, and how sure that is, 0 to 1. None when no topic is
    /// near enough, or when several are as near.
    pub fn join(&self, text: &str) -> Option<(u64, f32)> {
        let asked = features(text);
        let near = self.nearest(&asked);
        let mut votes: BTreeMap<Option<u64>, (f32, f32)> = BTreeMap::new();
        for (at, likeness) in &near {
            let vote = votes.entry(self.of[*at]).or_default();
            *vote = (vote.0 + likeness.powi(3), vote.1.max(*likeness));
        }
        let all: f32 = votes.values().map(|it| it.0).sum();
        let named = votes.into_iter().filter_map(|(topic, vote)| Some((topic?, vote)));
        let (topic, (sum, best)) = named.max_by(|a, b| a.1.0.total_cmp(&b.1.0).then(b.0.cmp(&a.0)))?;
        (JOIN_MIN <= best && SHARE_MIN * all <= sum).then_some((topic, best.min(1.0)))
    }

    fn nearest(&self, asked: &Features) -> Vec<(usize, f32)> {
        let n = self.of.len();
        let (words, grams) = (self.words.weighed(&asked.words, n), self.grams.weighed(&asked.grams, n));
        let mut shared: HashMap<u32, f32> = HashMap::new();
        self.words.reach(&words, &mut shared);
        self.grams.reach(&grams, &mut shared);
        let mut reached: Vec<(u32, f32)> = shared.into_iter().collect();
        reached.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        reached.truncate(COMPARED_MAX);
        let mut near: Vec<(usize, f32)> = reached
            .into_iter()
            .map(|(at, _)| {
                let at = at as usize;
                let both = self.words.cosine(&words, at, n) + self.grams.cosine(&grams, at, n);
                (at, both / 2.0)
            })
            .collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        near.truncate(NEIGHBORS);
        near
    }
}

/// A text's features, weighed; what no other text has counts for the length alone.
struct Weighed {
    known: Vec<(u32, f32)>,
    length: f32,
}

impl Kind {
    fn add(&mut self, counts: BTreeMap<String, f32>) {
        let at = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let mut text: Vec<(u32, f32)> = vec![];
        for (feature, count) in counts {
            let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
            let number = *self.numbers.entry(feature).or_insert(next);
            if number == next {
                self.postings.push(vec![]);
            }
            self.postings[number as usize].push(at);
            text.push((number, damped(count)));
        }
        text.sort_unstable_by_key(|it| it.0);
        self.texts.push(text);
    }

    fn weight(&self, feature: u32, n: usize) -> f32 {
        rarity(short(n), short(self.postings[feature as usize].len()))
    }

    fn weighed(&self, counts: &BTreeMap<String, f32>, n: usize) -> Weighed {
        let mut weighed = Weighed { known: vec![], length: 0.0 };
        for (feature, count) in counts {
            let number = self.numbers.get(feature).copied();
            let rare = number.map_or_else(|| rarity(short(n), 0), |it| self.weight(it, n));
            let value = damped(*count) * rare;
            weighed.length += value * value;
            weighed.known.extend(number.map(|it| (it, value)));
        }
        weighed.length = weighed.length.sqrt();
        weighed.known.sort_unstable_by_key(|it| it.0);
        weighed
    }

    /// Adds up what each text shares with `asked`.
    fn reach(&self, asked: &Weighed, shared: &mut HashMap<u32, f32>) {
        for (feature, value) in &asked.known {
            let postings = &self.postings[*feature as usize];
            if postings.len() <= POSTINGS_MAX {
                postings.iter().for_each(|at| *shared.entry(*at).or_default() += value * value);
            }
        }
    }

    fn cosine(&self, asked: &Weighed, at: usize, n: usize) -> f32 {
        let weigh = |(feature, count): &(u32, f32)| (*feature, count * self.weight(*feature, n));
        let text: Vec<(u32, f32)> = self.texts[at].iter().map(weigh).collect();
        let length = text.iter().map(|it| it.1 * it.1).sum::<f32>().sqrt() * asked.length;
        if 0.0 < length { crate::space::dot(&asked.known, &text) / length } else { 0.0 }
    }
}

fn damped(count: f32) -> f32 {
    if count < 1.0 { count } else { 1.0 + count.ln() }
}

fn short(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topics() -> Topics {
        let mut topics = Topics::default();
        for (text, topic) in [
            ("når opnar symjehallen", Some(1)),
            ("når åpner svømmehallen på lørdag", Some(1)),
            ("kva kostar SFO", Some(2)),
            ("hva koster SFO i måneden", Some(2)),
            ("hund uten bånd i parken", None),
        ] {
            topics.add(text, topic);
        }
        topics
    }

    #[test]
    fn a_new_text_joins_the_topic_of_its_neighbors() {
        assert_eq!(topics().join("symjehallen, når opnar han").map(|it| it.0), Some(1));
        assert_eq!(topics().join("pris sfo, hva koster det").map(|it| it.0), Some(2));
    }

    #[test]
    fn what_is_like_no_topic_waits() {
        assert_eq!(topics().join("asbest i taket"), None);
        assert_eq!(topics().join("hund uten bånd i parken"), None);
        assert_eq!(topics().join(""), None);
        assert_eq!(Topics::default().join("kva kostar SFO"), None);
    }
}
