//! Live assignment: the topic that a new text belongs to, at once, until the next full run.
//!
//! A nearest-neighbour vote (Cover & Hart 1967) among the texts of before.

mod held;
mod read;

use std::collections::{BTreeMap, HashMap};

use held::Held;
use read::{Read, read};

/// So many nearest texts have a vote.
const NEIGHBORS: usize = 10;
/// So many texts are compared in full.
const COMPARED_MAX: usize = 100;
/// So many places are looked at to find them, those of rare features first.
const PLACES_MAX: usize = 20_000;
/// So many exact repeats are asked where they stand, the latest.
const REPEATS_MAX: usize = 1_000;
/// A topic's nearest text must be so like the new one, times the topic's share of the votes: what
/// all neighbours say may be said less loudly. `index/examples/live.rs` measures it.
const JOIN_MIN: f32 = 0.15;
/// Two texts without a topic must be so alike to make one: nobody else speaks for it.
const PAIR_MIN: f32 = 0.52;

/// Texts by the caller's keys, so that a new one finds its own.
#[derive(Debug, Default)]
pub struct Nearby {
    held: Held,
    /// By place: the key; none when the text was taken out.
    keys: Vec<Option<u64>>,
    places: HashMap<u64, u32>,
    /// By wording, as the analyzer reads it: the latest place of its exact repeats.
    wordings: HashMap<u64, u32>,
    /// By place: the place before that has the same wording, itself when there is none.
    before: Vec<u32>,
}

/// A text that is like the new one.
struct Near {
    key: u64,
    likeness: f32,
    /// Whether the two want different answers, however alike they are.
    differs: bool,
}

/// Where a text that is held stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Under a topic.
    Topic(u64),
    /// Under none yet.
    Alone,
    /// It has no say, as when somebody wants it under no topic.
    Apart,
}

/// Where a new text belongs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// Under a topic, so surely, 0 to 1.
    Joins(u64, f32),
    /// With another text that is under no topic either.
    Pairs(u64, f32),
    /// Nowhere yet.
    Waits,
}

impl Nearby {
    /// Takes in a text, in place of what it held under the key.
    pub fn put(&mut self, key: u64, text: &str) {
        self.remove(key);
        let read = read(text);
        let at = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        self.held.push(&read);
        self.places.insert(key, at);
        self.keys.push(Some(key));
        let before = if read.wording == 0 { None } else { self.wordings.insert(read.wording, at) };
        self.before.push(before.unwrap_or(at));
    }

    /// Takes a text out.
    pub fn remove(&mut self, key: u64) {
        if let Some(at) = self.places.remove(&key) {
            self.keys[at as usize] = None;
        }
    }

    /// How many texts it has room for now, those taken out too.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// About how many bytes it takes.
    pub fn bytes(&self) -> usize {
        let tables = (self.places.capacity() * 17 + self.wordings.capacity() * 17) * 8 / 7;
        self.held.bytes() + tables + self.keys.capacity() * 16 + self.before.capacity() * 4
    }

    /// Whether it was never given a text.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Where a text belongs that is not held, or is held under `key`. An exact repeat goes with
    /// the latest that has a topic; else the nearest vote, those against a topic that are on the
    /// same subject and want another answer.
    pub fn place(&self, key: u64, text: &str, standing: &dyn Fn(u64) -> Standing) -> Place {
        let read = read(text);
        match self.repeats(key, &read, standing) {
            Place::Waits => self.vote(key, &read, standing),
            place @ (Place::Joins(..) | Place::Pairs(..)) => place,
        }
    }

    fn repeats(&self, key: u64, read: &Read, standing: &dyn Fn(u64) -> Standing) -> Place {
        let mut alone = Place::Waits;
        let latest = self.wordings.get(&read.wording).copied().filter(|_| read.wording != 0);
        let before = |at: &u32| Some(self.before[*at as usize]).filter(|it| it != at);
        // The latest first: where an editor has put one of them, the next ones follow.
        let places = std::iter::successors(latest, before).take(REPEATS_MAX);
        for other in places.filter_map(|at| self.keys[at as usize]).filter(|it| *it != key) {
            match standing(other) {
                Standing::Topic(topic) => return Place::Joins(topic, 1.0),
                Standing::Alone => alone = Place::Pairs(other, 1.0),
                Standing::Apart => {}
            }
        }
        alone
    }

