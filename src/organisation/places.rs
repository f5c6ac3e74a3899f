//! How the lists of desks and channels are changed: pure, so that each refusal has a test.

use super::{Desk, Names, Settings};
use crate::inquiry::Channel;

/// What is done with the lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceChange {
    /// One more desk.
    AddDesk(Names),
    /// A desk, by its key, is called something else.
    RenameDesk(String, Names),
    /// A desk changes place with the one before or after.
    MoveDesk(String, Way),
    /// A desk is no longer offered.
    ArchiveDesk(String),
    /// It is offered again, as the last one.
    PutBackDesk(String),
    /// A desk that was never used goes.
    RemoveDesk(String),
    /// A channel is called something else; without names it has its usual one.
    RenameChannel(Channel, Names),
    /// A channel changes place with the one before or after.
    MoveChannel(Channel, Way),
    /// A channel is no longer offered.
    ArchiveChannel(Channel),
    /// It is offered again, as the last one.
    PutBackChannel(Channel),
}

/// Where something is moved to in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Before the one that stands before it.
    Up,
    /// After the one that stands after it.
    Down,
}

/// Why the lists were not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlaceError {
    /// A desk without a name in the organisation's language.
    #[error("a desk needs a name in the organisation's language")]
    NoName,
    /// A name that passes its limit or cannot be shown.
    #[error("a name has at most {} characters, none of them control characters", Names::CHARS_MAX)]
    Name,
    /// Another one has the name, or had it at first.
    #[error("another one has this name, or had it at first")]
    Taken,
    /// So many are offered already.
    #[error("there can be at most {} desks", Settings::DESKS_MAX)]
    TooMany,
    /// So many are known, the archived ones among them.
    #[error("there can be at most {} desks with the archived ones", Settings::DESKS_KEPT_MAX)]
    TooManyKept,
    /// All settings together fill a record.
    #[error("the settings hold more than can be kept")]
    TooMuch,
    /// The log screen needs one channel.
    #[error("at least one channel must be offered")]
    LastChannel,
    /// There is no such desk or channel in the list.
    #[error("there is no such desk or channel in the list")]
    Unknown,
    /// Something was logged or counted at it, or a machine logs at it.
    #[error("the desk has been used: it can be archived, not removed")]
    Used,
}

impl PlaceChange {
    /// The action in the audit.
    pub const fn action(&self) -> &'static str {
        match self {
            Self::AddDesk(_) => "settings.desk_add",
            Self::RenameDesk(..) => "settings.desk_rename",
            Self::MoveDesk(..) => "settings.desk_move",
            Self::ArchiveDesk(_) => "settings.desk_archive",
            Self::PutBackDesk(_) => "settings.desk_put_back",
            Self::RemoveDesk(_) => "settings.desk_remove",
            Self::RenameChannel(..) => "settings.channel_rename",
            Self::MoveChannel(..) => "settings.channel_move",
            Self::ArchiveChannel(_) => "settings.channel_archive",
            Self::PutBackChannel(_) => "settings.channel_put_back",
        }
    }

    /// The key of what it is about; of a desk that is not there yet, the name that it begins with.
    pub fn key(&self, settings: &Settings) -> String {
        match self {
            Self::AddDesk(names) => first_name(names, settings).unwrap_or_default(),
            Self::RenameDesk(key, _)
            | Self::MoveDesk(key, _)
            | Self::ArchiveDesk(key)
            | Self::PutBackDesk(key)
            | Self::RemoveDesk(key) => key.clone(),
            Self::RenameChannel(channel, _)
            | Self::MoveChannel(channel, _)
            | Self::ArchiveChannel(channel)
            | Self::PutBackChannel(channel) => channel.name().to_owned(),
        }
    }

    /// The settings after it. Whether a desk was used is for the caller to know.
    ///
    /// # Errors
    /// When the lists cannot be so.
    pub fn of(&self, mut settings: Settings) -> Result<Settings, PlaceError> {
        match self {
            Self::AddDesk(names) => add(&mut settings, names)?,
            Self::RenameDesk(key, names) => rename(&mut settings, key, names)?,
            Self::MoveDesk(key, way) => {
                let offered = |it: &Desk| !it.is_archived;
                let at = place(&settings, key)?;
                step(&mut settings.desks, at, (*way, offered));
            }
            Self::ArchiveDesk(key) => {
                let at = place(&settings, key)?;
                settings.desks[at].is_archived = true;
            }
            Self::PutBackDesk(key) => put_back(&mut settings, key)?,
            Self::RemoveDesk(key) => {
                let at = place(&settings, key)?;
                settings.desks.remove(at);
            }
            Self::RenameChannel(channel, names) => name_channel(&mut settings, *channel, names)?,
            Self::MoveChannel(channel, way) => {
                let at = settings.channels.iter().position(|it| it == channel);
                let at = at.ok_or(PlaceError::Unknown)?;
                step(&mut settings.channels, at, (*way, |_: &Channel| true));
            }
            Self::ArchiveChannel(channel) => {
                if settings.channels == [*channel] {
                    return Err(PlaceError::LastChannel);
                }
                settings.channels.retain(|it| it != channel);
            }
            Self::PutBackChannel(channel) => {
                if !channel.is_contact() {
                    return Err(PlaceError::Unknown);
                }
                settings.channels.retain(|it| it != channel);
                settings.channels.push(*channel);
            }
        }
        Ok(settings)
    }
}

