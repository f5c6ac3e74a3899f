//! What desks and channels are called, in each language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Settings;
use crate::inquiry::Channel;
use crate::messages::Lang;

/// The names of one thing by language. A language without one says the organisation's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Names(BTreeMap<Lang, String>);

impl Names {
    /// The longest name.
    pub const CHARS_MAX: usize = 80;

    /// The name for a reader; `own` is the language of the organisation.
    pub fn of(&self, lang: Lang, own: Lang) -> Option<&str> {
        let name = self.0.get(&lang).or_else(|| self.0.get(&own));
        name.or_else(|| self.0.values().next()).map(String::as_str)
    }

    /// The name that was given in a language, and nothing in its place.
    pub fn given(&self, lang: Lang) -> Option<&str> {
        self.0.get(&lang).map(String::as_str)
    }

    /// All that were given.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }

    /// Whether none was given.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether each can be shown and is short enough.
    pub fn is_within_limits(&self) -> bool {
        self.all().all(|it| it.chars().count() <= Self::CHARS_MAX && !it.contains(char::is_control))
    }
}

impl FromIterator<(Lang, String)> for Names {
    fn from_iter<T: IntoIterator<Item = (Lang, String)>>(names: T) -> Self {
        let trimmed = names.into_iter().map(|(lang, name)| (lang, name.trim().to_owned()));
        Self(trimmed.filter(|it| !it.1.is_empty()).collect())
    }
}

/// Where questions are logged. Inquiries, calls and saved views hold its key, which stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Kept", into = "Kept")]
pub struct Desk {
    /// What records know it by: the name that it began with.
    pub key: String,
    /// What people call it now; the key where nothing is given.
    pub names: Names,
    /// Whether it is no longer offered; what was logged at it stays.
    pub is_archived: bool,
}

impl Desk {
    /// Its name for a reader; `own` is the language of the organisation.
    pub fn name(&self, lang: Lang, own: Lang) -> &str {
        self.names.of(lang, own).unwrap_or(&self.key)
    }

    /// Whether somebody may mean this desk by a name, in whatever letters it is written.
    pub fn is_called(&self, name: &str) -> bool {
        let name = name.trim().to_lowercase();
        // Without a name of its own it is called by its key; with one the key stays its own too,
        // since files and machines go on using it.
        std::iter::once(self.key.as_str())
            .chain(self.names.all())
            .any(|it| it.to_lowercase() == name)
    }
}

impl From<&str> for Desk {
    fn from(key: &str) -> Self {
        Self { key: key.to_owned(), names: Names::default(), is_archived: false }
    }
}

/// A desk in a record: its key alone, as it was before a desk had more than that, or all of it.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Kept {
    Key(String),
    Full {
        key: String,
        #[serde(default, skip_serializing_if = "Names::is_empty")]
        names: Names,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        archived: bool,
    },
}

impl From<Kept> for Desk {
    fn from(kept: Kept) -> Self {
        match kept {
            Kept::Key(key) => Self::from(key.as_str()),
            Kept::Full { key, names, archived } => Self { key, names, is_archived: archived },
        }
    }
}

impl From<Desk> for Kept {
    fn from(desk: Desk) -> Self {
        let Desk { key, names, is_archived } = desk;
        if names.is_empty() && !is_archived {
            return Self::Key(key);
        }
        Self::Full { key, names, archived: is_archived }
    }
}

/// What desks and channels are called for one reader.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    lang: Lang,
    desks: BTreeMap<String, String>,
    channels: BTreeMap<Channel, String>,
}

impl Labels {
    /// The reader's language.
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// The name of a channel: the organisation's own, or the usual one.
    pub fn channel(&self, channel: Channel) -> String {
        let own = self.channels.get(&channel).cloned();
        own.unwrap_or_else(|| self.lang.text(&format!("channel.{channel}")).to_owned())
    }

    /// The name of a desk by its key; one that is in no list is called by its key.
    pub fn desk<'a>(&'a self, key: &'a str) -> &'a str {
        self.desks.get(key).map_or(key, String::as_str)
    }
}

impl Settings {
    /// What desks and channels are called for a reader.
    pub fn labels(&self, lang: Lang) -> Labels {
        let desk = |it: &Desk| (it.key.clone(), it.name(lang, self.lang).to_owned());
        let named = |(channel, names): (&Channel, &Names)| {
            names.of(lang, self.lang).map(|it| (*channel, it.to_owned()))
        };
        Labels {
            lang,
            desks: self.desks.iter().map(desk).collect(),
            channels: self.channel_names.iter().filter_map(named).collect(),
        }
    }

    /// The desks that are offered where questions are logged.
    pub fn offered_desks(&self) -> impl Iterator<Item = &Desk> {
        self.desks.iter().filter(|it| !it.is_archived)
    }

    /// The key of the desk that is wanted, when it is offered; else of the first one.
    pub fn desk_or_first(&self, wanted: Option<&str>) -> String {
        let is_wanted = |it: &&Desk| Some(it.key.as_str()) == wanted;
        let desk = self.offered_desks().find(is_wanted).or_else(|| self.offered_desks().next());
        desk.map_or_else(String::new, |it| it.key.clone())
    }