    fn vote(&self, key: u64, read: &Read, standing: &dyn Fn(u64) -> Standing) -> Place {
        let near = self.nearest(read, key);
        let mut votes: BTreeMap<u64, (f32, f32)> = BTreeMap::new();
        let (mut all, mut pair) = (0.0, None);
        for Near { key: other, likeness, differs } in near {
            let weight = likeness.powi(3);
            match standing(other) {
                Standing::Topic(topic) if differs => votes.entry(topic).or_default().0 -= weight,
                Standing::Topic(topic) => {
                    let vote = votes.entry(topic).or_default();
                    *vote = (vote.0 + weight, vote.1.max(likeness));
                    all += weight;
                }
                Standing::Alone => {
                    all += weight;
                    pair = pair.or(Some((other, likeness)).filter(|_| !differs));
                }
                Standing::Apart => {}
            }
        }
        let best = votes.into_iter().max_by(|a, b| a.1.0.total_cmp(&b.1.0).then(b.0.cmp(&a.0)));
        match (best, pair) {
            (Some((topic, (sum, likeness))), _)
                if JOIN_MIN * all <= likeness * sum && 0.0 < sum =>
            {
                Place::Joins(topic, likeness.min(1.0))
            }
            (_, Some((other, likeness))) if PAIR_MIN <= likeness => {
                Place::Pairs(other, likeness.min(1.0))
            }
            (Some(_) | None, Some(_) | None) => Place::Waits,
        }
    }

    /// The most alike first, ties to the earlier.
    fn nearest(&self, read: &Read, not: u64) -> Vec<Near> {
        let asked = self.held.weigh(read);
        let held = |at: u32| self.keys[at as usize].filter(|key| *key != not);
        let mut reached = self.held.reached(&asked, PLACES_MAX);
        reached.retain(|it| held(it.0).is_some());
        let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if COMPARED_MAX < reached.len() {
            reached.select_nth_unstable_by(COMPARED_MAX, order);
            reached.truncate(COMPARED_MAX);
        }
        let mut near: Vec<(u32, f32)> =
            reached.into_iter().map(|(at, _)| (at, self.held.likeness(&asked, at))).collect();
        near.sort_by(order);
        near.truncate(NEIGHBORS);
        let named = |(at, likeness): (u32, f32)| {
            Some(Near { key: held(at)?, likeness, differs: self.held.differs(&asked, at) })
        };
        near.into_iter().filter_map(named).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 6] = [
        "når opnar symjehallen",
        "når åpner svømmehallen på lørdag",
        "kva kostar SFO",
        "hva koster SFO i måneden",
        "hund uten bånd i parken",
        "er det lov å ha høns",
    ];

    fn standing(key: u64) -> Standing {
        match key {
            0 | 1 => Standing::Topic(1),
            2 | 3 => Standing::Topic(2),
            4 => Standing::Alone,
            _ => Standing::Apart,
        }
    }

    fn nearby() -> Nearby {
        let mut nearby = Nearby::default();
        (0..).zip(TEXTS).for_each(|(key, text)| nearby.put(key, text));
        nearby
    }

    fn place(text: &str) -> Place {
        nearby().place(99, text, &standing)
    }

    #[test]
    fn a_new_text_joins_the_topic_of_its_neighbors() {
        assert!(matches!(place("symjehallen, når opnar han"), Place::Joins(1, _)));
        assert!(matches!(place("pris sfo, hva koster det"), Place::Joins(2, _)));
    }

    #[test]
    fn what_is_asked_of_a_subject_tells_topics_apart() {
        assert!(!matches!(place("kva kostar symjehallen"), Place::Joins(1, _)));
        assert!(!matches!(place("når opnar SFO"), Place::Joins(2, _)));
        assert!(matches!(place("SFO pris i måneden"), Place::Joins(2, _)));
        assert!(!matches!(place("hvor er det hund uten bånd i parken"), Place::Joins(..)));
    }

    #[test]
    fn an_exact_repeat_joins_in_either_norm() {
        assert_eq!(place("Hva koster SFO?"), Place::Joins(2, 1.0));
        assert_eq!(place("hund uten bånd i parken!"), Place::Pairs(4, 1.0));
    }

    #[test]
    fn two_alike_without_a_topic_make_a_pair() {
        assert!(matches!(place("hunden er uten bånd i parken"), Place::Pairs(4, _)));
    }

    #[test]
    fn what_is_like_no_topic_waits() {
        assert_eq!(place("asbest i taket"), Place::Waits);
        assert_eq!(place(""), Place::Waits);
        assert_eq!(place("?!"), Place::Waits);
        assert_eq!(Nearby::default().place(1, "kva kostar SFO", &standing), Place::Waits);
    }

    #[test]
    fn who_stands_apart_and_who_is_gone_has_no_say() {
        assert_eq!(place("er det lov å ha høns"), Place::Waits);
        let mut nearby = nearby();
        [2, 3].into_iter().for_each(|key| nearby.remove(key));
        assert_eq!(nearby.place(99, "kva kostar SFO", &standing), Place::Waits);
        assert_eq!(nearby.place(4, "hund uten bånd i parken", &standing), Place::Waits);
    }

    #[test]
    fn a_corrected_text_stands_in_place_of_the_old_one() {
        let mut nearby = nearby();
        nearby.put(4, "asbest i taket");
        assert_eq!(nearby.place(99, "hund uten bånd i parken", &standing), Place::Waits);
        assert_eq!(nearby.place(99, "asbest i taket", &standing), Place::Pairs(4, 1.0));
    }
}
