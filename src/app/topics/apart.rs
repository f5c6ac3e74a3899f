//! Which topics editors keep apart.

use std::collections::BTreeSet;

use crate::app::State;
use crate::id::TopicNumber;

impl State {
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
}
