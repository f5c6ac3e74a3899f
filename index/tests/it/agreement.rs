//! How often the live assignment says of a question what the full run says.

use std::collections::BTreeMap;

use skranke_index::{GroupInput, Nearby, Place, Standing, Text, group};

/// The share of texts that get the same topic, or none, from both: each in turn is taken as new,
/// and all others lie under the topics of the full run.
pub(crate) fn agreement(texts: &[String]) -> f64 {
    let input = (0..).zip(texts).map(|(key, text)| Text { key, text, ..Text::default() }).collect();
    let groups = group(&GroupInput { texts: input, ..GroupInput::default() });
    let mut topic_of: BTreeMap<u64, u64> = BTreeMap::new();
    for (topic, group) in (0..).zip(groups) {
        topic_of.extend(group.members.into_iter().map(|key| (key, topic)));
    }
    let mut nearby = Nearby::default();
    (0..).zip(texts).for_each(|(key, text)| nearby.put(key, text));
    let standing = |key| topic_of.get(&key).map_or(Standing::Alone, |it| Standing::Topic(*it));
    let agrees = |(key, text): &(u64, &String)| {
        let own = topic_of.get(key).copied();
        match nearby.place(*key, text, &standing) {
            Place::Joins(topic, _) => own == Some(topic),
            Place::Pairs(..) | Place::Waits => own.is_none(),
        }
    };
    let right = u32::try_from((0..).zip(texts).filter(agrees).count()).unwrap_or(u32::MAX);
    let all = u32::try_from(texts.len().max(1)).unwrap_or(u32::MAX);
    f64::from(right) / f64::from(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_live_assignment_agrees_with_the_full_run() {
        const AGREEMENT_MIN: f64 = 0.92;
        let own = include_str!("../../../tests/fixtures/scenario/questions.jsonl");
        let text = |line: &str| {
            let row: serde_json::Value = serde_json::from_str(line).ok()?;
            Some(row["text"].as_str()?.to_owned())
        };
        let texts: Vec<String> = own.lines().filter_map(text).collect();
        assert_eq!(texts.len(), 356);
        let reached = agreement(&texts);
        println!("{reached:.3}");
        assert!(AGREEMENT_MIN <= reached, "{reached:.3}");
    }
}
