//! Moves single wordings to the group that explains them best, until hardly any moves: a tree
//! cannot take back an early link. (Iterated conditional modes, Besag 1986, over the groups of a
//! wording's neighbours.)

use super::constraints::Apart;
use super::mixture::{Bag, Model};
use super::nearest::Neighbors;
use super::wordings::Token;

/// So many rounds at most.
const ROUNDS_MAX: usize = 4;
/// What a small group gives is counted anew without the wording in question; in a larger one
/// that makes no difference.
const SMALL_MAX: usize = 50;
/// A larger group is counted anew when its size has changed by one part in so many.
const STALE_PARTS: usize = 50;

/// A group on the way.
#[derive(Clone, Default)]
struct Group {
    bag: Bag,
    size: usize,
    base: f64,
    /// The size when `base` was counted.
    counted: usize,
}

/// Groups of wordings, each wording in one.
pub(super) struct Settling<'a> {
    model: &'a Model,
    tokens: &'a [Vec<Token>],
    group_of: Vec<usize>,
    groups: Vec<Group>,
    free: Vec<usize>,
}

impl<'a> Settling<'a> {
    pub(super) fn of(model: &'a Model, tokens: &'a [Vec<Token>], groups: &[Vec<usize>]) -> Self {
        let mut group_of = vec![0; tokens.len()];
        let mut made = Vec::with_capacity(groups.len());
        for (number, members) in groups.iter().enumerate() {
            let mut all: Vec<Token> = vec![];
            for at in members {
                group_of[*at] = number;
                all.extend_from_slice(&tokens[*at]);
            }
            all.sort_unstable();
            let mut group = Group { bag: counted(&all), size: members.len(), ..Group::default() };
            group.count(model);
            made.push(group);
        }
        Self { model, tokens, group_of, groups: made, free: vec![] }
    }

    /// Moves wordings, those apart never into one group.
    pub(super) fn run(&mut self, neighbors: &[Neighbors], apart: &Apart) {
        for _ in 0..ROUNDS_MAX {
            let moved = (0..self.tokens.len())
                .filter(|at| self.settle(*at, &neighbors[*at], apart))
                .count();
            if moved == 0 {
                break;
            }
        }
    }

    /// The members of every group; an empty one has none.
    pub(super) fn members(&self) -> Vec<Vec<usize>> {
        let mut members = vec![vec![]; self.groups.len()];
        self.group_of.iter().enumerate().for_each(|(at, group)| members[*group].push(at));
        members
    }

    /// Whether a wording went to another group.
    fn settle(&mut self, at: usize, near: &Neighbors, apart: &Apart) -> bool {
        let own = self.group_of[at];
        let (tokens, model) = (&self.tokens[at], self.model);
        self.groups[own].take(tokens, model);
        let empty = if self.groups[own].size == 0 { own } else { self.empty() };
        let mut around: Vec<usize> = near.iter().map(|link| self.group_of[link.to()]).collect();
        around.push(empty);
        around.sort_unstable();
        around.dedup();
        let mut best = (own, self.score(at, own));
        for group in around.into_iter().filter(|it| *it != own) {
            let score = self.score(at, group);
            if best.1 < score && !apart.has(at, |other| self.group_of[other] == group) {
                best = (group, score);
            }
        }
        if best.0 != empty && empty != own {
            self.free.push(empty);
        }
        if best.0 != own && self.groups[own].size == 0 {
            self.free.push(own);
        }
        self.group_of[at] = best.0;
        self.groups[best.0].put(tokens, model);
        best.0 != own
    }

    fn empty(&mut self) -> usize {
        self.free.pop().unwrap_or_else(|| {
            let mut group = Group::default();
            group.count(self.model);
            self.groups.push(group);
            self.groups.len() - 1
        })
    }

    fn score(&self, at: usize, group: usize) -> f64 {
        let group = &self.groups[group];
        let gain = |token: &Token| self.model.gain(*token, group.having(*token), group.size);
        self.model.drawn(group.size) + group.base + self.tokens[at].iter().map(gain).sum::<f64>()
    }
}

impl Group {
    fn having(&self, token: Token) -> u32 {
        self.bag.binary_search_by_key(&token, |it| it.0).map_or(0, |at| self.bag[at].1)
    }

    fn take(&mut self, tokens: &[Token], model: &Model) {
        self.size -= 1;
        for token in tokens {
            if let Ok(at) = self.bag.binary_search_by_key(token, |it| it.0) {
                self.bag[at].1 -= 1;
                if self.bag[at].1 == 0 {
                    self.bag.remove(at);
                }
            }
        }
        self.recount(model);
    }

    fn put(&mut self, tokens: &[Token], model: &Model) {
        self.size += 1;
        for token in tokens {
            match self.bag.binary_search_by_key(token, |it| it.0) {
                Ok(at) => self.bag[at].1 += 1,
                Err(at) => self.bag.insert(at, (*token, 1)),
            }
        }
        self.recount(model);
    }

    fn recount(&mut self, model: &Model) {
        let change = self.size.abs_diff(self.counted);
        if self.size <= SMALL_MAX || self.size < change * STALE_PARTS {
            self.count(model);
        }
    }

    fn count(&mut self, model: &Model) {
        self.base = model.base(&self.bag, self.size);
        self.counted = self.size;
    }
}

/// Sorted tokens with how many there are of each.
fn counted(sorted: &[Token]) -> Bag {
    let same = sorted.chunk_by(|a, b| a == b);
    same.map(|it| (it[0], u32::try_from(it.len()).unwrap_or(u32::MAX))).collect()
}
