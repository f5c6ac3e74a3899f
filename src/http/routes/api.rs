//! The places of the programming interface.

use super::fields::{API_INQUIRY, OUTCOMES, QUESTION, SCREEN_INQUIRY, may, must};
use super::table::row;
use super::{Input, Kind, Least, Machines, Output, Route, To, Verb};
use crate::people::Scope;

pub(super) const ROUTES: &[Route] = &[
    row(Verb::Post, "/api/v1/inquiries", To::ApiLog, Least::Reception)
        .open_to(Machines::With(Scope::Log))
        .taking(Input::Json(API_INQUIRY))
        .giving(Output::Json("Logged"))
        .says("Logs a question. Sending it twice under the same key adds one."),
    row(Verb::Post, "/api/v1/answers", To::ApiAnswers, Least::Reception)
        .open_to(Machines::With(Scope::Answers))
        .taking(Input::Json(&[must("text", QUESTION)]))
        .giving(Output::Json("Answers"))
        .says("What answers a question: the approved words, if any, and passages of the site."),
    row(Verb::Post, "/api/v1/suggest", To::ApiSuggest, Least::Reception)
        .taking(Input::Json(&[must("text", QUESTION)]))
        .giving(Output::Json("Suggestions"))
        .says("Looks a question up. Keeps nothing."),
    row(Verb::Get, "/api/v1/session", To::ApiSession, Least::Reception)
        .giving(Output::Json("Session"))
        .says("Who is signed in, and the token for what is sent."),
    row(Verb::Get, "/api/v1/browser-key", To::ApiBrowserKey, Least::Reception)
        .taking(Input::Query(&[may("day", Kind::Number)]))
        .giving(Output::Json("BrowserKey"))
        .says("The key that one's own browser keeps unsent questions under, of today or a day."),
    row(Verb::Post, "/api/v1/screen/inquiries", To::ApiSave, Least::Reception)
        .taking(Input::Json(SCREEN_INQUIRY))
        .giving(Output::Json("Saved"))
        .says("Logs a question for the log screen, which gets what its row says."),
    row(Verb::Post, "/api/v1/screen/inquiries/{id}/outcome", To::ApiOutcome, Least::Reception)
        .taking(Input::Json(&[must("outcome", OUTCOMES)]))
        .giving(Output::Json("Changed"))
        .says("Says what happened with one's own entry."),
    row(Verb::Post, "/api/v1/screen/inquiries/{id}/undo", To::ApiUndo, Least::Reception)
        .taking(Input::Json(&[]))
        .giving(Output::Json("Changed"))
        .says("Takes one's own entry back."),
    row(Verb::Post, "/api/v1/screen/inquiries/{id}/names", To::ApiMaskNames, Least::Reception)
        .taking(Input::Json(&[]))
        .giving(Output::Json("Changed"))
        .says("Masks the names in one's own entry."),
    row(Verb::Post, "/api/v1/screen/took", To::ApiTook, Least::Reception)
        .taking(Input::Json(&[must("total_ms", Kind::Number), must("beyond_ms", Kind::Number)]))
        .giving(Output::Json("Counted"))
        .says("Counts how long one entry took, without saying which or whose."),
    row(Verb::Post, "/api/v1/personal-data", To::ApiPersonalData, Least::Reception)
        .taking(Input::Json(&[must("text", QUESTION), may("keep", Kind::Text(80))]))
        .giving(Output::Json("PersonalData"))
        .says("Masks a text and points out names and plates. Keeps nothing."),
    row(Verb::Get, "/api/v1/published", To::ApiPublished, Least::Reception)
        .giving(Output::Json("Published"))
        .says("The phone numbers and mail addresses that the websites publish."),
    row(Verb::Get, "/api/v1/openapi.json", To::ApiDescription, Least::Anyone)
        .open_to(Machines::All)
        .giving(Output::Json("Description"))
        .says("This description."),
];
