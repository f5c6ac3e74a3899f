//! Walks a dictionary's words within some slips of one, without looking at the others.

use tantivy_fst::Automaton;

use crate::analysis::{bare, folded};

/// So many slips at most.
const SLIPS_MAX: usize = 2;
/// A row of the table of distances holds only what is so near its diagonal.
const BAND: usize = 2 * SLIPS_MAX + 1;
/// More slips than are counted.
const FAR: u8 = 100;

/// Matches every word that begins like a key and lies within some slips of it, both folded
/// (Damerau 1964, by the restricted distance; a banded table, a row for each letter read).
pub(super) struct Slips {
    key: Vec<char>,
    allowed: u8,
}

/// How far a word has been read.
#[derive(Clone, Copy)]
pub(super) struct State {
    /// Letters read.
    depth: usize,
    row: [u8; BAND],
    before: [u8; BAND],
    last: char,
    /// The bytes of a letter that is not whole yet.
    bytes: [u8; 4],
    n_bytes: usize,
    is_dead: bool,
}

impl Slips {
    /// Words within so many slips of `key`.
    pub(super) fn of(key: &str, allowed: usize) -> Self {
        let allowed = u8::try_from(allowed.min(SLIPS_MAX)).unwrap_or(0);
        Self { key: folded(key).chars().collect(), allowed }
    }

    /// The place in the key that a cell of the row at `depth` stands for.
    fn place(depth: usize, cell: usize) -> Option<usize> {
        (depth + cell).checked_sub(SLIPS_MAX)
    }

    fn read(&self, state: &State, letter: char) -> State {
        let depth = state.depth + 1;
        let mut next = State { depth, before: state.row, last: letter, n_bytes: 0, ..*state };
        next.is_dead |= depth == 1 && self.key.first() != Some(&letter);
        for cell in 0..BAND {
            next.row[cell] = self.distance(state, &next, (cell, letter));
        }
        next
    }

    fn distance(&self, state: &State, next: &State, (cell, letter): (usize, char)) -> u8 {
        let Some(place) = Self::place(next.depth, cell).filter(|it| *it <= self.key.len()) else {
            return FAR;
        };
        let more = if cell + 1 < BAND { state.row[cell + 1] } else { FAR };
        let mut best = more + 1;
        if 0 < place {
            let less = if 0 < cell { next.row[cell - 1] } else { FAR };
            let is_same = self.key[place - 1] == letter;
            best = best.min(less + 1).min(state.row[cell] + u8::from(!is_same));
        }
        if 1 < place && 1 < next.depth {
            let is_turned = self.key[place - 1] == state.last && self.key[place - 2] == letter;
            best = if is_turned { best.min(state.before[cell] + 1) } else { best };
        }
        best.min(FAR)
    }
}

impl Automaton for Slips {
    type State = State;

    fn start(&self) -> State {
        let mut row = [FAR; BAND];
        for (cell, distance) in row.iter_mut().enumerate() {
            let place = Self::place(0, cell).and_then(|it| u8::try_from(it).ok());
            *distance = place.unwrap_or(FAR);
        }
        State {
            depth: 0,
            row,
            before: [FAR; BAND],
            last: '\0',
            bytes: [0; 4],
            n_bytes: 0,
            is_dead: false,
        }
    }

    fn is_match(&self, state: &State) -> bool {
        let cell = (self.key.len() + SLIPS_MAX).checked_sub(state.depth);
        let distance = cell.and_then(|it| state.row.get(it)).copied().unwrap_or(FAR);
        !state.is_dead && state.n_bytes == 0 && distance <= self.allowed
    }

    fn can_match(&self, state: &State) -> bool {
        !state.is_dead && state.row.iter().any(|it| *it <= self.allowed)
    }

    fn accept(&self, state: &State, byte: u8) -> State {
        let mut next = *state;
        if next.n_bytes == next.bytes.len() {
            next.is_dead = true;
            return next;
        }
        next.bytes[next.n_bytes] = byte;
        next.n_bytes += 1;
        let letter = std::str::from_utf8(&next.bytes[..next.n_bytes]);
        match letter.ok().and_then(|it| it.chars().next()) {
            Some(letter) => self.read(&next, bare(letter)),
            None => next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(key: &str, word: &str, allowed: usize, expected: bool) {
        let slips = Slips::of(key, allowed);
        let mut state = slips.start();
        for byte in word.bytes() {
            assert!(!expected || slips.can_match(&state), "{key} {word}");
            state = slips.accept(&state, byte);
        }
        assert_eq!(slips.is_match(&state), expected, "{key} {word} {allowed}");
    }

    #[test]
    fn what_lies_within_the_slips_is_found() {
        check("renovasjon", "renovasjon", 0, true);
        check("renovsjon", "renovasjon", 1, true);
        check("renovasjno", "renovasjon", 1, true);
        check("renovasjonn", "renovasjon", 1, true);
        check("rennovsjon", "renovasjon", 2, true);
        check("rennovsjon", "renovasjon", 1, false);
        check("svommehall", "svømmehall", 0, true);
        check("åpning", "apning", 0, true);
        check("enovasjon", "renovasjon", 2, false);
        check("hund", "", 2, false);
        check("hund", "hundeskule", 2, false);
    }
}
