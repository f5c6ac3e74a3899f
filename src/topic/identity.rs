//! Identity over runs: which group of a new run is which topic of before.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::TopicNumber;
use crate::journal::Seq;

/// What a run starts from.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The topic of every inquiry that has one.
    pub topic_of: BTreeMap<Seq, TopicNumber>,
    /// Topics that editors have decided something about; they are matched first.
    pub decided: BTreeSet<TopicNumber>,
    /// Inquiries that an editor has placed, or has seen there and worked on: they take their group
    /// along.
    pub bound: BTreeSet<Seq>,
    /// The next number that was never used.
    pub next: u32,
}

/// Which group is which topic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The number of each group, in the order given.
    pub numbers: Vec<TopicNumber>,
    /// The groups whose number is new.
    pub new: BTreeSet<usize>,
}

/// Gives each group a number: topics with decisions choose first, then the pairs that share most
/// inquiries, ties to the older topic; what is left gets new numbers, larger groups first.
pub fn identify(groups: &[Vec<Seq>], known: &Known) -> Identity {
    let mut shared: BTreeMap<(usize, TopicNumber), (bool, usize)> = BTreeMap::new();
    for (group, members) in groups.iter().enumerate() {
        for seq in members {
            if let Some(topic) = known.topic_of.get(seq) {
                let entry = shared.entry((group, *topic)).or_default();
                entry.0 |= known.bound.contains(seq);
                entry.1 += 1;
            }
        }
    }
    let mut pairs: Vec<_> = shared.into_iter().collect();
    pairs.sort_by_key(|&((group, topic), (bound, n))| {
        let decided = known.decided.contains(&topic);
        (std::cmp::Reverse((decided, bound, n)), topic, group)
    });
    let mut numbers: BTreeMap<usize, TopicNumber> = BTreeMap::new();
    let mut used = BTreeSet::new();
    for ((group, topic), _) in pairs {
        if !numbers.contains_key(&group) && used.insert(topic) {
            numbers.insert(group, topic);
        }
    }
    let mut unnamed: Vec<usize> =
        (0..groups.len()).filter(|group| !numbers.contains_key(group)).collect();
    unnamed.sort_by_key(|&group| (std::cmp::Reverse(groups[group].len()), groups[group].first()));
    for (next, &group) in (known.next..).zip(&unnamed) {
        numbers.insert(group, TopicNumber(next));
    }
    Identity { numbers: numbers.into_values().collect(), new: unnamed.into_iter().collect() }
}

/// Leaves a decided topic that no group has claimed the questions that now stand alone: an
/// editor's work must not lose its callers because the grouping has become more careful.
pub fn keep_decided(topic_of: &mut BTreeMap<Seq, TopicNumber>, known: &Known, identity: &Identity) {
    let claimed: BTreeSet<TopicNumber> = identity.numbers.iter().copied().collect();
    for (seq, topic) in &known.topic_of {
        if known.decided.contains(topic) && !claimed.contains(topic) {
            topic_of.entry(*seq).or_insert(*topic);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(topics: &[(u32, &[Seq])]) -> Known {
        let pairs = topics
            .iter()
            .flat_map(|(number, seqs)| seqs.iter().map(|seq| (*seq, TopicNumber(*number))));
        let next = topics.iter().map(|it| it.0).max().map_or(1, |it| it + 1);
        Known { topic_of: pairs.collect(), next, ..Known::default() }
    }

    #[track_caller]
    fn check(groups: &[&[Seq]], known: &Known, expected: &[u32]) {
        let groups: Vec<Vec<Seq>> = groups.iter().map(|it| it.to_vec()).collect();
        let numbers: Vec<u32> = identify(&groups, known).numbers.iter().map(|it| it.0).collect();
        assert_eq!(numbers, expected);
    }

    #[test]
    fn a_topic_keeps_its_number_when_it_grows() {
        check(&[&[1, 2, 9], &[3, 4]], &known(&[(1, &[1, 2]), (2, &[3, 4])]), &[1, 2]);
    }

    #[test]
    fn the_larger_share_takes_the_number_of_a_split_topic() {
        check(&[&[1], &[2, 3]], &known(&[(1, &[1, 2, 3])]), &[2, 1]);
    }

    #[test]
    fn ties_go_to_the_older_topic() {
        check(&[&[1, 2, 3, 4]], &known(&[(5, &[1, 2]), (3, &[3, 4])]), &[3]);
    }

    #[test]
    fn topics_with_decisions_choose_first() {
        let mut known = known(&[(1, &[1, 2, 3]), (2, &[4])]);
        known.decided.insert(TopicNumber(2));
        check(&[&[1, 2, 3, 4]], &known, &[2]);
    }

    #[test]
    fn what_an_editor_has_worked_on_takes_its_group_along() {
        let mut known = known(&[(1, &[1, 2]), (2, &[3, 4, 5, 6])]);
        known.decided = [1, 2].map(TopicNumber).into();
        // Most of what came to topic 2 later stands with topic 1 by now.
        check(&[&[1, 2, 4, 5, 6], &[3]], &known, &[2, 3]);
        known.bound = [1, 2, 3].into();
        check(&[&[1, 2, 4, 5, 6], &[3]], &known, &[1, 2]);
    }

    #[test]
    fn new_groups_get_numbers_that_were_never_used() {
        check(&[&[7, 8], &[4, 5, 6]], &known(&[(4, &[1])]), &[6, 5]);
    }

    #[test]
    fn a_decided_topic_keeps_the_questions_that_no_group_has() {
        let mut known = known(&[(1, &[10, 11]), (2, &[20, 21])]);
        known.decided.insert(TopicNumber(1));
        let identity = identify(&[vec![11, 20]], &known);
        assert_eq!(identity.numbers, [TopicNumber(1)], "who was decided about chooses first");
        let identity = Identity { numbers: vec![TopicNumber(3)], new: BTreeSet::new() };
        let mut topic_of = BTreeMap::from([(11, TopicNumber(3))]);
        keep_decided(&mut topic_of, &known, &identity);
        let kept = BTreeMap::from([(10, TopicNumber(1)), (11, TopicNumber(3))]);
        assert_eq!(topic_of, kept, "topic 2 was not decided about, and 11 is in a group");
    }
}
