//! Lists a part at a time. A cursor names the last thing that was told, so that nothing comes
//! twice or is left out when there is more in the meantime.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Call, Given, Told, Wrong};

/// So many things are told at a time unless the asker wants fewer or more.
const LIMIT: u16 = 50;
/// The most at a time.
const LIMIT_MAX: u16 = 500;

/// A part of a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ListOf{T}")]
pub(in crate::http) struct List<T> {
    /// The things, in the list's order.
    items: Vec<T>,
    /// How many there are in all, where that is known.
    total: Option<usize>,
    /// The address of what follows; null at the end.
    next: Option<String>,
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http) struct Page {
    /// So many things.
    pub(in crate::http) limit: usize,
    /// The place and the name of the last thing that was told.
    after: Option<(usize, String)>,
}

impl Page {
    /// Reads what was asked for.
    pub(in crate::http) fn read(limit: Option<u16>, cursor: Option<&str>) -> Result<Self, Wrong> {
        let limit = limit.unwrap_or(LIMIT);
        if !(1..=LIMIT_MAX).contains(&limit) {
            return Err(Wrong::field("limit", format!("it must be 1 to {LIMIT_MAX}")));
        }
        let after = match cursor {
            None => None,
            Some(cursor) => Some(read_cursor(cursor).ok_or_else(|| {
                Wrong::field("cursor", "take it as it stands in the address of the next part")
            })?),
        };
        Ok(Self { limit: usize::from(limit), after })
    }

    /// The name of the last thing that was told.
    pub(in crate::http) fn after(&self) -> Option<&str> {
        self.after.as_ref().map(|it| it.1.as_str())
    }

    /// How many things were told before.
    pub(in crate::http) fn told(&self) -> usize {
        self.after.as_ref().map_or(0, |it| it.0)
    }

    /// The wanted part of all there is, and the cursor of what follows it.
    pub(in crate::http) fn of<T>(
        &self,
        all: Vec<T>,
        name: impl Fn(&T) -> String,
    ) -> (Vec<T>, Option<String>) {
        let begin = match &self.after {
            None => 0,
            // What is gone leaves its place to what stood behind it.
            Some((told, last)) => {
                all.iter().position(|it| name(it) == *last).map_or(*told, |at| at + 1)
            }
        };
        let (n, limit) = (all.len(), self.limit);
        let part: Vec<T> = all.into_iter().skip(begin).take(limit).collect();
        let told = begin.saturating_add(part.len());
        let last = part.last().filter(|_| told < n);
        let next = last.map(|it| cursor(told, &name(it)));
        (part, next)
    }
}

/// What names a place in a list. Nobody is to read it, or they would come to rely on it.
pub(in crate::http) fn cursor(told: usize, last: &str) -> String {
    format!("{told} {last}").bytes().map(|it| format!("{it:02x}")).collect()
}

fn read_cursor(text: &str) -> Option<(usize, String)> {
    const DIGITS: usize = 2;
    if text.is_empty() || !text.len().is_multiple_of(DIGITS) || !text.is_ascii() {
        return None;
    }
    let digits = text.as_bytes().chunks(DIGITS);
    let byte = |it: &[u8]| u8::from_str_radix(std::str::from_utf8(it).ok()?, 16).ok();
    let text = String::from_utf8(digits.map(byte).collect::<Option<Vec<u8>>>()?).ok()?;
    let (told, last) = text.split_once(' ')?;
    Some((told.parse().ok()?, last.to_owned()))
}

impl<Q, B> Call<Q, B> {
    /// A part of a list with the way to what follows.
    pub(in crate::http) fn list<T: Told>(
        &self,
        items: Vec<T>,
        total: Option<usize>,
        next: Option<String>,
    ) -> Given<List<T>> {
        let next = next.map(|it| self.following(&it));
        Given::new(List { items, total, next: next.clone() }).with_next(next)
    }

    /// The address of what follows, by the same filter.
    pub(in crate::http) fn following(&self, cursor: &str) -> String {
        let asked = url::form_urlencoded::parse(self.asked.as_bytes());
        let kept = asked.filter(|(name, _)| name != "cursor");
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept)
            .append_pair("cursor", cursor)
            .finish();
        format!("{}?{query}", self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(mut all: Vec<u32>, more: impl Fn(&mut Vec<u32>)) -> Vec<u32> {
        let (mut seen, mut next) = (vec![], None::<String>);
        loop {
            let page = Page::read(Some(2), next.as_deref()).expect("a page");
            let (part, following) = page.of(all.clone(), ToString::to_string);
            seen.extend(part);
            next = following;
            more(&mut all);
            if next.is_none() {
                return seen;
            }
        }
    }

    #[test]
    fn a_list_is_told_whole_and_once_while_new_ones_come_in_front() {
        assert_eq!(walk(vec![5, 4, 3, 2, 1], |_| ()), [5, 4, 3, 2, 1]);
        assert_eq!(walk(vec![3, 2, 1], |all| all.insert(0, 9)), [3, 2, 1]);
        assert_eq!(walk(vec![], |_| ()), [0_u32; 0]);
    }

    #[test]
    fn what_went_away_does_not_begin_the_list_anew() {
        let gone = |all: &mut Vec<u32>| all.retain(|it| *it != 4);
        assert_eq!(walk(vec![5, 4, 3, 2, 1], gone), [5, 4, 2, 1], "its place is taken");
    }

    #[test]
    fn a_cursor_is_one_of_ours() {
        assert_eq!(read_cursor(&cursor(12, "T7 å")), Some((12, "T7 å".to_owned())));
        for wrong in ["", "0", "zz", "20", "ff20", "å0"] {
            assert_eq!(read_cursor(wrong), None, "{wrong}");
        }
        assert!(Page::read(Some(0), None).is_err() && Page::read(Some(501), None).is_err());
    }
}
