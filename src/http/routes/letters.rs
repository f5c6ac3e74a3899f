//! The places of Monday's letter: its readers, the links in it, how it looks.

use super::fields::{DAYS, ID, LANGS, NAME, SECRET, may, must};
use super::table::row;
use super::{Field, Input, Kind, Least, Output, Route, To, Verb};

const OFTEN: Kind = Kind::OneOf(&["weekly", "monthly", "never"]);
const EDITIONS: Kind = Kind::OneOf(&["editors", "desk"]);
const NOTICES: Kind = Kind::OneOf(&["assigned", "verified", "surge"]);
const MAIL: Kind = Kind::Text(254);

/// What a mail program sends by itself when its own button is pressed (RFC 8058).
const ONE_CLICK: &[Field] = &[may("List-Unsubscribe", Kind::Text(20))];
const PREVIEW: &[Field] = &[
    may("reader", ID),
    may("lang", LANGS),
    may("edition", EDITIONS),
    may("of", Kind::OneOf(&["week", "month"])),
];

const OWN_CHANGES: Kind = Kind::OneOf(&[
    "make_feed",
    "end_feed",
    "letter",
    "stop_letter",
    "passphrase",
    "prove",
    "end_session",
    "end_others",
]);
const CHANGE_ACCOUNT: Route = row(Verb::Post, "/account", To::ChangeAccount, Least::SignedIn)
    .taking(Input::Form(&[
        must("change", OWN_CHANGES),
        may("old", SECRET),
        may("proof", SECRET),
        may("passphrase", SECRET),
        may("session", Kind::Text(40)),
        may("public", Kind::Text(12)),
        may("mail", MAIL),
        may("lang", LANGS),
        may("often", OFTEN),
        may("edition", EDITIONS),
        may("day", DAYS),
        may("at", Kind::Text(5)),
        may("empty_too", Kind::Flag),
        may("notice", NOTICES),
    ]))
    .says(
        "Makes the secret address of one's feed, shown once, or ends it; says which letters \
             one wants; changes one's passphrase, or ends one's sessions.",
    );
const LETTER: Route = row(Verb::Get, "/digest/{week}/letter", To::Letter, Least::Editor)
    .taking(Input::Query(PREVIEW))
    .says("A week's letter as somebody gets it.");
const LETTER_FORM: Route =
    row(Verb::Get, "/digest/{week}/letter/{form}", To::LetterForm, Least::Editor)
        .taking(Input::Query(PREVIEW))
        .giving(Output::File)
        .says("One part of it as it is sent: html or text.");
const READERS: Route = row(Verb::Get, "/readers", To::Readers, Least::Editor)
    .taking(Input::Query(&[
        may("q", NAME),
        may("page", Kind::Number),
        may("edit", ID),
        may("stopped", ID),
    ]))
    .says("Who gets the letter, and how the last one went.");
const CHANGE_READERS: Route = row(Verb::Post, "/readers", To::ChangeReaders, Least::Editor)
    .taking(Input::Form(&[
        must("change", Kind::OneOf(&["add", "add_chat", "put", "stop", "put_back", "retry"])),
        may("id", ID),
        may("name", Kind::Text(120)),
        may("mail", MAIL),
        may("kind", Kind::OneOf(&["slack", "teams", "mattermost"])),
        may("address", Kind::Text(1_000)),
        may("allow_private", Kind::Flag),
        may("lang", LANGS),
        may("often", OFTEN),
        may("edition", EDITIONS),
        may("day", DAYS),
        may("at", Kind::Text(5)),
        may("empty_too", Kind::Flag),
        may("notice", NOTICES),
    ]))
    .says("Adds a reader, changes, stops or puts one back, or tries an address anew.");
const STOP: Route = row(Verb::Get, "/stop/{link}", To::Stop, Least::Anyone)
    .says("Asks whoever has the link of a letter whether its reader wants no more.");
const DO_STOP: Route = row(Verb::Post, "/stop/{link}", To::DoStop, Least::Anyone)
    .taking(Input::Form(ONE_CLICK))
    .says("Ends the letters to the reader of the link; the link stands for the hidden field.");
const AGREE: Route = row(Verb::Get, "/agree/{link}", To::Agree, Least::Anyone)
    .says("Asks whoever got the question by mail whether they want the letter.");
const DO_AGREE: Route = row(Verb::Post, "/agree/{link}", To::DoAgree, Least::Anyone)
    .taking(Input::Form(&[]))
    .says("Says yes for the reader of the link; the link stands for the hidden field.");

pub(super) const ROUTES: &[Route] =
    &[CHANGE_ACCOUNT, LETTER, LETTER_FORM, READERS, CHANGE_READERS, STOP, DO_STOP, AGREE, DO_AGREE];
