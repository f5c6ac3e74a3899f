//! The order of the gaps: demand, how surely it is unanswered, and the trend, said in words.

use crate::id::TopicNumber;
use crate::topic::Trend;

/// A topic that may be listed.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// The topic.
    pub topic: TopicNumber,
    /// Contacts of the last 28 days.
    pub last_28_days: u32,
    /// All contacts.
    pub inquiries: u32,
    /// How sure it is that no page answers, 0 to 1.
    pub gap_score: f64,
    /// Whether it rises.
    pub trend: Trend,
}

/// A topic in its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked {
    /// The topic.
    pub topic: TopicNumber,
    /// Demand times certainty times trend; explained on the page by its parts.
    pub weight: f64,
    /// The factor that the trend brought.
    pub trend_factor: f64,
}

/// Puts the most wanted first. Old demand counts a tenth, so that a topic asked last spring
/// does not vanish.
pub fn rank(candidates: &[Candidate]) -> Vec<Ranked> {
    let mut ranked: Vec<Ranked> = candidates.iter().map(weigh).collect();
    ranked.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.topic.cmp(&b.topic)));
    ranked
}

/// What a topic weighs in the order of the gaps.
pub fn weigh(candidate: &Candidate) -> Ranked {
    let trend_factor = match candidate.trend {
        Trend::Rising => 1.3,
        Trend::New => 1.15,
        Trend::Steady => 1.0,
        Trend::Falling => 0.8,
    };
    let old = candidate.inquiries.saturating_sub(candidate.last_28_days);
    let demand = f64::from(candidate.last_28_days) + 0.1 * f64::from(old);
    let weight = demand * (0.2 + 0.8 * candidate.gap_score) * trend_factor;
    Ranked { topic: candidate.topic, weight, trend_factor }
}

/// How many of the largest counts make up `share` of all (Pareto, as drawn by J. M. Juran).
pub fn pareto(counts: &[u32], share: f64) -> usize {
    let mut sorted = counts.to_vec();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let wanted = share * sorted.iter().map(|it| f64::from(*it)).sum::<f64>();
    let mut sum = 0.0;
    for (n, count) in sorted.iter().enumerate() {
        if wanted <= sum {
            return n;
        }
        sum += f64::from(*count);
    }
    sorted.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(topic: u32, last_28_days: u32, gap_score: f64, trend: Trend) -> Candidate {
        let topic = TopicNumber(topic);
        Candidate { topic, last_28_days, inquiries: last_28_days, gap_score, trend }
    }

    #[test]
    fn demand_certainty_and_trend_decide() {
        let ranked = rank(&[
            candidate(1, 10, 0.5, Trend::Steady),
            candidate(2, 10, 0.9, Trend::Steady),
            candidate(3, 10, 0.9, Trend::Rising),
            candidate(4, 30, 0.9, Trend::Falling),
        ]);
        let order: Vec<u32> = ranked.iter().map(|it| it.topic.0).collect();
        assert_eq!(order, [4, 3, 2, 1]);
    }

    #[test]
    fn equal_weights_stand_by_number() {
        let ranked =
            rank(&[candidate(2, 5, 0.5, Trend::Steady), candidate(1, 5, 0.5, Trend::Steady)]);
        assert_eq!(ranked[0].topic, TopicNumber(1));
    }

    #[test]
    fn a_few_gaps_cover_most_of_the_calls() {
        assert_eq!(pareto(&[50, 30, 10, 5, 5], 0.8), 2);
        assert_eq!(pareto(&[1, 1, 1, 1, 1], 0.8), 4);
        assert_eq!(pareto(&[], 0.8), 0);
        assert_eq!(pareto(&[0, 0], 0.8), 0);
    }
}
