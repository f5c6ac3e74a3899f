//! Callers' words, by what the site has of them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Evidence, Reworded};
use crate::analysis::analyzer;

/// Words as first written, commonest first, each in the list in which most questions have it.
#[derive(Default)]
pub(super) struct Words {
    pub(super) covered: Vec<String>,
    pub(super) reworded: Vec<Reworded>,
    pub(super) missing: Vec<String>,
}

/// At most so many words are told in each list.
const WORDS_MAX: usize = 12;

/// The lists.
const COVERED: usize = 0;
const REWORDED: usize = 1;
const MISSING: usize = 2;

/// A word of callers, and in how many questions it stands in each list.
struct Counted<'a> {
    place: usize,
    written: &'a str,
    page_has: Option<&'a Reworded>,
    counts: [u32; 3],
}

impl Counted<'_> {
    fn most(&self) -> u32 {
        self.counts.into_iter().max().unwrap_or(0)
    }
}

impl Words {
    pub(super) fn of(each: &[Evidence]) -> Self {
        let mut words = counted(each);
        words.sort_by_key(|it| (Reverse(it.most()), it.place));
        let mut told = Self::default();
        for word in words {
            let most = word.most();
            match word.page_has {
                _ if word.counts[COVERED] == most => told.covered.push(word.written.to_owned()),
                Some(reworded) if word.counts[REWORDED] == most => {
                    told.reworded.push(reworded.clone());
                }
                Some(_) | None => told.missing.push(word.written.to_owned()),
            }
        }
        told.covered.truncate(WORDS_MAX);
        told.reworded.truncate(WORDS_MAX);
        told.missing.truncate(WORDS_MAX);
        told
    }
}

fn counted(each: &[Evidence]) -> Vec<Counted<'_>> {
    let mut words: BTreeMap<String, Counted<'_>> = BTreeMap::new();
    for evidence in each {
        let covered = evidence.covered.iter().map(|it| (COVERED, it, None));
        let reworded = evidence.reworded.iter().map(|it| (REWORDED, &it.asked, Some(it)));
        let missing = evidence.missing.iter().map(|it| (MISSING, it, None));
        for (list, written, page_has) in covered.chain(reworded).chain(missing) {
            let place = words.len();
            let word = words.entry(analyzer().normalized(written)).or_insert(Counted {
                place,
                written,
                page_has,
                counts: [0; 3],
            });
            word.page_has = word.page_has.or(page_has);
            word.counts[list] += 1;
        }
    }
    words.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(covered: &[&str], reworded: &[(&str, &str)], missing: &[&str]) -> Evidence {
        let owned = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect();
        let pair = |(asked, written): &(&str, &str)| Reworded {
            asked: (*asked).into(),
            written: (*written).into(),
        };
        Evidence {
            covered: owned(covered),
            reworded: reworded.iter().map(pair).collect(),
            missing: owned(missing),
            ..Evidence::default()
        }
    }

    #[track_caller]
    fn check(each: &[Evidence], covered: &[&str], reworded: &[&str], missing: &[&str]) {
        let words = Words::of(each);
        assert_eq!(words.covered, covered);
        assert_eq!(words.reworded.iter().map(|it| it.asked.as_str()).collect::<Vec<_>>(), reworded);
        assert_eq!(words.missing, missing);
    }

    #[test]
    fn each_word_stands_in_one_list() {
        let has = evidence(&["pris"], &[("Søppel", "renovasjon")], &["ferie"]);
        let lacks = evidence(&[], &[], &["søppel", "ferien", "pris"]);
        check(std::slice::from_ref(&has), &["pris"], &["Søppel"], &["ferie"]);
        check(&[has.clone(), lacks.clone()], &["pris"], &["Søppel"], &["ferie"]);
        check(&[has, lacks.clone(), lacks], &[], &[], &["ferie", "pris", "Søppel"]);
        check(&[], &[], &[], &[]);
    }

    #[test]
    fn the_commonest_come_first() {
        let each = [evidence(&["a1", "b2"], &[], &[]), evidence(&["b2"], &[], &[])];
        check(&each, &["b2", "a1"], &[], &[]);
    }
}
