//! The desks and the channels.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::settings::version;
use crate::app::DecisionError;
use crate::http::api::op::{Call, Given, Nothing, Wrong};
use crate::http::api::shapes;
use crate::inquiry::Channel;
use crate::messages::Lang;
use crate::organisation::{Names, PlaceChange, PlaceError, Way};

/// The desks and the channels, in the order in which they are offered.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct PlacesSeen {
    desks: Vec<DeskSeen>,
    channels: Vec<ChannelSeen>,
}

/// A desk.
#[derive(Debug, Serialize, JsonSchema)]
struct DeskSeen {
    /// What inquiries know it by.
    key: String,
    /// What people call it, by language.
    names: BTreeMap<&'static str, String>,
    /// Whether it is no longer offered.
    is_archived: bool,
}

/// A channel.
#[derive(Debug, Serialize, JsonSchema)]
struct ChannelSeen {
    #[schemars(schema_with = "shapes::channel")]
    channel: &'static str,
    /// What people call it, by language; the usual name where nothing is given.
    names: BTreeMap<&'static str, String>,
    /// Whether it is offered.
    is_offered: bool,
}

/// Names by language.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NamesSent {
    #[serde(default)]
    #[schemars(length(max = 80))]
    nn: Option<String>,
    #[serde(default)]
    #[schemars(length(max = 80))]
    nb: Option<String>,
    #[serde(default)]
    #[schemars(length(max = 80))]
    en: Option<String>,
}

/// Which way something moves in a list.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::http) enum WaySent {
    /// Towards the front.
    Up,
    /// Towards the end.
    Down,
}

/// A change of the lists.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
pub(in crate::http) enum PlaceChangeSent {
    /// A desk is added at the end.
    AddDesk { names: NamesSent },
    /// A desk gets other names.
    RenameDesk { desk: String, names: NamesSent },
    /// A desk moves by one place.
    MoveDesk { desk: String, way: WaySent },
    /// A desk is no longer offered.
    ArchiveDesk { desk: String },
    /// A desk is offered again.
    PutBackDesk { desk: String },
    /// A desk that was never used goes.
    RemoveDesk { desk: String },
    /// A channel gets other names; none for the usual ones.
    RenameChannel {
        #[schemars(schema_with = "shapes::channel")]
        channel: Channel,
        names: NamesSent,
    },
    /// A channel moves by one place.
    MoveChannel {
        #[schemars(schema_with = "shapes::channel")]
        channel: Channel,
        way: WaySent,
    },
    /// A channel is no longer offered.
    ArchiveChannel {
        #[schemars(schema_with = "shapes::channel")]
        channel: Channel,
    },
    /// A channel is offered again.
    PutBackChannel {
        #[schemars(schema_with = "shapes::channel")]
        channel: Channel,
    },
}

impl NamesSent {
    fn names(&self) -> Names {
        let given = [(Lang::Nn, &self.nn), (Lang::Nb, &self.nb), (Lang::En, &self.en)];
        given.into_iter().filter_map(|(lang, name)| Some((lang, name.clone()?))).collect()
    }
}

const fn way(sent: WaySent) -> Way {
    match sent {
        WaySent::Up => Way::Up,
        WaySent::Down => Way::Down,
    }
}

impl PlaceChangeSent {
    fn change(&self) -> PlaceChange {
        match self {
            Self::AddDesk { names } => PlaceChange::AddDesk(names.names()),
            Self::RenameDesk { desk, names } => {
                PlaceChange::RenameDesk(desk.clone(), names.names())
            }
            Self::MoveDesk { desk, way: to } => PlaceChange::MoveDesk(desk.clone(), way(*to)),
            Self::ArchiveDesk { desk } => PlaceChange::ArchiveDesk(desk.clone()),
            Self::PutBackDesk { desk } => PlaceChange::PutBackDesk(desk.clone()),
            Self::RemoveDesk { desk } => PlaceChange::RemoveDesk(desk.clone()),
            Self::RenameChannel { channel, names } => {
                PlaceChange::RenameChannel(*channel, names.names())
            }
            Self::MoveChannel { channel, way: to } => PlaceChange::MoveChannel(*channel, way(*to)),
            Self::ArchiveChannel { channel } => PlaceChange::ArchiveChannel(*channel),
            Self::PutBackChannel { channel } => PlaceChange::PutBackChannel(*channel),
        }
    }
}

fn by_language(names: &Names) -> BTreeMap<&'static str, String> {
    let given = Lang::ALL.into_iter().filter_map(|it| Some((it.code(), names.given(it)?)));
    given.map(|(code, name)| (code, name.to_owned())).collect()
}

pub(in crate::http) async fn show(call: Call) -> Result<Given<PlacesSeen>, Wrong> {
    let settings = call.edge.app.state.settings();
    let offered = settings.channels.iter().copied();
    let others = Channel::ALL.into_iter().filter(|it| !settings.channels.contains(it));
    let channel = |it: Channel| ChannelSeen {
        channel: it.name(),
        names: settings.channel_names.get(&it).map(by_language).unwrap_or_default(),
        is_offered: settings.channels.contains(&it),
    };
    let desks = settings.desks.iter().map(|it| DeskSeen {
        key: it.key.clone(),
        names: by_language(&it.names),
        is_archived: it.is_archived,
    });
    let seen = PlacesSeen {
        desks: desks.collect(),
        channels: offered.chain(others.filter(|it| it.is_contact())).map(channel).collect(),
    };
    Ok(Given::at(seen, version(&call.edge)))
}

pub(in crate::http) async fn change(
    call: Call<Nothing, PlaceChangeSent>,
) -> Result<Option<String>, Wrong> {
    let (change, who) = (call.body.change(), call.who());
    match call.run(move |app| app.change_places(change, who)).await? {
        Ok(_) => Ok(None),
        Err(DecisionError::Place(error)) => Err(wrong(error)),
        Err(error) => Err(error.into()),
    }
}

fn wrong(error: PlaceError) -> Wrong {
    let says = error.to_string();
    match error {
        PlaceError::NoName | PlaceError::Name | PlaceError::Taken => Wrong::field("names", says),
        PlaceError::Unknown => Wrong::field("desk", says),
        PlaceError::TooMany
        | PlaceError::TooManyKept
        | PlaceError::TooMuch
        | PlaceError::LastChannel
        | PlaceError::Used => Wrong::Unfit(says),
    }
}
