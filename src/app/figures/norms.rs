//! How much of each website's text is in Nynorsk and how much in Bokmål, by the words of passages.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::app::App;
use crate::inquiry::Norm;
use crate::page::Body;

/// The words of a site's text by their norm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NormShare {
    /// The site.
    pub site: String,
    /// Pages that were counted.
    pub pages: u32,
    /// Pages that were not counted yet.
    pub waiting: u32,
    /// Words in Nynorsk.
    pub nn: u64,
    /// Words in Bokmål.
    pub nb: u64,
    /// Words in other languages.
    pub other: u64,
    /// Words in passages too short to tell.
    pub unsure: u64,
}

/// The words of page texts that were counted, by the text's hash: a text never changes.
#[derive(Debug, Default)]
pub(in crate::app) struct Norms {
    counted: Mutex<HashMap<String, [u64; 4]>>,
}

impl NormShare {
    /// The share of Nynorsk among the words in either norm; none without any.
    pub fn nn_share(&self) -> Option<f64> {
        let all = self.nn + self.nb;
        #[expect(clippy::cast_precision_loss, reason = "no site has so many words")]
        (0 < all).then(|| self.nn as f64 / all as f64)
    }
}

impl App {
    /// How much of each site's text is in which norm. Texts that were not counted before are, for
    /// so long; what is left is told. Blocks.
    pub fn norm_shares(&self, patience: Duration) -> Vec<NormShare> {
        let begun = Instant::now();
        let pages: Vec<(String, String)> = {
            let rows = self.state.pages.read();
            let live = rows.iter().filter(|it| !it.row.gone).map(|it| &it.row.facts);
            live.map(|it| (it.site.clone(), it.body.clone())).collect()
        };
        let mut shares: BTreeMap<String, NormShare> = BTreeMap::new();
        for (site, body) in pages {
            let share = shares.entry(site).or_default();
            let known = self.norms.get(&body);
            let counted = known.or_else(|| {
                let is_over = patience < begun.elapsed() || self.is_stopping();
                let read = if is_over { None } else { self.bodies.get(&body).ok() };
                let counted = words(&read?);
                self.norms.put(body, counted);
                Some(counted)
            });
            let Some([nn, nb, other, unsure]) = counted else {
                share.waiting += 1;
                continue;
            };
            share.pages += 1;
            share.nn += nn;
            share.nb += nb;
            share.other += other;
            share.unsure += unsure;
        }
        shares.into_iter().map(|(site, share)| NormShare { site, ..share }).collect()
    }
}

impl Norms {
    fn get(&self, body: &str) -> Option<[u64; 4]> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner).get(body).copied()
    }

    fn put(&self, body: String, words: [u64; 4]) {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner).insert(body, words);
    }
}

/// The words of a page: in Nynorsk, in Bokmål, in other languages, and in passages too short to
/// tell.
fn words(body: &Body) -> [u64; 4] {
    let mut words = [0; 4];
    for passage in &body.passages {
        let has_letters = |it: &&str| it.chars().any(char::is_alphabetic);
        let n = passage.text.split_whitespace().filter(has_letters).count() as u64;
        let at = match passage.norm {
            Norm::Nn => 0,
            Norm::Nb => 1,
            Norm::En | Norm::Other => 2,
            Norm::Unsure => 3,
        };
        words[at] += n;
    }
    words
}
