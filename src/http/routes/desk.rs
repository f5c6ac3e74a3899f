//! The places where questions are logged.

use super::fields::{CHANNELS, ID, INQUIRY, NAME, OUTCOMES, QUESTION, may, must};
use super::table::row;
use super::{Input, Kind, Least, Route, To, Verb};

pub(super) const ROUTES: &[Route] = &[
    row(Verb::Get, "/", To::Log, Least::SignedIn)
        .taking(Input::Query(&[may("text", QUESTION), may("channel", CHANNELS)]))
        .says("The log screen; sends those who do not log to their own first page."),
    row(Verb::Post, "/log", To::SaveInquiry, Least::Reception)
        .taking(Input::Form(INQUIRY))
        .says("Logs a question, or looks it up without logging."),
    row(Verb::Post, "/log/{id}/outcome", To::SetOutcome, Least::Reception)
        .taking(Input::Form(&[must("outcome", OUTCOMES)]))
        .says("Says what happened with one's own entry."),
    row(Verb::Post, "/log/{id}/edit", To::EditInquiry, Least::Reception)
        .taking(Input::Form(&[may("text", QUESTION), may("note", QUESTION)]))
        .says("Corrects one's own entry of the last day."),
    row(Verb::Get, "/today", To::Today, Least::Reception)
        .taking(Input::Query(&[may("q", NAME)]))
        .says("The desk's day: what is asked, one's own entries, a search among the desk's."),
    row(Verb::Post, "/today/batch", To::LogBatch, Least::Reception)
        .taking(Input::Form(&[
            must("key", ID),
            must("lines", Kind::Text(50_000)),
            may("day", Kind::Text(10)),
            may("channel", CHANNELS),
            may("desk", Kind::Text(80)),
        ]))
        .says("Logs what was written down in a rush, one question on each line."),
    row(Verb::Post, "/today/message", To::ChangeMessage, Least::Editor)
        .taking(Input::Form(&[
            must("change", Kind::OneOf(&["put", "end"])),
            may("text", Kind::Text(300)),
            may("until", Kind::OneOf(&["today", "tomorrow", "week"])),
            may("id", ID),
        ]))
        .says("Puts up a message to every desk, or takes one down."),
    row(Verb::Post, "/log/{id}/undo", To::UndoInquiry, Least::Reception)
        .taking(Input::Form(&[may("from", Kind::OneOf(&["today"]))]))
        .says("Takes one's own entry back."),
    row(Verb::Post, "/log/{id}/names", To::MaskNames, Least::Reception)
        .says("Masks the names in one's own entry."),
    row(Verb::Get, "/log/shell", To::LogShell, Least::Reception).says(
        "The log screen without anybody's data, for a browser to keep for when it is cut off.",
    ),
];
