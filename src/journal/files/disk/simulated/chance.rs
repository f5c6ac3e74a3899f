//! Chance from a seed: the same seed gives the same numbers, on every machine.

/// A small generator (SplitMix64); it decides tests and keeps no secrets.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

/// How much of something un-synced outlives a cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Nothing,
    Everything,
    /// Each part by the toss of a coin.
    Parts,
}

impl Chance {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut n = self.0;
        n = (n ^ (n >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        n = (n ^ (n >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        n ^ (n >> 31)
    }

    /// A number below `end`, which is at least 1.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap_or(0)
    }

    /// True once in `n`.
    pub(crate) fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(super) fn style(&mut self) -> Style {
        match self.below(4) {
            0 => Style::Nothing,
            1 => Style::Everything,
            _ => Style::Parts,
        }
    }

    pub(super) fn keeps(&mut self, style: Style) -> bool {
        match style {
            Style::Nothing => false,
            Style::Everything => true,
            Style::Parts => self.once_in(2),
        }
    }
}
