//! The lists of names that stand in what is taken and given, each from the code that knows them.

use schemars::{Schema, SchemaGenerator, json_schema};

use crate::app::{GapOrder, MaskWhy};
use crate::gap::Verdict;
use crate::inquiry::{Channel, Norm, OutcomeName, TakenOut};
use crate::messages::Lang;
use crate::people::{Role, Scope as TokenScope, ViewOf};
use crate::post::{ChatKind, NoticeOf, Often};
use crate::review::StateName;
use crate::schedule::Job;
use crate::topic::{Scope, Trend};

fn names<const N: usize>(names: [&'static str; N]) -> Schema {
    json_schema!({ "type": "string", "enum": names.to_vec() })
}

fn names_or_null<const N: usize>(names: [&'static str; N]) -> Schema {
    let mut all: Vec<serde_json::Value> = names.iter().map(|it| (*it).into()).collect();
    all.push(serde_json::Value::Null);
    json_schema!({ "type": ["string", "null"], "enum": all })
}

pub(super) fn channel(_: &mut SchemaGenerator) -> Schema {
    names(Channel::ALL.map(Channel::name))
}

pub(super) fn channel_or_null(_: &mut SchemaGenerator) -> Schema {
    names_or_null(Channel::ALL.map(Channel::name))
}

pub(super) fn norm(_: &mut SchemaGenerator) -> Schema {
    names(Norm::ALL.map(Norm::name))
}

pub(super) fn outcome(_: &mut SchemaGenerator) -> Schema {
    names(OutcomeName::ALL.map(OutcomeName::name))
}

/// The outcomes that somebody can say: the others follow from what was logged.
pub(super) fn said_outcome(_: &mut SchemaGenerator) -> Schema {
    names(["answered", "not_on_site", "passed_on", "own_case", "unknown"])
}

pub(super) fn verdict(_: &mut SchemaGenerator) -> Schema {
    names(Verdict::ALL.map(Verdict::name))
}

pub(super) fn verdict_or_null(_: &mut SchemaGenerator) -> Schema {
    names_or_null(Verdict::ALL.map(Verdict::name))
}

pub(super) fn state(_: &mut SchemaGenerator) -> Schema {
    names(StateName::ALL.map(StateName::name))
}

/// A state, or those that are open, or all.
pub(super) fn wanted_state(_: &mut SchemaGenerator) -> Schema {
    let mut all = vec!["open", "all"];
    all.extend(StateName::ALL.map(StateName::name));
    json_schema!({ "type": "string", "enum": all })
}

pub(super) fn scope(_: &mut SchemaGenerator) -> Schema {
    names(Scope::ALL.map(Scope::name))
}

pub(super) fn trend(_: &mut SchemaGenerator) -> Schema {
    names([Trend::New, Trend::Rising, Trend::Steady, Trend::Falling].map(Trend::name))
}

pub(super) fn order(_: &mut SchemaGenerator) -> Schema {
    names(GapOrder::ALL.map(GapOrder::name))
}

pub(super) fn taken_out(_: &mut SchemaGenerator) -> Schema {
    names(TakenOut::ALL.map(TakenOut::name))
}

pub(super) fn taken_out_or_null(_: &mut SchemaGenerator) -> Schema {
    names_or_null(TakenOut::ALL.map(TakenOut::name))
}

pub(super) fn mask_why(_: &mut SchemaGenerator) -> Schema {
    names(MaskWhy::ALL.map(MaskWhy::name))
}

pub(super) fn lang(_: &mut SchemaGenerator) -> Schema {
    names(Lang::ALL.map(Lang::code))
}

pub(super) fn view_of(_: &mut SchemaGenerator) -> Schema {
    names(ViewOf::ALL.map(ViewOf::name))
}

const ROLES: [Role; 5] = [Role::Reader, Role::Auditor, Role::Reception, Role::Editor, Role::Admin];

pub(super) fn role(_: &mut SchemaGenerator) -> Schema {
    names(ROLES.map(Role::name))
}

pub(super) fn roles(_: &mut SchemaGenerator) -> Schema {
    let names = names(ROLES.map(Role::name));
    json_schema!({ "type": "array", "items": names, "maxItems": ROLES.len() })
}

pub(super) fn often(_: &mut SchemaGenerator) -> Schema {
    names(Often::ALL.map(Often::name))
}

pub(super) fn chat(_: &mut SchemaGenerator) -> Schema {
    names(ChatKind::ALL.map(ChatKind::name))
}

pub(super) fn notices(_: &mut SchemaGenerator) -> Schema {
    let names = names(NoticeOf::ALL.map(NoticeOf::name));
    json_schema!({ "type": "array", "items": names, "maxItems": 10 })
}

pub(super) fn token_scopes(_: &mut SchemaGenerator) -> Schema {
    let names = names(TokenScope::ALL.map(TokenScope::name));
    json_schema!({ "type": "array", "items": names, "minItems": 1,
                   "maxItems": TokenScope::ALL.len() })
}

pub(super) fn job(_: &mut SchemaGenerator) -> Schema {
    names(Job::ALL.map(Job::name))
}
