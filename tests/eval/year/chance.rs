//! Chances, counts and choices from numbers that look random.

use crate::personal::generator::Random;

/// A part of one.
pub(super) fn share(random: &mut Random) -> f64 {
    const PARTS: u32 = 1 << 24;
    f64::from(u32::try_from(random.below(PARTS as usize)).unwrap()) / f64::from(PARTS)
}

pub(super) fn chance(of: f64, random: &mut Random) -> bool {
    share(random) < of
}

/// How often something happens that does so `mean` times (Poisson, by Knuth's way).
pub(super) fn times(mean: f64, random: &mut Random) -> u32 {
    let (mut product, mut n) = (share(random), 0);
    while (-mean).exp() < product {
        product *= share(random);
        n += 1;
    }
    n
}

pub(super) fn pick<'a, T: AsRef<str>>(from: &'a [T], random: &mut Random) -> &'a str {
    from[random.below(from.len())].as_ref()
}

/// The numbers of a part of a world, which hang on nothing that happens elsewhere in it.
pub(super) fn of(seed: u64, part: [usize; 3]) -> Random {
    let mix = |sum: u64, it: usize| (sum ^ it as u64).wrapping_mul(0x0100_0000_01b3) ^ (sum >> 29);
    Random::new(part.into_iter().fold(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15), mix))
}
