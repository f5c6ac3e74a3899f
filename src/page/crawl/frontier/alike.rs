//! Learns which parts of a site's addresses make no difference: a session's number, a slash at
//! the end, a capital. Nothing is known beforehand of what a site calls them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::page::crawl::address::Address;

/// So many pairs of addresses that differ only there must hold the same, and none hold something
/// else.
const SAME_MIN: u32 = 5;
/// Addresses with more parameters than this are not looked at.
const PARAMETERS_MAX: usize = 8;
/// So many names of parameters are looked at.
const RULES_MAX: usize = 200;
/// So many addresses are remembered for the comparison.
const TEXTS_MAX: usize = 200_000;

/// A part of an address that may make no difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Part {
    /// The value of a parameter, and whether it is there.
    Parameter(String),
    /// A slash at the end of the path.
    Slash,
    /// `index.html` and its like at the end of the path.
    Index,
    /// Capitals in the path.
    Case,
}

/// What has been learned.
#[derive(Debug, Default)]
pub(super) struct Alike {
    rules: BTreeMap<Part, Tally>,
    /// By address without the part: an address and its text.
    texts: HashMap<u64, (u64, u64)>,
    idle: BTreeSet<Part>,
}

#[derive(Debug, Default)]
struct Tally {
    same: u32,
    other: u32,
}

impl Alike {
    /// Takes notice of what stands at an address.
    pub(super) fn tell(&mut self, address: &Address, fingerprint: &str) {
        let own = (hash(&address.as_str()), hash(&fingerprint));
        for (part, base) in bases(address) {
            let seen = match self.texts.get(&hash(&(&part, &base))) {
                Some(seen) => *seen,
                None => {
                    if self.texts.len() < TEXTS_MAX {
                        self.texts.insert(hash(&(&part, &base)), own);
                    }
                    continue;
                }
            };
            if seen.0 == own.0 || (!self.rules.contains_key(&part) && RULES_MAX <= self.rules.len())
            {
                continue;
            }
            let tally = self.rules.entry(part.clone()).or_default();
            if seen.1 == own.1 {
                tally.same += 1;
            } else {
                tally.other += 1;
            }
            if SAME_MIN <= tally.same && tally.other == 0 {
                self.idle.insert(part);
            } else {
                self.idle.remove(&part);
            }
        }
        // The address as it is stands for those that have one parameter more.
        for part in self.rules.keys().filter(|it| matches!(it, Part::Parameter(_))) {
            if self.texts.len() < TEXTS_MAX {
                let key = hash(&(part, &address.as_str().to_owned()));
                self.texts.entry(key).or_insert(own);
            }
        }
    }

    /// The address without the parameters that make no difference.
    pub(super) fn without_idle(&self, address: &Address) -> Option<Address> {
        let idle: Vec<&str> = self.idle.iter().filter_map(Part::parameter).collect();
        let is_idle = |name: &str| idle.contains(&name);
        if idle.is_empty() || !address.parameters().iter().any(|it| is_idle(it)) {
            return None;
        }
        Some(address.without(&is_idle))
    }

    /// Other spellings of an address that make no difference.
    pub(super) fn spellings(&self, address: &Address) -> Vec<u64> {
        let bases = bases(address).into_iter();
        let idle = bases.filter(|(part, _)| part.parameter().is_none() && self.idle.contains(part));
        idle.map(|it| hash(&it)).collect()
    }
}

impl Part {
    fn parameter(&self) -> Option<&str> {
        match self {
            Self::Parameter(name) => Some(name),
            Self::Slash | Self::Index | Self::Case => None,
        }
    }
}

/// The address without each of its parts that may make no difference.
fn bases(address: &Address) -> Vec<(Part, String)> {
    let mut names = address.parameters();
    names.dedup();
    names.truncate(PARAMETERS_MAX);
    let mut bases: Vec<(Part, String)> = names
        .into_iter()
        .map(|name| {
            let base = address.without(&|it| it == name).to_string();
            (Part::Parameter(name), base)
        })
        .collect();
    let path = address.path();
    let (folder, file) = path.rsplit_once('/').unwrap_or_default();
    let is_index = file.starts_with("index.") && file.len() < 12;
    if path != "/" && !is_index {
        let bare = path.strip_suffix('/').unwrap_or(path);
        bases.push((Part::Slash, address.with_path(bare)));
    }
    if is_index || path.ends_with('/') {
        bases.push((Part::Index, address.with_path(&format!("{folder}/"))));
    }
    bases.push((Part::Case, address.with_path(&path.to_lowercase())));
    bases
}

fn hash<T: Hash>(it: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    it.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(path: &str) -> Address {
        Address::parse(&format!("https://x.example{path}")).unwrap()
    }

    fn told(pages: &[(String, &str)]) -> Alike {
        let mut alike = Alike::default();
        pages.iter().for_each(|(path, text)| alike.tell(&address(path), text));
        alike
    }

    #[test]
    fn a_parameter_that_never_matters_is_left_out() {
        let texts = ["a", "b", "c", "d", "e", "f"];
        let pages: Vec<_> = texts
            .iter()
            .flat_map(|it| [(format!("/{it}?v=1{it}&id=7"), *it), (format!("/{it}?v=2&id=7"), *it)])
            .collect();
        let alike = told(&pages);
        let without = alike.without_idle(&address("/ny?v=9&id=7")).unwrap();
        assert_eq!(without.path_and_query(), "/ny?id=7");
        assert!(alike.without_idle(&address("/ny?id=7")).is_none());
        let more = [pages, vec![("/g?v=1&id=7".into(), "g"), ("/g?v=2&id=7".into(), "h")]].concat();
        assert!(told(&more).without_idle(&address("/ny?v=9&id=7")).is_none(), "once it mattered");
    }

    #[test]
    fn spellings_are_learned_from_the_site() {
        let one_page = |forms: [&str; 2]| {
            let pages: Vec<_> = ["a", "b", "c", "d", "e"]
                .iter()
                .flat_map(|it| forms.map(|form| (form.replace('#', it), *it)))
                .collect();
            let alike = told(&pages);
            let [one, other] = forms.map(|it| alike.spellings(&address(&it.replace('#', "ny"))));
            one.iter().any(|it| other.contains(it))
        };
        assert!(one_page(["/side/#", "/side/#/"]));
        assert!(one_page(["/side/#/", "/side/#/index.html"]));
        assert!(one_page(["/side/#", "/Side/#"]));
        assert!(!one_page(["/side/#", "/sida/#"]));
        let none = Alike::default();
        assert!(none.spellings(&address("/a/")).is_empty());
    }
}
