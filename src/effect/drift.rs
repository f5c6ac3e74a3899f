//! How much topics move by themselves: a season, a new law, a reorganisation. What moved all
//! others that much may have moved the mended one, so an effect is no surer than that.

/// Topics with fewer contacts in both spans tell of chance alone.
const CONTACTS_MIN: u32 = 8;
/// Fewer topics tell nothing.
const TOPICS_MIN: usize = 8;

/// The variance of the logarithm by which topics move between two spans, beyond what counting
/// brings (method of moments; `DerSimonian` and Laird, "Meta-analysis in clinical trials", 1986).
/// Takes the contacts of each topic before and after; 0 where too few tell.
pub fn drift(topics: impl Iterator<Item = (u32, u32)>) -> f64 {
    let moves: Vec<(f64, f64)> = topics
        .filter(|it| CONTACTS_MIN <= it.0 + it.1)
        .map(|(before, after)| (f64::from(before) + 0.5, f64::from(after) + 0.5))
        .map(|(before, after)| ((after / before).ln(), 1.0 / (1.0 / before + 1.0 / after)))
        .collect();
    if moves.len() < TOPICS_MIN {
        return 0.0;
    }
    let sum = |of: &dyn Fn(&(f64, f64)) -> f64| moves.iter().map(of).sum::<f64>();
    let weight = sum(&|it| it.1);
    let mean = sum(&|it| it.0 * it.1) / weight;
    let spread = sum(&|it| it.1 * (it.0 - mean).powi(2));
    let freedom = f64::from(u32::try_from(moves.len() - 1).unwrap_or(u32::MAX));
    ((spread - freedom) / (weight - sum(&|it| it.1 * it.1) / weight)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effect::Random;

    /// Topics of about 40 contacts in each span that move by themselves with a deviation.
    fn made(deviation: f64) -> f64 {
        let mut random = Random::new(5);
        let count = |mean: f64, random: &mut Random| {
            let n = (mean + mean.sqrt() * random.normal()).round().max(0.0);
            (0..).find(|it| n <= f64::from(*it)).unwrap_or(0)
        };
        let mut topic = || {
            let moved = (deviation * random.normal()).exp();
            (count(40.0, &mut random), count(40.0 * moved, &mut random))
        };
        drift((0..400).map(|_| topic()).collect::<Vec<(u32, u32)>>().into_iter())
    }

    #[test]
    fn what_counting_brings_is_no_drift() {
        assert!(made(0.0) < 0.01, "{}", made(0.0));
        let found = made(0.5).sqrt();
        assert!((0.42..0.58).contains(&found), "{found}");
    }

    #[test]
    fn a_few_topics_tell_nothing() {
        assert_eq!(drift([(30, 3), (3, 30)].into_iter()), 0.0);
        assert_eq!(drift((0..100).map(|_| (1, 1))), 0.0);
    }
}
