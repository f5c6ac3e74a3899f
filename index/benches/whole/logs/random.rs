//! Numbers that look random and are the same in every run.

/// A stream of numbers (SplitMix64; Steele, Lea & Flood 2014).
pub(crate) struct Random(u64);

impl Random {
    /// The stream of a thing: two seeds that differ in a bit give different streams.
    pub(crate) fn of(seed: u64, kind: u64, at: u64) -> Self {
        let mut random = Self(seed);
        random.0 = random.next() ^ kind.wrapping_mul(0xd6e8_feb8_6659_fd93);
        random.0 = random.next() ^ at.wrapping_mul(0xa076_1d64_78bd_642f);
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    #[expect(clippy::cast_precision_loss, reason = "53 bits are enough")]
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True so often, 0 to 1.
    pub(crate) fn chance(&mut self, often: f64) -> bool {
        self.share() < often
    }

    /// One of `n`, all alike.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() >> 1).unwrap_or(0) % n.max(1)
    }

    /// One of `n`, the first most often: Zipf's law with Mandelbrot's shift.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "ranks are far below 2^52"
    )]
    pub(crate) fn rank(&mut self, n: usize) -> usize {
        const SHIFT: f64 = 5.0;
        let rank = SHIFT * ((n as f64 + SHIFT) / SHIFT).powf(self.share()) - SHIFT;
        (rank as usize).min(n.saturating_sub(1))
    }

    /// One of these.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}
