//! The fields that places take.

use super::{Field, Kind};

pub(super) const fn must(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: true }
}

pub(super) const fn may(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: false }
}

pub(super) const CHANNELS: Kind =
    Kind::OneOf(&["phone", "desk", "email", "chat", "social", "letter", "site_search", "feedback"]);
pub(super) const OUTCOMES: Kind = Kind::OneOf(&[
    "page",
    "same_as",
    "answered",
    "not_on_site",
    "passed_on",
    "own_case",
    "unknown",
]);
pub(super) const STATES: Kind = Kind::OneOf(&[
    "open",
    "all",
    "new",
    "taken",
    "done",
    "verified",
    "reopened",
    "dismissed",
    "snoozed",
]);
pub(super) const VERDICTS: Kind =
    Kind::OneOf(&["answered", "partly", "hard_to_find", "other_norm", "outdated", "missing"]);
pub(super) const JOBS: Kind = Kind::OneOf(&[
    "crawl",
    "topics",
    "digest",
    "backup",
    "rehearsal",
    "verify",
    "privacy",
    "retention",
]);
pub(super) const DAYS: Kind = Kind::OneOf(&[
    "every",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
]);
pub(super) const LANGS: Kind = Kind::OneOf(&["nn", "nb", "en"]);
pub(super) const ID: Kind = Kind::Text(40);
pub(super) const QUESTION: Kind = Kind::Text(2_000);
pub(super) const ADDRESS: Kind = Kind::Text(1_000);
pub(super) const SITE_LIST: Kind = Kind::Text(10_000);
pub(super) const NAME: Kind = Kind::Text(200);
pub(super) const SECRET: Kind = Kind::Text(200);
pub(super) const ROLES: Kind = Kind::OneOf(&["reader", "auditor", "reception", "editor", "admin"]);
pub(super) const DESK_KEYS: Kind = Kind::Texts(80);
pub(super) const ACCOUNT_CHANGES: Kind = Kind::OneOf(&[
    "name",
    "role",
    "desks",
    "link",
    "end_link",
    "end_sessions",
    "second_step",
    "disable",
    "enable",
]);

/// What a token may be for.
pub(super) const SCOPES_OF_TOKENS: &[&str] =
    &["log", "answers", "read", "work", "admin", "metrics"];
pub(super) const PLACES: &[Field] = &[
    must("version", Kind::Number),
    must("kind", Kind::OneOf(&["desk", "channel"])),
    must("change", Kind::OneOf(&["add", "rename", "up", "down", "archive", "put_back", "remove"])),
    may("place", Kind::Text(80)),
    may("name_nn", Kind::Text(80)),
    may("name_nb", Kind::Text(80)),
    may("name_en", Kind::Text(80)),
];
pub(super) const INQUIRY: &[Field] = &[
    must("key", ID),
    may("text", QUESTION),
    may("channel", CHANNELS),
    may("desk", Kind::Text(80)),
    may("outcome", OUTCOMES),
    may("page", ADDRESS),
    may("same_as", ID),
    may("note", QUESTION),
    may("act", Kind::OneOf(&["save", "look_up", "count"])),
    may("from", Kind::OneOf(&["today"])),
    may("keep", Kind::Text(80)),
];
/// The same from a program. A machine's key may be of any form, such as a message's id; that a
/// number stays is only for a person to say.
pub const API_INQUIRY: &[Field] = &[
    must("key", NAME),
    may("text", QUESTION),
    may("channel", CHANNELS),
    may("desk", Kind::Text(80)),
    may("outcome", OUTCOMES),
    may("page", ADDRESS),
    may("same_as", ID),
    may("note", QUESTION),
    may("asked", Kind::Text(40)),
    may("keep", Kind::Text(80)),
];
/// The same from the log screen, which may send later than it was asked.
pub(super) const SCREEN_INQUIRY: &[Field] = &[
    must("key", ID),
    may("text", QUESTION),
    may("channel", CHANNELS),
    may("desk", Kind::Text(80)),
    may("outcome", OUTCOMES),
    may("page", ADDRESS),
    may("same_as", ID),
    may("note", QUESTION),
    may("asked", Kind::Text(40)),
    may("keep", Kind::Text(80)),
];
pub(super) const FILTER: &[Field] = &[
    may("state", STATES),
    may("kind", VERDICTS),
    may("owner", Kind::OneOf(&["mine", "nobody"])),
    may("channel", CHANNELS),
    may("norm", Kind::OneOf(&["nn", "nb", "en"])),
    may("site", Kind::Text(200)),
    may("order", Kind::OneOf(&["rank", "asked", "last", "due"])),
    may("page", Kind::Number),
];
pub(super) const AUDIT: &[Field] = &[
    may("who", ID),
    may("area", Kind::Text(20)),
    may("from", Kind::Text(10)),
    may("to", Kind::Text(10)),
    may("page", Kind::Number),
];
pub(super) const PERIOD: &[Field] = &[must("from", Kind::Text(10)), must("to", Kind::Text(10))];
pub(super) const STEP: &[Field] = &[
    must("version", Kind::Number),
    must(
        "step",
        Kind::OneOf(&[
            "take",
            "assign",
            "release",
            "link_page",
            "dismiss",
            "snooze",
            "due",
            "comment",
            "look_again",
            "reopen",
            "undo",
        ]),
    ),
    may("address", ADDRESS),
    may("reason", Kind::Text(300)),
    may("until", Kind::Text(10)),
    may("owner", ID),
    may("day", Kind::Text(10)),
    may("text", Kind::Text(300)),
];
pub(super) const DECISION: &[Field] = &[
    must("version", Kind::Number),
    must(
        "decision",
        Kind::OneOf(&[
            "rename",
            "merge",
            "unmerge",
            "keep_apart",
            "may_join",
            "set_scope",
            "set_answer",
            "split",
            "move",
        ]),
    ),
    may("name", NAME),
    may("answer", Kind::Text(300)),
    may("into", ID),
    may("part", ID),
    may("apart", ID),
    may("scope", SCOPES),
    may("to", ID),
    may("from", Kind::OneOf(&["gap"])),
    may("inquiry", Kind::Texts(40)),
];
pub(super) const NORMS: Kind = Kind::OneOf(&["nn", "nb", "en", "other", "unsure"]);
pub(super) const SCOPES: Kind = Kind::OneOf(&["general", "own_case", "outside_remit"]);
const PERIODS: Kind = Kind::OneOf(&["7", "28", "90", "365"]);
const UNDER: Kind = Kind::OneOf(&["none", "out"]);
pub(super) const TOPICS: &[Field] = &[
    may("q", NAME),
    may("verdict", VERDICTS),
    may("state", STATES),
    may("channel", CHANNELS),
    may("norm", NORMS),
    may("scope", SCOPES),
    may("page", Kind::Number),
];
/// Which inquiries are wanted: what a list shows, and what a step leads back to.
const OF_INQUIRIES: [Field; 9] = [
    may("q", NAME),
    may("topic", ID),
    may("channel", CHANNELS),
    may("outcome", OUTCOMES),
    may("norm", NORMS),
    may("desk", Kind::Text(80)),
    may("site", Kind::Text(200)),
    may("days", PERIODS),
    may("under", UNDER),
];
/// What any list is narrowed by.
pub(super) const LISTS: &[Field] = &[
    may("q", NAME),
    may("state", STATES),
    may("kind", VERDICTS),
    may("verdict", VERDICTS),
    may("owner", Kind::OneOf(&["mine", "nobody"])),
    may("channel", CHANNELS),
    may("outcome", OUTCOMES),
    may("norm", NORMS),
    may("scope", SCOPES),
    may("site", Kind::Text(200)),
    may("topic", ID),
    may("days", PERIODS),
    may("under", UNDER),
    may("order", Kind::OneOf(&["rank", "asked", "last", "due"])),
];
pub(super) const INQUIRIES: &[Field] = &joined::<10>(&[may("page", Kind::Number)]);
pub(super) const INQUIRIES_CHANGE: &[Field] = &joined::<14>(&[
    must(
        "act",
        Kind::OneOf(&[
            "move",
            "none",
            "take_out",
            "put_back",
            "mask_names",
            "hide_text",
            "keep_apart",
        ]),
    ),
    may("inquiry", Kind::Texts(40)),
    may("to", ID),
    may("reason", Kind::OneOf(&["trial", "twice", "no_question", "other"])),
    may("why", Kind::OneOf(&["caller", "other", "secret"])),
]);

