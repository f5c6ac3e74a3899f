//! The pages of help, in three languages, from `web/help`.

use std::sync::LazyLock;

use rust_embed::RustEmbed;

use crate::http::edge::assets;
use crate::http::pages::{Document, document, filled};
use crate::messages::Lang;

#[derive(RustEmbed)]
#[folder = "web/help"]
struct Texts;

/// The pages, in the order in which a newcomer reads them.
pub(super) const TOPICS: [&str; 13] = [
    "log", "repeats", "offline", "sign-in", "gaps", "mend", "words", "topics", "figures", "letter",
    "privacy", "setup", "backup",
];

/// The pages by whose work they are about: the key of the heading, and which.
pub(super) const GROUPS: [(&str, &[&str]); 3] = [
    ("help.at_the_desk", &["log", "repeats", "offline", "sign-in"]),
    ("help.for_editors", &["gaps", "mend", "words", "topics", "figures", "letter"]),
    ("help.for_admins", &["privacy", "setup", "backup"]),
];

/// A page of help.
#[derive(Clone, Debug)]
pub(super) struct Article {
    /// Its name in addresses.
    pub(super) name: &'static str,
    /// What it says.
    pub(super) text: Document,
}

/// The pages in a language, in the order of `TOPICS`.
pub(super) fn articles(lang: Lang) -> &'static [Article] {
    static ALL: LazyLock<[Vec<Article>; 3]> = LazyLock::new(|| Lang::ALL.map(read));
    &ALL[lang as usize]
}

fn read(lang: Lang) -> Vec<Article> {
    TOPICS.into_iter().map(|name| Article { name, text: text(lang, name) }).collect()
}

/// What buttons and screens are called comes from the catalogues, so that the help never calls
/// them otherwise.
fn text(lang: Lang, name: &str) -> Document {
    let written = written(lang, name);
    let picture = |it: &str| assets::href(&format!("{}/{it}", lang.code()));
    document(&filled(&written, |key| lang.text(key).to_owned()), &picture)
}

fn written(lang: Lang, name: &str) -> String {
    let file = Texts::get(&format!("{}/{name}.md", lang.code()));
    file.map_or_else(String::new, |it| String::from_utf8_lossy(&it.data).into_owned())
}

/// Whether a page, and the part of it that is named, exists in every language.
#[cfg(test)]
pub(crate) fn exists(address: &str) -> bool {
    let Some((_, named)) = address.split_once("/help/") else { return false };
    let (name, anchor) = named.split_once('#').unwrap_or((named, ""));
    Lang::ALL.into_iter().all(|lang| {
        let article = articles(lang).iter().find(|it| it.name == name);
        let has = |it: &Article| it.text.sections.iter().any(|it| it.id == anchor);
        article.is_some_and(|it| anchor.is_empty() || has(it))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::http::routes::{ROUTES, Verb};

    fn ids(article: &Article) -> Vec<&str> {
        article.text.sections.iter().map(|it| it.id.as_str()).collect()
    }

    fn html(article: &Article) -> String {
        let text = &article.text;
        let bodies = text.sections.iter().map(|it| it.body.html.as_str());
        std::iter::once(text.lead.html.as_str()).chain(bodies).collect()
    }

    /// What stands between a mark and the next quotation mark.
    fn values<'a>(html: &'a str, mark: &'a str) -> impl Iterator<Item = &'a str> {
        html.split(mark).skip(1).filter_map(|it| it.split('"').next())
    }

    #[test]
    fn every_page_exists_in_three_languages_with_the_same_anchors() {
        let grouped: BTreeSet<&str> = GROUPS.iter().flat_map(|it| it.1).copied().collect();
        assert_eq!(grouped, TOPICS.into_iter().collect());
        assert_eq!(Texts::iter().count(), TOPICS.len() * Lang::ALL.len(), "no file is left over");
        for (at, name) in TOPICS.into_iter().enumerate() {
            let wanted = ids(&articles(Lang::Nn)[at]);
            assert!(!wanted.is_empty() && wanted.iter().all(|it| !it.is_empty()), "{name}");
            for lang in Lang::ALL {
                let article = &articles(lang)[at];
                let place = format!("{name} in {}", lang.code());
                assert!(!article.text.title.is_empty() && !article.text.lead.words.is_empty());
                assert_eq!(ids(article), wanted, "{place}");
                let pictures = html(article).matches("<img").count();
                let of_nn = html(&articles(Lang::Nn)[at]).matches("<img").count();
                assert_eq!(pictures, of_nn, "{place}");
            }
        }
    }

    #[test]
    fn every_link_leads_to_a_place_and_an_anchor_that_exist() {
        for (lang, article) in Lang::ALL
            .into_iter()
            .flat_map(|lang| articles(lang).iter().map(move |article| (lang, article)))
        {
            let html = html(article);
            for link in values(&html, "href=\"") {
                let place = format!("{} in {}: {link}", article.name, lang.code());
                let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
                match path.strip_prefix("/help/") {
                    Some(topic) => {
                        let other = articles(lang).iter().find(|it| it.name == topic);
                        let other = other.unwrap_or_else(|| panic!("{place}"));
                        assert!(anchor.is_empty() || ids(other).contains(&anchor), "{place}");
                    }
                    None => {
                        let is_route = |it: &&crate::http::routes::Route| {
                            it.verb == Verb::Get && it.path == path
                        };
                        assert!(ROUTES.iter().any(|it| is_route(&it)), "{place}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_picture_exists_is_small_and_has_words() {
        for lang in Lang::ALL {
            for article in articles(lang) {
                let html = html(article);
                for address in values(&html, "src=\"") {
                    let place = format!("{} in {}", article.name, lang.code());
                    assert!(!address.contains("/missing/"), "{place}: {address}");
                }
                assert!(values(&html, "alt=\"").all(|it| 10 < it.len()), "{}", article.name);
            }
        }
    }

    #[test]
    fn every_name_in_a_text_is_a_key_of_the_catalogues() {
        for lang in Lang::ALL {
            for name in TOPICS {
                filled(&written(lang, name), |key| {
                    assert_ne!(lang.text(key), key, "{name} in {}", lang.code());
                    String::new()
                });
            }
        }
    }
}
