//! How long logging takes.

use askama::Template;

use crate::http::pages::Frame;

/// Two numbers and a curve, or why there are none.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/timing.html")]
pub struct TimingPage {
    /// What is around it.
    pub f: Frame,
    /// So many weeks are looked back on.
    pub weeks: i64,
    /// So many entries there must be, before anything is told.
    pub entries_min: u64,
    /// What is told; none below that.
    pub figures: Option<TimingFigures>,
}

/// What is told of many entries.
#[derive(Clone, Debug)]
pub struct TimingFigures {
    /// How many entries.
    pub n: u64,
    /// The median in seconds from the first key to the acknowledgement.
    pub total: String,
    /// The median in seconds of what was not search.
    pub beyond: String,
    /// The curve of the first.
    pub total_curve: Curve,
    /// The curve of the second.
    pub beyond_curve: Curve,
    /// Seconds, with the share of each in percent that took no longer.
    pub rows: Vec<(u32, u32, u32)>,
}

/// A line that rises from the left to the right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Curve {
    /// The points of the line, as SVG writes them.
    pub points: String,
}

impl Curve {
    /// The width of the box.
    pub const WIDTH: u32 = 600;
    /// The height of the box.
    pub const HEIGHT: u32 = 180;

    /// Draws shares of 0 to 1 over lengths, the last of which ends the box.
    pub fn new(shares: &[(u32, f64)]) -> Self {
        let end = f64::from(shares.last().map_or(1, |it| it.0.max(1)));
        let (width, height) = (f64::from(Self::WIDTH), f64::from(Self::HEIGHT));
        let place = |(length, share): &(u32, f64)| {
            let x = f64::from(*length) / end * width;
            format!("{x:.0},{:.0}", height - share.clamp(0.0, 1.0) * height)
        };
        let points: Vec<String> = shares.iter().map(place).collect();
        Self { points: format!("0,{height:.0} {}", points.join(" ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_fills_its_box_from_corner_to_corner() {
        let curve = Curve::new(&[(10, 0.5), (20, 1.0)]);
        assert_eq!(curve.points, "0,180 300,90 600,0");
    }
}