fn place(settings: &Settings, key: &str) -> Result<usize, PlaceError> {
    settings.desks.iter().position(|it| it.key == key).ok_or(PlaceError::Unknown)
}

/// The name in the organisation's language, which a desk must have.
fn first_name(names: &Names, settings: &Settings) -> Option<String> {
    names.given(settings.lang).map(str::to_owned)
}

/// Checks the names of a desk; `but` is its own key, none of a new one.
fn check(settings: &Settings, names: &Names, but: Option<&str>) -> Result<(), PlaceError> {
    if first_name(names, settings).is_none() {
        return Err(PlaceError::NoName);
    }
    if !names.is_within_limits() {
        return Err(PlaceError::Name);
    }
    let mut others = settings.desks.iter().filter(|it| Some(it.key.as_str()) != but);
    let is_taken = others.any(|desk| names.all().any(|name| desk.is_called(name)));
    if is_taken { Err(PlaceError::Taken) } else { Ok(()) }
}

/// Checks that one more desk can be offered.
fn check_room(settings: &Settings) -> Result<(), PlaceError> {
    let is_full = Settings::DESKS_MAX <= settings.offered_desks().count();
    if is_full { Err(PlaceError::TooMany) } else { Ok(()) }
}

fn add(settings: &mut Settings, names: &Names) -> Result<(), PlaceError> {
    check(settings, names, None)?;
    check_room(settings)?;
    if Settings::DESKS_KEPT_MAX <= settings.desks.len() {
        return Err(PlaceError::TooManyKept);
    }
    // Names that the desk has in one language alone need not be written twice.
    let key = first_name(names, settings).ok_or(PlaceError::NoName)?;
    let is_bare = names.all().all(|it| it == key);
    let names = if is_bare { Names::default() } else { names.clone() };
    settings.desks.push(Desk { key, names, is_archived: false });
    Ok(())
}

fn rename(settings: &mut Settings, key: &str, names: &Names) -> Result<(), PlaceError> {
    let at = place(settings, key)?;
    check(settings, names, Some(key))?;
    let is_bare = names.all().all(|it| it == key);
    settings.desks[at].names = if is_bare { Names::default() } else { names.clone() };
    Ok(())
}

fn put_back(settings: &mut Settings, key: &str) -> Result<(), PlaceError> {
    let at = place(settings, key)?;
    if !settings.desks[at].is_archived {
        return Ok(());
    }
    check_room(settings)?;
    let desk = settings.desks.remove(at);
    settings.desks.push(Desk { is_archived: false, ..desk });
    Ok(())
}

