//! Every place of the service, one row each.

use super::fields::{
    ADDRESS, API_INQUIRY, AUDIT, CALLS_CHANGE, CHANNELS, DAYS, DECISION, FILTER, HOOKS_CHANGE, ID,
    INQUIRIES, INQUIRIES_CHANGE, INQUIRY, JOBS, LANGS, LISTS, NAME, OUTCOMES, PERIOD, PLACES,
    QUESTION, SCREEN_INQUIRY, SECRET, SHARE, SITE_LIST, STEP, TOPICS, VIEWS_CHANGE, VIEWS_OF,
    WORDS, WORDS_CHANGE, may, must,
};
use super::letters;
use super::{Input, Kind, Least, Machines, Output, Route, To, Verb};
use crate::people::Scope;

/// A row without input and output; `taking` and `giving` fill them in.
pub(super) const fn row(verb: Verb, path: &'static str, to: To, least: Least) -> Route {
    let (input, output) = match verb {
        Verb::Get => (Input::Nothing, Output::Page),
        Verb::Post => (Input::Form(&[]), Output::Onward),
    };
    Route { to, verb, path, least, machines: Machines::None, input, output, says: "" }
}

/// The table.
pub const ROUTES: &[Route] = &[
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
    row(Verb::Get, "/gaps", To::Gaps, Least::Editor)
        .taking(Input::Query(FILTER))
        .says("The gaps, most wanted first."),
    row(Verb::Get, "/gaps/{number}", To::Gap, Least::Editor).says("One gap with its evidence."),
    row(Verb::Post, "/gaps/{number}", To::DecideGap, Least::Editor)
        .taking(Input::Form(STEP))
        .says("Takes a step in the work on a gap."),
    row(Verb::Get, "/gaps/{number}/draft", To::DraftGap, Least::Editor)
        .taking(Input::Query(&[may("form", Kind::OneOf(&["markdown", "html", "schema"]))]))
        .giving(Output::Text)
        .says("A draft of an answer from the callers' words and what staff have said."),
    row(Verb::Post, "/gaps/{number}/links", To::ShareGap, Least::Editor)
        .taking(Input::Form(SHARE))
        .says("Makes a link to a gap for somebody without an account, shown once, or ends one."),
    row(Verb::Get, "/shared/{secret}", To::Shared, Least::Anyone)
        .says("One gap, for whoever has its link."),
    row(Verb::Get, "/feed/{secret}", To::Feed, Least::Anyone)
        .giving(Output::File)
        .says("News of gaps as Atom, for whoever has a person's secret address."),
    row(Verb::Get, "/views", To::Views, Least::Editor)
        .taking(Input::Query(&[
            may("of", VIEWS_OF),
            may("query", Kind::Text(600)),
            may("edit", ID),
        ]))
        .says("One's saved views of lists, and the form of one."),
    row(Verb::Post, "/views", To::ChangeViews, Least::Editor)
        .taking(Input::Form(VIEWS_CHANGE))
        .says("Saves a view, gives it another name, deletes it or puts it back."),
    row(Verb::Get, "/account", To::Account, Least::SignedIn).says("One's own account."),
    letters::CHANGE_ACCOUNT,
    row(Verb::Get, "/topics", To::Topics, Least::Editor)
        .taking(Input::Query(TOPICS))
        .says("All topics, and what stayed under none."),
    row(Verb::Post, "/topics", To::MoveInquiries, Least::Editor)
        .taking(Input::Form(&[must("to", ID), may("inquiry", Kind::Texts(40))]))
        .says("Puts inquiries under a topic."),
    row(Verb::Get, "/inquiries", To::Inquiries, Least::Editor)
        .taking(Input::Query(INQUIRIES))
        .says("All inquiries with words, by what they say and what is known of them."),
    row(Verb::Post, "/inquiries", To::ChangeInquiries, Least::Editor)
        .taking(Input::Form(INQUIRIES_CHANGE))
        .says("Puts inquiries under a topic or under none, takes them out or puts them back."),
    row(Verb::Get, "/topics/{number}", To::Topic, Least::Editor).says("One topic."),
    row(Verb::Post, "/topics/{number}", To::DecideTopic, Least::Editor)
        .taking(Input::Form(DECISION))
        .says("Decides about a topic."),
    row(Verb::Get, "/figures", To::Figures, Least::SignedIn)
        .taking(Input::Query(&[may("year", Kind::Number)]))
        .says("The numbers of the last weeks or of a year, and what the mends have led to."),
    row(Verb::Get, "/figures/{file}", To::FiguresFile, Least::SignedIn)
        .taking(Input::Query(&[may("year", Kind::Number)]))
        .giving(Output::Text)
        .says("The numbers of one chart as a file, such as effects.csv, .xlsx or .json."),
    row(Verb::Get, "/lists/{file}", To::ListFile, Least::Editor)
        .taking(Input::Query(LISTS))
        .giving(Output::File)
        .says(
            "All of a list by its filter: gaps, topics, inquiries or words as csv, xlsx or json.",
        ),
    row(Verb::Get, "/words", To::Words, Least::Editor)
        .taking(Input::Query(WORDS))
        .says("What callers say and what the pages say for it, and what each row has brought."),
    row(Verb::Post, "/words", To::ChangeWords, Least::Editor)
        .taking(Input::Form(WORDS_CHANGE))
        .says("Adds, changes or takes out a row, or takes in a table."),
    row(Verb::Get, "/words/{file}", To::WordsFile, Least::Editor)
        .giving(Output::File)
        .says("The table as CSV, or as synonyms for a search engine."),
    row(Verb::Get, "/digest", To::LatestDigest, Least::SignedIn).says("Last week's letter."),
    row(Verb::Get, "/digest/{week}", To::Digest, Least::SignedIn).says("A week's letter."),
    letters::LETTER,
    letters::LETTER_FORM,
    letters::READERS,
    letters::CHANGE_READERS,
    letters::STOP,
    letters::DO_STOP,
    letters::AGREE,
    letters::DO_AGREE,
    row(Verb::Get, "/help", To::Help, Least::Anyone)
        .taking(Input::Query(&[may("q", NAME)]))
        .says("The pages of help, or what a question finds in them."),
    row(Verb::Get, "/help/{topic}", To::HelpTopic, Least::Anyone).says("A page of help."),
    row(Verb::Get, "/sign-in", To::SignIn, Least::Anyone)
        .taking(Input::Query(&[may("next", ADDRESS)]))
        .says("The form to sign in."),
    row(Verb::Post, "/sign-in", To::DoSignIn, Least::Anyone)
        .taking(Input::Form(&[
            must("login", Kind::Text(80)),
            must("passphrase", SECRET),
            may("next", ADDRESS),
        ]))
        .says("Signs in."),
    row(Verb::Post, "/sign-out", To::SignOut, Least::Anyone).says("Signs out."),
    row(Verb::Get, "/setup", To::Setup, Least::Anyone).says("The form for the first start."),
    row(Verb::Post, "/setup", To::DoSetup, Least::Anyone)
        .taking(Input::Form(&[
            must("code", Kind::Text(40)),
            must("organisation", NAME),
            must("login", Kind::Text(80)),
            must("name", Kind::Text(120)),
            must("passphrase", SECRET),
        ]))
        .says("Makes the first administrator."),
    row(Verb::Post, "/lang", To::SetLang, Least::Anyone)
        .taking(Input::Form(&[must("lang", LANGS), may("next", ADDRESS)]))
        .says("Sets the language of the pages."),
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
            must("change", Kind::OneOf(&["add", "disable", "enable"])),
            may("id", ID),
            may("login", Kind::Text(80)),
            may("name", Kind::Text(120)),
            may("role", Kind::OneOf(&["reader", "auditor", "reception", "editor", "admin"])),
            may("lang", LANGS),
            may("passphrase", SECRET),
        ]))
        .says("Adds somebody, closes an account or opens it again."),
    row(Verb::Get, "/admin/tokens", To::Tokens, Least::Admin)
        .says("The machines that may log or ask for answers."),
    row(Verb::Post, "/admin/tokens", To::ChangeTokens, Least::Admin)
        .taking(Input::Form(&[
            must("change", Kind::OneOf(&["add", "take_back"])),
            may("public", Kind::Text(12)),
            may("id", ID),
            may("name", Kind::Text(80)),
            may("scope", Kind::OneOf(&["log", "answers"])),
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
    row(Verb::Get, "/api/v1/gaps", To::ApiGaps, Least::Editor)
        .taking(Input::Query(FILTER))
        .giving(Output::Json("Gaps"))
        .says("The gaps, most wanted first."),
    row(Verb::Get, "/api/v1/topics", To::ApiTopics, Least::Editor)
        .giving(Output::Json("Topics"))
        .says("All topics, by number."),
    row(Verb::Get, "/api/v1/openapi.json", To::ApiDescription, Least::Anyone)
        .open_to(Machines::All)
        .giving(Output::Json("Description"))
        .says("This description."),
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
    row(Verb::Get, "/healthz", To::Health, Least::Anyone)
        .giving(Output::Json("Health"))
        .says("How each part is, when it was last found whole, and when each job last succeeded."),
];
