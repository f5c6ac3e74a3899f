//! Finds the parts of the help that a question is about, by the words that the look-up knows too:
//! both written norms, other forms of a word, and parts of compounds.

use std::collections::BTreeSet;

use skranke_index::analyzer;

use super::library::Article;
use crate::http::pages::{HelpEntry, Section};

/// So many parts are shown.
const SHOWN_MAX: usize = 12;
/// So many characters of a part are shown.
const SAYS_CHARS: usize = 180;
/// What a word is worth in a title, in a heading and in the text.
const WORTH: [u32; 3] = [4, 3, 1];

type Keys = BTreeSet<String>;

/// The parts that have the most of the question's words, the best first.
pub(super) fn find(all: &[Article], query: &str) -> Vec<HelpEntry> {
    let wanted = keys(query);
    if wanted.is_empty() {
        return vec![];
    }
    let mut found: Vec<(u32, HelpEntry)> = vec![];
    for article in all {
        let title = keys(&article.text.title);
        let lead = (&article.text.title, keys(&article.text.lead.words));
        found.extend(worth(&wanted, [&title, &keys(lead.0), &lead.1]).map(|n| (n, page(article))));
        for section in &article.text.sections {
            let (heading, body) = (keys(&section.heading), keys(&section.body.words));
            let n = worth(&wanted, [&title, &heading, &body]);
            // What only the title has is told by the page itself.
            let is_own = wanted.iter().any(|it| heading.contains(it) || body.contains(it));
            found.extend(n.filter(|_| is_own).map(|n| (n, part(article, section))));
        }
    }
    found.sort_by_key(|it| std::cmp::Reverse(it.0));
    found.into_iter().take(SHOWN_MAX).map(|it| it.1).collect()
}

fn keys(text: &str) -> Keys {
    analyzer().keys(text).into_iter().collect()
}

/// The worth of a part; none when it has less than half of the words.
fn worth(wanted: &Keys, places: [&Keys; 3]) -> Option<u32> {
    let each = wanted.iter().map(|word| {
        let of = places.iter().zip(WORTH).filter(|(place, _)| place.contains(word));
        of.map(|it| it.1).sum::<u32>()
    });
    let each: Vec<u32> = each.collect();
    let known = each.iter().filter(|it| 0 < **it).count();
    (wanted.len() <= 2 * known).then(|| each.iter().sum())
}

fn page(article: &Article) -> HelpEntry {
    HelpEntry {
        href: format!("/help/{}", article.name),
        title: article.text.title.clone(),
        says: short(&article.text.lead.words),
        part: None,
    }
}

fn part(article: &Article, section: &Section) -> HelpEntry {
    HelpEntry {
        href: format!("/help/{}#{}", article.name, section.id),
        title: section.heading.clone(),
        says: short(&section.body.words),
        part: Some(article.text.title.clone()),
    }
}

/// The beginning of a text, up to a space.
fn short(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(SAYS_CHARS) {
        None => text.to_owned(),
        Some((end, _)) => {
            let cut = text[..end].rfind(' ').unwrap_or(end);
            format!("{} …", &text[..cut])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::library::articles;
    use super::*;
    use crate::messages::Lang;

    #[track_caller]
    fn first(lang: Lang, query: &str) -> String {
        find(articles(lang), query).first().expect("something is found").href.clone()
    }

    #[test]
    fn a_question_finds_its_part_in_each_language() {
        assert_eq!(first(Lang::Nn, "full disk"), "/help/backup#disk");
        assert_eq!(first(Lang::Nb, "full disk"), "/help/backup#disk");
        assert_eq!(first(Lang::En, "full disk"), "/help/backup#disk");
        assert_eq!(first(Lang::En, "erase one question"), "/help/privacy#erase");
    }

    #[test]
    fn the_words_of_the_other_norm_find_it_too() {
        assert_eq!(first(Lang::Nn, "slå sammen tema"), first(Lang::Nn, "slå saman tema"));
    }

    #[test]
    fn what_nobody_wrote_about_finds_nothing() {
        assert_eq!(find(articles(Lang::Nn), "xyzzy"), vec![]);
        assert_eq!(find(articles(Lang::Nn), "?!"), vec![]);
    }
}