/// The fields of a filter with others before them.
const fn joined<const N: usize>(first: &[Field]) -> [Field; N] {
    let mut all = [OF_INQUIRIES[0]; N];
    let mut at = 0;
    while at < N {
        all[at] = if at < first.len() { first[at] } else { OF_INQUIRIES[at - first.len()] };
        at += 1;
    }
    all
}
pub(super) const WORDS: &[Field] = &[
    may("q", NAME),
    may("page", Kind::Number),
    may("edit", Kind::Text(60)),
    may("said", Kind::Text(120)),
    may("topic", ID),
];
pub(super) const WORDS_CHANGE: &[Field] = &[
    must("change", Kind::OneOf(&["put", "remove", "restore", "import"])),
    may("id", Kind::Text(60)),
    may("version", Kind::Number),
    may("said", Kind::Text(120)),
    may("written", Kind::Text(120)),
    may("note", NAME),
    may("topic", ID),
    may("from", Kind::OneOf(&["gap"])),
    may("table", Kind::Text(50_000)),
];
pub(super) const SHARE: &[Field] = &[
    must("change", Kind::OneOf(&["make", "end"])),
    may("public", Kind::Text(12)),
    may("term", Kind::OneOf(&["7", "30", "day"])),
    may("day", Kind::Text(10)),
    may("id", ID),
];
pub(super) const VIEWS_OF: Kind = Kind::OneOf(&["gaps", "topics", "inquiries"]);
pub(super) const VIEWS_CHANGE: &[Field] = &[
    must("change", Kind::OneOf(&["put", "remove", "restore"])),
    may("id", ID),
    may("version", Kind::Number),
    may("name", Kind::Text(60)),
    may("of", VIEWS_OF),
    may("query", Kind::Text(600)),
    may("shared", Kind::Flag),
];
pub(super) const HOOKS_CHANGE: &[Field] = &[
    must("change", Kind::OneOf(&["add", "test", "renew", "resume", "remove"])),
    may("id", ID),
    may("address", Kind::Text(500)),
    may("of", Kind::OneOf(&["new", "reopened", "verified"])),
    may("allow_private", Kind::Flag),
];
pub(super) const CALLS_CHANGE: &[Field] = &[
    must("change", Kind::OneOf(&["put", "import", "take_back"])),
    may("id", ID),
    may("day", Kind::Text(10)),
    may("desk", Kind::Text(80)),
    may("channel", CHANNELS),
    may("calls", Kind::Text(7)),
    may("table", Kind::Text(50_000)),
];
