//! The texts that people read, in Nynorsk, Bokmål and English, from `web/messages`.
//!
//! A catalogue is TOML: `key = "text with {name}"`, or a table with `one` and `other` for counts.
//! Tests hold that the three languages have the same keys and the same names in braces.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};

#[derive(RustEmbed)]
#[folder = "web/messages"]
struct Files;

/// A language that Skranke speaks.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Nynorsk.
    #[default]
    Nn,
    /// Bokmål.
    Nb,
    /// English.
    En,
}

/// One catalogue: dotted key -> text.
type Catalogue = BTreeMap<String, String>;

impl Lang {
    /// All of them, the default first.
    pub const ALL: [Self; 3] = [Self::Nn, Self::Nb, Self::En];

    /// The code that stands in `lang` attributes, settings and file names.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nn => "nn",
            Self::Nb => "nb",
            Self::En => "en",
        }
    }

    /// Reads a code; `no` is Bokmål.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "nn" => Some(Self::Nn),
            "nb" | "no" => Some(Self::Nb),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The text under `key`, such as `log.title`; a missing key shows itself.
    pub fn text(self, key: &str) -> &str {
        catalogue(self).get(key).map_or(key, String::as_str)
    }

    /// The text under `key` with each `{name}` replaced by its value.
    pub fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        let mut out = String::new();
        let mut rest = self.text(key);
        while let Some(open) = rest.find('{') {
            out.push_str(&rest[..open]);
            rest = &rest[open..];
            let end = rest.find('}').map_or(rest.len(), |close| close + 1);
            let name = rest[1..end].trim_end_matches('}');
            match values.iter().find(|(wanted, _)| *wanted == name) {
                Some((_, value)) => out.push_str(value),
                None => out.push_str(&rest[..end]),
            }
            rest = &rest[end..];
        }
        out + rest
    }

    /// All keys under `list`, such as `channel`, with their texts.
    pub fn list(self, list: &str) -> impl Iterator<Item = (&str, &str)> {
        let all = catalogue(self).iter().map(|(key, text)| (key.as_str(), text.as_str()));
        all.filter(move |(key, _)| key.split('.').next() == Some(list))
    }

    /// The form of `key` for `n`: `key.one` or `key.other`, with `{n}` replaced.
    pub fn count(self, key: &str, n: u64) -> String {
        let form = if n == 1 { "one" } else { "other" };
        self.fill(&format!("{key}.{form}"), &[("n", &n.to_string())])
    }
}

fn catalogue(lang: Lang) -> &'static Catalogue {
    static ALL: OnceLock<[Catalogue; 3]> = OnceLock::new();
    let all = ALL.get_or_init(|| Lang::ALL.map(|lang| read(lang.code())));
    &all[lang as usize]
}

/// Reads every file of a language's folder into one catalogue.
fn read(code: &str) -> Catalogue {
    let mut catalogue = Catalogue::new();
    let prefix = format!("{code}/");
    for name in Files::iter().filter(|name| name.starts_with(&prefix)) {
        let file = Files::get(&name).expect("the name comes from the list");
        let text = std::str::from_utf8(&file.data).expect("a test reads every catalogue");
        let table: toml::Table = text.parse().expect("a test reads every catalogue");
        flatten("", &table, &mut catalogue);
    }
    catalogue
}

fn flatten(prefix: &str, table: &toml::Table, into: &mut Catalogue) {
    for (key, value) in table {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            toml::Value::Table(inner) => flatten(&path, inner, into),
            toml::Value::String(text) => drop(into.insert(path, text.clone())),
            // A number or a date is no text; the test on keys tells of it.
            toml::Value::Integer(_)
            | toml::Value::Float(_)
            | toml::Value::Boolean(_)
            | toml::Value::Datetime(_)
            | toml::Value::Array(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&str> {
        let mut names: Vec<&str> =
            text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_language_has_the_same_keys_and_names() {
        let nn = catalogue(Lang::Nn);
        for lang in [Lang::Nb, Lang::En] {
            let other = catalogue(lang);
            let keys = |it: &Catalogue| it.keys().cloned().collect::<Vec<_>>();
            assert_eq!(keys(nn), keys(other), "{}", lang.code());
            for (key, text) in nn {
                assert_eq!(names(text), names(&other[key]), "{key} in {}", lang.code());
            }
        }
    }

    /// Nynorsk allows two spellings; the screens have one.
    #[test]
    fn what_stands_alone_is_spelled_one_way() {
        let is_other = |it: &&str| it.to_lowercase().contains("aleine");
        let other: Vec<&str> =
            catalogue(Lang::Nn).values().map(String::as_str).filter(is_other).collect();
        assert_eq!(other, Vec::<&str>::new());
    }

    #[test]
    fn a_missing_key_shows_itself_and_a_missing_value_its_name() {
        assert_eq!(Lang::Nn.text("no.such.key"), "no.such.key");
        assert_eq!(Lang::Nn.fill("no {key} {other", &[("key", "x")]), "no x {other");
    }
}
