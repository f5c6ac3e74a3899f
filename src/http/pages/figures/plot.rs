//! Charts of the numbers page as plain shapes; the template writes them as SVG.

use crate::http::pages::Bar;

/// The width that the weeks of a chart share.
const WIDTH: u32 = 624;
/// The widest place for a week.
const STEP_MAX: u32 = 48;

/// The height of a chart's box.
const HEIGHT: u32 = 180;

/// Bars of weeks, each in parts that stand on each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stacked {
    /// The width of the place for one week.
    pub step: u32,
    /// The width of the box.
    pub width: u32,
    /// The highest number of the axis.
    pub top: u32,
    /// The parts: the number of the series, and its bar.
    pub bars: Vec<(usize, Bar)>,
    /// Where which total is written, over its bar; none when there is no room.
    pub totals: Vec<(u32, u32, u32)>,
    /// Where which week is written.
    pub ticks: Vec<(u32, String)>,
}

/// A share of each week, with where it lies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    /// The width of the box.
    pub width: u32,
    /// Lines between neighbors, as SVG writes their points.
    pub lines: Vec<String>,
    /// Across, the share from above, and the ends of its interval, of weeks that tell enough.
    pub sure: Vec<(u32, u32, u32, u32)>,
    /// Across and from above, of weeks that tell too little.
    pub unsure: Vec<(u32, u32)>,
    /// Where which week is written.
    pub ticks: Vec<(u32, String)>,
}

/// A share as it is drawn: of 0 to 1, the ends of its interval, and whether it tells enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FigurePoint {
    /// The share.
    pub share: f64,
    /// Its interval, the lower end first.
    pub interval: (f64, f64),
    /// Whether it rests on enough.
    pub is_sure: bool,
}

fn step(weeks: usize) -> u32 {
    let weeks = u32::try_from(weeks).unwrap_or(u32::MAX).max(1);
    (WIDTH / weeks).clamp(4, STEP_MAX)
}

fn across(at: usize, step: u32) -> u32 {
    step * u32::try_from(at).unwrap_or(0)
}

/// Few weeks are all named; of many every fourth is.
fn ticks(names: &[String], step: u32) -> Vec<(u32, String)> {
    const ALL_MAX: usize = 16;
    let every = if names.len() <= ALL_MAX { 1 } else { 4 };
    let named = names.iter().enumerate().step_by(every);
    named.map(|(at, name)| (across(at, step) + step / 2, name.clone())).collect()
}

/// The next round number of an axis: 1, 2 or 5 with zeros.
fn round_up(n: u32) -> u32 {
    let mut unit: u32 = 1;
    loop {
        for factor in [1, 2, 5] {
            let round = unit.saturating_mul(factor);
            if n <= round {
                return round;
            }
        }
        unit = unit.saturating_mul(10);
    }
}

impl Stacked {
    /// Stacks the series of each week, in their order.
    pub fn new(names: &[String], weeks: &[Vec<u32>]) -> Self {
        /// A total of up to five digits fits over a bar of this width.
        const TOTAL_STEP_MIN: u32 = 32;
        let step = step(weeks.len());
        let sums = || weeks.iter().map(|it| it.iter().sum::<u32>());
        let top = round_up(sums().max().unwrap_or(0));
        let from_above = |n: u32| {
            let scaled = u64::from(n) * u64::from(HEIGHT) / u64::from(top);
            HEIGHT - u32::try_from(scaled).unwrap_or(HEIGHT)
        };
        let gap = (step / 6).max(1);
        let mut bars = vec![];
        for (at, series) in weeks.iter().enumerate() {
            let mut below = 0;
            for (which, n) in series.iter().enumerate().filter(|it| 0 < *it.1) {
                let (foot, head) = (from_above(below), from_above(below + n));
                below += n;
                let (x, width) = (across(at, step) + gap / 2, step - gap);
                bars.push((which, Bar { x, y: head, width, height: foot - head }));
            }
        }
        let totals = sums().enumerate().filter(|it| TOTAL_STEP_MIN <= step && 0 < it.1);
        Self {
            step,
            width: across(weeks.len(), step),
            top,
            bars,
            totals: totals
                .map(|(at, n)| (across(at, step) + step / 2, from_above(n).saturating_sub(5), n))
                .collect(),
            ticks: ticks(names, step),
        }
    }
}

impl Shares {
    /// Places the share of each week; none where nothing tells.
    pub fn new(names: &[String], points: &[Option<FigurePoint>]) -> Self {
        let step = step(points.len());
        let mut shares = Self {
            width: across(points.len(), step),
            ticks: ticks(names, step),
            ..Self::default()
        };
        let mut line: Vec<String> = vec![];
        for (at, point) in points.iter().enumerate() {
            let x = across(at, step) + step / 2;
            let sure = point.filter(|it| it.is_sure);
            if let Some(FigurePoint { share, interval, .. }) = sure {
                let y = from_above(share);
                shares.sure.push((x, y, from_above(interval.0), from_above(interval.1)));
                line.push(format!("{x},{y}"));
                continue;
            }
            shares.unsure.extend(point.map(|it| (x, from_above(it.share))));
            shares.end(&mut line);
        }
        shares.end(&mut line);
        shares
    }

    /// A line ends where a week tells too little.
    fn end(&mut self, line: &mut Vec<String>) {
        let points = std::mem::take(line);
        if 1 < points.len() {
            self.lines.push(points.join(" "));
        }
    }
}

/// How far below the top of the box a share of 0 to 1 lies.
fn from_above(share: f64) -> u32 {
    HEIGHT - along(share, HEIGHT)
}

/// A share of a length.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a chart's width lies between 0 and that"
)]
pub fn along(share: f64, length: u32) -> u32 {
    (share.clamp(0.0, 1.0) * f64::from(length)).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(n: usize) -> Vec<String> {
        (1..=n).map(|it| it.to_string()).collect()
    }

    #[test]
    fn parts_stand_on_each_other_and_fill_their_share_of_the_axis() {
        let stacked = Stacked::new(&names(2), &[vec![50, 0, 30], vec![0, 100, 0]]);
        assert_eq!((stacked.top, stacked.step, stacked.width), (100, 48, 96));
        let seen: Vec<(usize, u32, u32)> =
            stacked.bars.iter().map(|(which, it)| (*which, it.y, it.height)).collect();
        assert_eq!(seen, [(0, 90, 90), (2, 36, 54), (1, 0, 180)]);
        assert_eq!(stacked.totals, [(24, 31, 80), (72, 0, 100)]);
    }

    #[test]
    fn a_year_fits_into_the_same_width_without_totals() {
        let stacked = Stacked::new(&names(53), &vec![vec![7]; 53]);
        assert!(stacked.width <= WIDTH && stacked.totals.is_empty());
        assert_eq!(stacked.ticks.len(), 14);
    }

    #[test]
    fn an_axis_ends_with_a_round_number() {
        assert_eq!([0, 1, 3, 10, 11, 51, 4_321].map(round_up), [1, 1, 5, 10, 20, 100, 5_000]);
        assert_eq!(round_up(u32::MAX), u32::MAX);
    }

    #[test]
    fn a_line_ends_where_too_few_tell() {
        let point = |share, is_sure| Some(FigurePoint { share, interval: (share, share), is_sure });
        let points =
            [point(1.0, true), point(0.5, true), point(0.5, false), None, point(0.0, true)];
        let shares = Shares::new(&names(5), &points);
        assert_eq!(shares.lines, ["24,0 72,90"]);
        assert_eq!(shares.sure.len(), 3);
        assert_eq!(shares.unsure, [(120, 90)]);
    }
}
