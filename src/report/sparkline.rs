//! A small line of inquiries per week, as the points of an SVG polyline.

/// The size of the drawing, in units of its view box.
pub(super) const WIDTH: u64 = 96;
/// See [`WIDTH`].
pub(super) const HEIGHT: u64 = 24;
/// How much room the stroke takes at each side.
const MARGIN: u64 = 2;
/// How many weeks a line shows.
const WEEKS_MAX: usize = 26;

/// The points of the line, the oldest week at the left; empty for fewer than two weeks.
///
/// The base is zero, so that heights can be compared with each other.
pub(super) fn points(weeks: &[u64]) -> String {
    let weeks = &weeks[weeks.len().saturating_sub(WEEKS_MAX)..];
    if weeks.len() < 2 {
        return String::new();
    }
    let most = u128::from(weeks.iter().copied().max().unwrap_or(0).max(1));
    let room = u128::from(HEIGHT - 2 * MARGIN);
    let step = (WIDTH - 2 * MARGIN) as f64 / (weeks.len() - 1) as f64;
    let point = |(at, &n): (usize, &u64)| {
        let x = MARGIN as f64 + step * at as f64;
        let up = u128::from(n) * room * 10 / most;
        let y = (HEIGHT - MARGIN) as f64 - up as f64 / 10.0;
        format!("{x:.1},{y:.1}")
    };
    weeks.iter().enumerate().map(point).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_runs_from_side_to_side_with_zero_at_the_foot() {
        assert_eq!(points(&[0, 5, 10]), "2.0,22.0 48.0,12.0 94.0,2.0");
        assert_eq!(points(&[0, 0]), "2.0,22.0 94.0,22.0");
        assert_eq!(points(&[7]), "");
        assert_eq!(points(&[u64::MAX; 40]).split(' ').count(), WEEKS_MAX);
    }
}