fn name_channel(
    settings: &mut Settings,
    channel: Channel,
    names: &Names,
) -> Result<(), PlaceError> {
    if !names.is_within_limits() {
        return Err(PlaceError::Name);
    }
    if !channel.is_contact() {
        return Err(PlaceError::Unknown);
    }
    // Two that read the same could not be told apart in a list of choices.
    let named = Settings {
        channel_names: settings
            .channel_names
            .iter()
            .map(|it| (*it.0, it.1.clone()))
            .filter(|it| it.0 != channel)
            .chain((!names.is_empty()).then(|| (channel, names.clone())))
            .collect(),
        ..settings.clone()
    };
    for lang in crate::messages::Lang::ALL {
        let labels = named.labels(lang);
        let label = |it: Channel| labels.channel(it).to_lowercase();
        let others = Channel::ALL.into_iter().filter(|it| *it != channel);
        if others.into_iter().any(|it| label(it) == label(channel)) {
            return Err(PlaceError::Taken);
        }
    }
    *settings = named;
    Ok(())
}

/// Moves what stands at a place past the next one that counts; at the end of the list it stays.
fn step<T>(list: &mut [T], at: usize, (way, counts): (Way, impl Fn(&T) -> bool)) {
    let other = match way {
        Way::Up => (0..at).rev().find(|it| counts(&list[*it])),
        Way::Down => (at + 1..list.len()).find(|it| counts(&list[*it])),
    };
    if let Some(other) = other {
        list.swap(at, other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::Lang;

    fn named(name: &str) -> Names {
        [(Lang::Nn, name.to_owned())].into_iter().collect()
    }

    fn with(keys: &[&str]) -> Settings {
        let desks = keys.iter().map(|it| Desk::from(*it)).collect();
        Settings { desks, ..Settings::default() }
    }

    fn keys(settings: &Settings) -> Vec<&str> {
        settings.desks.iter().map(|it| it.key.as_str()).collect()
    }

    #[track_caller]
    fn refuses(settings: Settings, change: &PlaceChange, error: PlaceError) {
        assert_eq!(change.of(settings).unwrap_err(), error);
    }

    #[test]
    fn a_new_desk_is_known_by_its_first_name() {
        let settings = PlaceChange::AddDesk(named(" Torget ")).of(with(&["Hallen"])).unwrap();
        assert_eq!(keys(&settings), ["Hallen", "Torget"]);
        let renamed = PlaceChange::RenameDesk("Torget".to_owned(), named("Innbyggjartorget"));
        let settings = renamed.of(settings).unwrap();
        assert_eq!(keys(&settings), ["Hallen", "Torget"]);
        assert_eq!(settings.labels(Lang::En).desk("Torget"), "Innbyggjartorget");
        let back = PlaceChange::RenameDesk("Torget".to_owned(), named("Torget"));
        assert_eq!(back.of(settings).unwrap().desks[1], Desk::from("Torget"));
    }

    #[test]
    fn two_desks_do_not_have_the_same_name_nor_the_one_that_another_began_with() {
        let add = |name| PlaceChange::AddDesk(named(name));
        refuses(with(&["Hallen"]), &add("HALLEN"), PlaceError::Taken);
        let renamed = PlaceChange::RenameDesk("Hallen".to_owned(), named("Badet"));
        let settings = renamed.of(with(&["Hallen"])).unwrap();
        refuses(settings.clone(), &add("badet"), PlaceError::Taken);
        refuses(settings, &add("Hallen"), PlaceError::Taken);
        let same = PlaceChange::RenameDesk("Hallen".to_owned(), named("Torget"));
        refuses(with(&["Hallen", "Torget"]), &same, PlaceError::Taken);
    }

    #[test]
    fn names_have_limits_and_one_is_needed_in_the_organisations_language() {
        let long = "\u{e5}".repeat(Names::CHARS_MAX);
        assert!(PlaceChange::AddDesk(named(&long)).of(with(&[])).is_ok());
        let add = |name: &str| PlaceChange::AddDesk(named(name));
        refuses(with(&[]), &add(&format!("{long}x")), PlaceError::Name);
        refuses(with(&[]), &add("a\u{7}b"), PlaceError::Name);
        refuses(with(&[]), &add("  "), PlaceError::NoName);
        let english = [(Lang::En, "Square".to_owned())].into_iter().collect();
        refuses(with(&[]), &PlaceChange::AddDesk(english), PlaceError::NoName);
    }

    #[test]
    fn so_many_desks_are_offered_and_so_many_kept() {
        let desk = |n: usize| Desk::from(format!("Mottak {n}").as_str());
        let desks: Vec<Desk> = (0..Settings::DESKS_MAX).map(desk).collect();
        let full = Settings { desks, ..Settings::default() };
        let add = PlaceChange::AddDesk(named("Torget"));
        refuses(full.clone(), &add, PlaceError::TooMany);
        let archived = PlaceChange::ArchiveDesk("Mottak 3".to_owned()).of(full).unwrap();
        let full = add.of(archived).unwrap();
        refuses(full, &PlaceChange::PutBackDesk("Mottak 3".to_owned()), PlaceError::TooMany);
        let gone = |n| Desk { is_archived: true, ..desk(n) };
        let desks = (0..Settings::DESKS_KEPT_MAX).map(gone).collect();
        refuses(Settings { desks, ..Settings::default() }, &add, PlaceError::TooManyKept);
    }

    #[test]
    fn a_desk_moves_past_the_archived_ones_and_stays_at_the_ends() {
        let moved = |key: &str, way| PlaceChange::MoveDesk(key.to_owned(), way);
        let settings = PlaceChange::ArchiveDesk("b".to_owned()).of(with(&["a", "b", "c"])).unwrap();
        let settings = moved("c", Way::Up).of(settings).unwrap();
        assert_eq!(keys(&settings), ["c", "b", "a"]);
        assert_eq!(keys(&moved("c", Way::Up).of(settings.clone()).unwrap()), ["c", "b", "a"]);
        assert_eq!(keys(&moved("a", Way::Down).of(settings.clone()).unwrap()), ["c", "b", "a"]);
        let settings = PlaceChange::PutBackDesk("b".to_owned()).of(settings).unwrap();
        assert_eq!(keys(&settings), ["c", "a", "b"], "it comes last");
        refuses(settings, &moved("x", Way::Up), PlaceError::Unknown);
    }

    #[test]
    fn one_channel_is_always_offered() {
        let settings = Settings { channels: vec![Channel::Phone], ..Settings::default() };
        let archive = PlaceChange::ArchiveChannel(Channel::Phone);
        refuses(settings.clone(), &archive, PlaceError::LastChannel);
        let settings = PlaceChange::PutBackChannel(Channel::Social).of(settings).unwrap();
        assert_eq!(settings.channels, [Channel::Phone, Channel::Social]);
        let moved = PlaceChange::MoveChannel(Channel::Social, Way::Up).of(settings).unwrap();
        assert_eq!(moved.channels, [Channel::Social, Channel::Phone]);
        assert_eq!(archive.of(moved).unwrap().channels, [Channel::Social]);
        let signal = PlaceChange::PutBackChannel(Channel::SiteSearch);
        refuses(Settings::default(), &signal, PlaceError::Unknown);
    }

    #[test]
    fn a_channel_is_not_called_like_another_one() {
        let rename = |name: &str| PlaceChange::RenameChannel(Channel::Desk, named(name));
        let phone = Lang::Nn.text("channel.phone").to_uppercase();
        refuses(Settings::default(), &rename(&phone), PlaceError::Taken);
        let named = rename("Innbyggjartorg").of(Settings::default()).unwrap();
        assert_eq!(named.labels(Lang::En).channel(Channel::Desk), "Innbyggjartorg");
        let usual = rename("").of(named).unwrap();
        assert_eq!(usual, Settings::default());
    }
}