    /// The key of the desk that somebody means: a key, or a name in any language. What no desk is
    /// called stays as it is.
    pub fn desk_key(&self, said: &str) -> String {
        let said = said.trim();
        let desk = self.desks.iter().find(|it| it.key == said);
        let desk = desk.or_else(|| self.desks.iter().find(|it| it.is_called(said)));
        desk.map_or(said, |it| it.key.as_str()).to_owned()
    }

    /// The channels of a filter: those that are offered, in their order, then the others, by which
    /// something may have come before.
    pub fn channels_to_find(&self) -> Vec<Channel> {
        let is_other = |it: &Channel| it.is_contact() && !self.channels.contains(it);
        let others = Channel::ALL.into_iter().filter(is_other);
        self.channels.iter().copied().chain(others).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(nn: &str, nb: &str, en: &str) -> Names {
        let all = [(Lang::Nn, nn), (Lang::Nb, nb), (Lang::En, en)];
        all.into_iter().map(|(lang, name)| (lang, name.to_owned())).collect()
    }

    #[test]
    fn a_language_without_a_name_says_the_organisations_own() {
        let given = names("Innbyggjartorget", " ", "Citizen centre");
        assert_eq!(given.of(Lang::En, Lang::Nn), Some("Citizen centre"));
        assert_eq!(given.of(Lang::Nb, Lang::Nn), Some("Innbyggjartorget"));
        assert_eq!(given.given(Lang::Nb), None);
        // The organisation has changed its language to one in which nothing was given.
        assert_eq!(given.of(Lang::Nb, Lang::Nb), Some("Innbyggjartorget"));
        assert_eq!(Names::default().of(Lang::Nb, Lang::Nn), None);
    }

    #[test]
    fn a_desk_of_old_settings_is_its_name_and_is_written_as_it_was() {
        let old = "[\"R\u{e5}dhuset\",\"Nordbygda\"]";
        let desks: Vec<Desk> = serde_json::from_str(old).unwrap();
        assert_eq!(desks[0], Desk::from("R\u{e5}dhuset"));
        assert_eq!(desks[0].name(Lang::En, Lang::Nn), "R\u{e5}dhuset");
        assert_eq!(serde_json::to_string(&desks).unwrap(), old);
    }

    #[test]
    fn a_desk_with_names_is_read_as_it_was_written() {
        let desk = Desk { names: names("Torget", "", "Square"), ..Desk::from("Nordbygda") };
        let text = serde_json::to_string(&desk).unwrap();
        assert_eq!(text, "{\"key\":\"Nordbygda\",\"names\":{\"nn\":\"Torget\",\"en\":\"Square\"}}");
        assert_eq!(serde_json::from_str::<Desk>(&text).unwrap(), desk);
        let away = Desk { is_archived: true, ..Desk::from("Nordbygda") };
        let text = serde_json::to_string(&away).unwrap();
        assert_eq!(serde_json::from_str::<Desk>(&text).unwrap(), away);
    }

    #[test]
    fn a_desk_is_found_by_its_key_and_by_each_of_its_names() {
        let torget = Desk { names: names("Torget", "", "Square"), ..Desk::from("Nordbygda") };
        let desks = vec![Desk::from("R\u{e5}dhuset"), torget];
        let settings = Settings { desks, ..Settings::default() };
        for said in ["Nordbygda", "torget", " SQUARE "] {
            assert_eq!(settings.desk_key(said), "Nordbygda", "{said}");
        }
        assert_eq!(settings.desk_key("Biblioteket"), "Biblioteket");
        assert_eq!(settings.labels(Lang::En).desk("Nordbygda"), "Square");
        assert_eq!(settings.labels(Lang::Nb).desk("Nordbygda"), "Torget");
        assert_eq!(settings.labels(Lang::Nb).desk("Biblioteket"), "Biblioteket");
    }

    #[test]
    fn an_archived_desk_is_not_offered() {
        let away = Desk { is_archived: true, ..Desk::from("Nordbygda") };
        let desks = vec![away, Desk::from("R\u{e5}dhuset")];
        let settings = Settings { desks, ..Settings::default() };
        assert_eq!(settings.desk_or_first(Some("Nordbygda")), "R\u{e5}dhuset");
        assert_eq!(settings.desk_or_first(None), "R\u{e5}dhuset");
        assert_eq!(settings.desk_key("Nordbygda"), "Nordbygda", "old questions keep theirs");
    }

    #[test]
    fn a_channel_has_its_own_name_or_the_usual_one() {
        let own = [(Channel::Desk, names("Innbyggjartorg", "", ""))].into();
        let settings = Settings { channel_names: own, ..Settings::default() };
        let labels = settings.labels(Lang::Nb);
        assert_eq!(labels.channel(Channel::Desk), "Innbyggjartorg");
        assert_eq!(labels.channel(Channel::Phone), Lang::Nb.text("channel.phone"));
    }

    #[test]
    fn a_filter_has_the_offered_channels_first_and_the_others_too() {
        let channels = vec![Channel::Chat, Channel::Phone];
        let found = Settings { channels, ..Settings::default() }.channels_to_find();
        assert_eq!(found[..2], [Channel::Chat, Channel::Phone]);
        assert_eq!(found.len(), 6, "signals are no contacts");
    }
}
