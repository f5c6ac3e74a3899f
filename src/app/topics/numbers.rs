//! Numbers of topics: where one leads, and the next that was never used.

use std::collections::BTreeSet;

use crate::app::State;
use crate::id::TopicNumber;
use crate::topic::Topic;

impl State {
    /// The topic that a number leads to: itself, or what it was merged into.
    pub fn resolve(&self, number: TopicNumber) -> Option<TopicNumber> {
        /// Mergers may follow each other; a chain cannot be longer than there are topics.
        const STEPS_MAX: usize = 1_000;
        let topics = self.topics.read();
        let mut number = number;
        let mut passed = BTreeSet::new();
        for _ in 0..STEPS_MAX {
            match topics.get(Topic::entity(number))?.row.merged_into {
                // Merged in a ring, of which nothing may vanish: the oldest stands for all.
                Some(into) if !passed.insert(into) => return passed.first().copied(),
                Some(into) => number = into,
                None => return Some(number),
            }
        }
        None
    }

    /// The pairs of topics that editors keep apart, as they stand after mergers.
    pub fn apart(&self) -> BTreeSet<(TopicNumber, TopicNumber)> {
        let rows = self.topics.all();
        let rows = rows.iter().map(|it| &it.row);
        let pairs = rows.flat_map(|row| row.apart.iter().map(move |it| (row.number, *it)));
        let whole = |(a, b)| {
            let (a, b) = (self.resolve(a)?, self.resolve(b)?);
            (a != b).then(|| (a.min(b), a.max(b)))
        };
        pairs.filter_map(whole).collect()
    }

    /// The next topic number that was never used.
    pub fn next_number(&self) -> TopicNumber {
        let topics = self.topics.read();
        TopicNumber(topics.iter().map(|it| it.row.number.0).max().unwrap_or(0) + 1)
    }
}
