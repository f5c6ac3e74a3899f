//! Charts as plain shapes: the template writes them as SVG, beside the same figures as text.

use crate::http::pages::Frame;
use crate::week::Week;

/// One bar, in units of the chart's box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: u32,
    /// How wide.
    pub width: u32,
    /// How high.
    pub height: u32,
}

/// A little chart of weeks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weekly {
    /// The counts, oldest first.
    pub counts: Vec<u32>,
    /// The bars.
    pub bars: Vec<Bar>,
}

/// A chart of weeks with its axis and its table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chart {
    /// The weeks with their counts, oldest first.
    pub weeks: Vec<(String, u32)>,
    /// The bars.
    pub bars: Vec<Bar>,
    /// The largest count, written at the top of the axis.
    pub max: u32,
    /// Where which week is written under the axis.
    pub ticks: Vec<(u32, String)>,
}

/// Shares of a whole, side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strip {
    /// The bars, each with whether it is one of the first.
    pub bars: Vec<(Bar, bool)>,
}

impl Weekly {
    /// The width of the box for one week.
    pub const STEP: u32 = 8;
    /// The height of the box.
    pub const HEIGHT: u32 = 28;

    /// Makes the bars of a little chart.
    pub fn new(counts: &[u32]) -> Self {
        let bars = bars(counts, Self::STEP, Self::HEIGHT);
        Self { counts: counts.to_vec(), bars }
    }

    /// The width of the box.
    pub fn width(&self) -> u32 {
        Self::STEP * u32::try_from(self.counts.len()).unwrap_or(0)
    }

    /// The counts in words, for those who do not see the chart.
    pub fn says(&self, f: &Frame) -> String {
        let counts: Vec<String> = self.counts.iter().map(u32::to_string).collect();
        f.with("chart.weeks", "counts", counts.join(", "))
    }
}

impl Chart {
    /// The width of the box for one week.
    pub const STEP: u32 = 24;
    /// The height of the box.
    pub const HEIGHT: u32 = 140;

    /// Makes a chart that ends with `last`.
    pub fn new(counts: &[u32], last: Week) -> Self {
        const TICK_EVERY: usize = 4;
        let n = counts.len();
        let week = |at: usize| last.plus(-i64::try_from(n - 1 - at).unwrap_or(0));
        let ticks = (0..n).rev().step_by(TICK_EVERY).map(|at| {
            let x = Self::STEP * u32::try_from(at).unwrap_or(0) + Self::STEP / 2;
            (x, week(at).number().to_string())
        });
        Self {
            weeks: counts.iter().enumerate().map(|(at, n)| (week(at).to_string(), *n)).collect(),
            bars: bars(counts, Self::STEP, Self::HEIGHT),
            max: counts.iter().copied().max().unwrap_or(0),
            ticks: ticks.collect(),
        }
    }

    /// The width of the box.
    pub fn width(&self) -> u32 {
        Self::STEP * u32::try_from(self.weeks.len()).unwrap_or(0)
    }
}

impl Strip {
    /// The width of the box.
    pub const WIDTH: u32 = 1_000;
    /// The height of the box.
    pub const HEIGHT: u32 = 24;

    /// Lays shares side by side; the first `n` are told from the rest.
    pub fn new(shares: &[u32], n: usize) -> Self {
        let all: u64 = shares.iter().map(|it| u64::from(*it)).sum();
        let mut before = 0;
        let mut bars = vec![];
        for (at, share) in shares.iter().enumerate() {
            let place = |sum: u64| (sum * u64::from(Self::WIDTH)).checked_div(all).unwrap_or(0);
            let (from, to) = (place(before), place(before + u64::from(*share)));
            before += u64::from(*share);
            let x = u32::try_from(from).unwrap_or(0);
            // A hair of space keeps neighbours apart without a line.
            let width = u32::try_from(to - from).unwrap_or(0).saturating_sub(2);
            if 0 < width {
                bars.push((Bar { x, y: 0, width, height: Self::HEIGHT }, at < n));
            }
        }
        Self { bars }
    }
}

/// Bars that stand on the bottom of a box; the highest fills it, one contact can be seen.
fn bars(counts: &[u32], step: u32, height: u32) -> Vec<Bar> {
    const SEEN_MIN: u32 = 2;
    let max = counts.iter().copied().max().unwrap_or(0).max(1);
    let bar = |(at, count): (usize, &u32)| {
        let scaled = u64::from(*count) * u64::from(height) / u64::from(max);
        let high = u32::try_from(scaled).unwrap_or(height);
        let high = if *count == 0 { 0 } else { high.max(SEEN_MIN) };
        let x = step * u32::try_from(at).unwrap_or(0);
        Bar { x, y: height - high, width: step * 3 / 4, height: high }
    };
    counts.iter().enumerate().map(bar).filter(|it| 0 < it.height).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_fills_the_box_and_one_contact_is_seen() {
        let weekly = Weekly::new(&[0, 1, 100]);
        let bar = |x, y, height| Bar { x, y, width: 6, height };
        assert_eq!(weekly.bars, [bar(8, 26, 2), bar(16, 0, 28)]);
    }

    #[test]
    fn no_contacts_make_no_bars() {
        assert_eq!(Weekly::new(&[0, 0]).bars, []);
        assert_eq!(Strip::new(&[0, 0], 1).bars, []);
    }

    #[test]
    fn a_strip_tells_the_first_from_the_rest() {
        let strip = Strip::new(&[50, 30, 20], 2);
        let seen: Vec<(u32, u32, bool)> =
            strip.bars.iter().map(|(bar, first)| (bar.x, bar.width, *first)).collect();
        assert_eq!(seen, [(0, 498, true), (500, 298, true), (800, 198, false)]);
    }

    #[test]
    fn the_weeks_of_a_chart_end_with_the_last_across_new_year() {
        let chart = Chart::new(&[1, 2, 3], "2026-W01".parse().unwrap());
        let weeks: Vec<&str> = chart.weeks.iter().map(|it| it.0.as_str()).collect();
        assert_eq!(weeks, ["2025-W51", "2025-W52", "2026-W01"]);
    }
}
