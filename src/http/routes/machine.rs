//! Help, files, and what tells how the service does.

use super::fields::{NAME, may};
use super::table::row;
use super::{Input, Least, Machines, Output, Route, To, Verb};
use crate::people::Scope;

pub(super) const ROUTES: &[Route] = &[
    row(Verb::Get, "/help", To::Help, Least::Anyone)
        .taking(Input::Query(&[may("q", NAME)]))
        .says("The pages of help, or what a question finds in them."),
    row(Verb::Get, "/help/{topic}", To::HelpTopic, Least::Anyone).says("A page of help."),
    row(Verb::Get, "/service-worker.js", To::ServiceWorker, Least::Anyone)
        .giving(Output::File)
        .says("What a browser runs to show the log screen while it is cut off."),
    row(Verb::Get, "/manifest.webmanifest", To::Manifest, Least::Anyone)
        .giving(Output::File)
        .says("What a browser needs to install Skranke as an app."),
    row(Verb::Get, "/assets/{print}/{*name}", To::Asset, Least::Anyone)
        .giving(Output::File)
        .says("An embedded file."),
    row(Verb::Get, "/livez", To::Live, Least::Anyone)
        .giving(Output::Text)
        .says("Whether the process answers."),
    row(Verb::Get, "/readyz", To::Ready, Least::Anyone)
        .giving(Output::Text)
        .says("Whether the journal can be written."),
    row(Verb::Get, "/metrics", To::Metrics, Least::Anyone)
        .open_to(Machines::With(Scope::Metrics))
        .giving(Output::Text)
        .says("Counts and durations for a watcher on this machine, where allowed, or by token."),
    row(Verb::Get, "/healthz", To::Health, Least::Anyone)
        .giving(Output::Json("Health"))
        .says("How each part is, when it was last found whole, and when each job last succeeded."),
];
