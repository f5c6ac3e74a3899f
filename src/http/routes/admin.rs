//! The places where the organisation is set up and looked after.

use super::fields::{
    ACCOUNT_CHANGES, ADDRESS, AUDIT, CALLS_CHANGE, CHANNELS, DAYS, DESK_KEYS, HOOKS_CHANGE, ID,
    JOBS, LANGS, NAME, PERIOD, PLACES, ROLES, SCOPES_OF_TOKENS as SCOPES, SITE_LIST, may, must,
};
use super::table::row;
use super::{Input, Kind, Least, Output, Route, To, Verb};

pub(super) const ROUTES: &[Route] = &[
    row(Verb::Get, "/admin", To::Organisation, Least::Admin).says("The organisation's settings."),
    row(Verb::Post, "/admin", To::SetOrganisation, Least::Admin)
        .taking(Input::Form(&[
            must("version", Kind::Number),
            must("name", NAME),
            must("lang", LANGS),
            must("candidate_inquiries", Kind::Number),
            may("minutes_each", Kind::Number),
        ]))
        .says("Sets them."),
    row(Verb::Get, "/admin/desks", To::Places, Least::Admin).says("The desks and the channels."),
    row(Verb::Post, "/admin/desks", To::ChangePlaces, Least::Admin)
        .taking(Input::Form(PLACES))
        .says("Adds, names, orders, archives or removes a desk or a channel."),
    row(Verb::Get, "/admin/sites", To::Sites, Least::Admin).says("The websites."),
    row(Verb::Post, "/admin/sites", To::ChangeSites, Least::Admin)
        .taking(Input::Form(&[
            must("version", Kind::Number),
            must("change", Kind::OneOf(&["look", "add", "remove"])),
            must("start", ADDRESS),
            may("allow_private", Kind::Flag),
            may("pace_ms", Kind::Number),
            may("pages_max", Kind::Number),
        ]))
        .says("Adds or removes a site, or looks at one before it is read."),
    row(Verb::Get, "/admin/site", To::Site, Least::Admin)
        .taking(Input::Query(&[must("start", ADDRESS)]))
        .says("One website: how its crawl goes, its settings, what was found on it."),
    row(Verb::Post, "/admin/site", To::ChangeSite, Least::Admin)
        .taking(Input::Form(&[
            must("start", ADDRESS),
            must("change", Kind::OneOf(&["set", "stop", "accept", "keep"])),
            may("version", Kind::Number),
            may("more", SITE_LIST),
            may("allowed", SITE_LIST),
            may("denied", SITE_LIST),
            may("languages", Kind::Text(200)),
            may("day", Kind::Texts(10)),
            may("pace_ms", Kind::Number),
            may("pages_max", Kind::Number),
            may("allow_private", Kind::Flag),
            may("ranges", SITE_LIST),
        ]))
        .says("Sets a site, stops its crawl, or answers what its last crawl asks."),
    row(Verb::Get, "/admin/site/progress", To::SiteProgress, Least::Admin)
        .taking(Input::Query(&[must("start", ADDRESS)]))
        .giving(Output::Text)
        .says("How the crawl of a site goes, as server-sent events, while it goes."),
    row(Verb::Post, "/admin/look", To::TryAddress, Least::Admin)
        .taking(Input::Form(&[must("start", ADDRESS), must("address", ADDRESS)]))
        .says("Looks at one page of a site as a crawl would read it."),
    row(Verb::Get, "/admin/look/{look}", To::Look, Least::Admin)
        .says("What came of a look at a site or at a page."),
    row(Verb::Get, "/admin/people", To::People, Least::Admin).says("Those who can sign in."),
    row(Verb::Post, "/admin/people", To::ChangePeople, Least::Admin)
        .taking(Input::Form(&[
            must("change", Kind::OneOf(&["invite", "disable", "enable", "codes"])),
            may("id", ID),
            may("login", Kind::Text(80)),
            may("name", Kind::Text(120)),
            may("role", ROLES),
            may("lang", LANGS),
            may("desk", DESK_KEYS),
            may("code_role", ROLES),
        ]))
        .says(
            "Invites somebody by a link that is shown once, closes an account or opens it again, \
             or sets who must use a code.",
        ),
    row(Verb::Get, "/admin/people/{id}", To::Person, Least::Admin).says("One account."),
    row(Verb::Post, "/admin/people/{id}", To::ChangePerson, Least::Admin)
        .taking(Input::Form(&[
            must("change", ACCOUNT_CHANGES),
            may("name", Kind::Text(120)),
            may("role", ROLES),
            may("desk", DESK_KEYS),
        ]))
        .says(
            "Changes an account's name, role or desks, makes or ends its one-time link, ends its \
             sessions or its second step, closes it or opens it again.",
        ),
    row(Verb::Get, "/admin/tokens", To::Tokens, Least::Admin)
        .says("The machines that may log or ask for answers."),
    row(Verb::Post, "/admin/tokens", To::ChangeTokens, Least::Admin)
        .taking(Input::Form(&[
            must("change", Kind::OneOf(&["add", "take_back"])),
            may("public", Kind::Text(12)),
            may("id", ID),
            may("name", Kind::Text(80)),
            may("scope", Kind::OneOf(SCOPES)),
            may("desk", Kind::Text(80)),
            may("channel", CHANNELS),
            may("until", Kind::Text(10)),
        ]))
        .says("Makes a machine's token, which is shown once, or takes one back."),
    row(Verb::Get, "/admin/hooks", To::Hooks, Least::Admin)
        .says("The systems that are told of news."),
    row(Verb::Post, "/admin/hooks", To::ChangeHooks, Least::Admin)
        .taking(Input::Form(HOOKS_CHANGE))
        .says("Adds a webhook, tests it, renews its secret, lets it go on or takes it away."),
    row(Verb::Get, "/admin/jobs", To::Jobs, Least::Admin).says("The jobs with their results."),
    row(Verb::Post, "/admin/jobs", To::ChangeJob, Least::Admin)
        .taking(Input::Form(&[
            must("job", JOBS),
            may("change", Kind::OneOf(&["run", "stop", "set", "usual"])),
            may("version", Kind::Number),
            may("is_on", Kind::Flag),
            may("day", DAYS),
            may("at", Kind::Text(5)),
        ]))
        .says("Runs a job now, stops it, or sets its time."),
    row(Verb::Get, "/admin/retention", To::Retention, Least::Admin)
        .says("How long what is kept for."),
    row(Verb::Post, "/admin/retention", To::ChangeRetention, Least::Admin)
        .taking(Input::Form(&[
            must("version", Kind::Number),
            must("change", Kind::OneOf(&["count", "set"])),
            must("text_months", Kind::Number),
            must("author_days", Kind::Number),
            must("audit_months", Kind::Number),
            must("session_days", Kind::Number),
        ]))
        .says("Counts what would go, or sets how long what is kept for."),
    row(Verb::Get, "/admin/personal-data", To::PersonalData, Least::Admin)
        .says("What the last reading of the stored texts has found of persons."),
    row(Verb::Post, "/admin/personal-data", To::DecidePersonalData, Least::Admin)
        .taking(Input::Form(&[must("id", ID), must("change", Kind::OneOf(&["mask", "let_be"]))]))
        .says("Masks what may be personal in a question, or lets it be."),
    row(Verb::Get, "/admin/timing", To::Timing, Least::Admin)
        .says("How long logging takes, of the whole organisation."),
    row(Verb::Get, "/admin/calls", To::Calls, Least::Admin)
        .says("The calls that the switchboard has counted."),
    row(Verb::Post, "/admin/calls", To::ChangeCalls, Least::Admin)
        .taking(Input::Form(CALLS_CHANGE))
        .says("Takes in how many calls there were, or takes that back."),
    row(Verb::Get, "/admin/audit", To::Audit, Least::Admin)
        .taking(Input::Query(AUDIT))
        .says("Who did what."),
    row(Verb::Get, "/admin/audit.csv", To::AuditFile, Least::Admin)
        .taking(Input::Query(AUDIT))
        .giving(Output::File)
        .says("Who did what, for a spreadsheet."),
    row(Verb::Get, "/admin/system", To::System, Least::Admin)
        .says("How the machine does: version, room, counts, copies, jobs that need a look."),
    row(Verb::Get, "/admin/papers", To::Papers, Least::Admin)
        .says("Papers for the organisation to complete."),
    row(Verb::Get, "/admin/papers/{paper}", To::Paper, Least::Admin)
        .says("A paper, filled in as far as Skranke knows; with .md, as Markdown."),
    row(Verb::Get, "/admin/inspection", To::Inspection, Least::Admin)
        .taking(Input::Query(PERIOD))
        .says("What was logged in a period, masked anew, for whoever asks to see it."),
    row(Verb::Get, "/admin/inspection.csv", To::InspectionFile, Least::Admin)
        .taking(Input::Query(PERIOD))
        .giving(Output::File)
        .says("The same for a spreadsheet."),
    row(Verb::Get, "/admin/mail", To::Mail, Least::Admin).says("The mail server."),
    row(Verb::Post, "/admin/mail", To::SendMail, Least::Admin)
        .taking(Input::Form(&[must("to", NAME)]))
        .says("Sends a mail to an address, and tells what the server said."),
    row(Verb::Get, "/admin/licences", To::Licences, Least::Admin)
        .says("What the program is made of."),
    row(Verb::Get, "/admin/licences.txt", To::LicenceTexts, Least::Admin)
        .giving(Output::Text)
        .says("The words of all licences."),
    row(Verb::Get, "/admin/sbom.json", To::Bill, Least::Admin)
        .giving(Output::File)
        .says("The bill of materials of the program, after CycloneDX."),
];
