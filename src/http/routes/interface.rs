//! What editors and administrators do, for programs: the same verbs as their screens.

use super::table::typed;
use super::{Least, Machines, Route, To, Verb};
use crate::people::Scope;

pub(super) const ROUTES: &[Route] = &[
    typed(Verb::Get, "/api/v1/inquiries", To::ApiInquiries, Least::Editor)
        .open_to(Machines::With(Scope::Read))
        .says("Inquiries by what they say and what is known of them, the newest first."),
    typed(Verb::Get, "/api/v1/inquiries/{id}", To::ApiInquiry, Least::Editor)
        .open_to(Machines::With(Scope::Read))
        .says("One inquiry."),
    typed(Verb::Post, "/api/v1/inquiries/{id}/changes", To::ApiChangeOwn, Least::Reception)
        .open_to(Machines::With(Scope::Log))
        .says("Changes what the asker has logged within the last day, or takes it back."),
    typed(Verb::Post, "/api/v1/inquiries/changes", To::ApiChangeInquiries, Least::Editor)
        .open_to(Machines::With(Scope::Work))
        .says("Places inquiries, takes them out, masks them: all or none."),
    typed(Verb::Get, "/api/v1/topics", To::ApiTopics, Least::Editor)
        .open_to(Machines::With(Scope::Read))
        .says("Topics, by number."),
    typed(Verb::Get, "/api/v1/topics/{number}", To::ApiTopic, Least::Editor)
        .open_to(Machines::With(Scope::Read))
        .says("One topic with what was decided about it."),
    typed(Verb::Post, "/api/v1/topics/{number}/decisions", To::ApiDecideTopic, Least::Editor)
        .open_to(Machines::With(Scope::Work))
        .says("Decides about a topic."),
    typed(Verb::Get, "/api/v1/gaps", To::ApiGaps, Least::Editor)
        .open_to(Machines::With(Scope::Read))
        .says("Gaps, the most wanted first."),
    typed(Verb::Get, "/api/v1/gaps/{number}", To::ApiGap, Least::Editor)
        .open_to(Machines::With(Scope::Read))
        .says("One gap with its evidence and the work on it."),
    typed(Verb::Post, "/api/v1/gaps/{number}/steps", To::ApiStepGap, Least::Editor)
        .open_to(Machines::With(Scope::Work))
        .says("Takes a step in the work on a gap."),
    typed(Verb::Get, "/api/v1/gaps/{number}/draft", To::ApiDraftGap, Least::Editor)
        .open_to(Machines::With(Scope::Read))
        .says("A draft of an answer, from the callers' words and what staff have said."),
    typed(Verb::Get, "/api/v1/gaps/{number}/links", To::ApiLinks, Least::Editor)
        .open_to(Machines::With(Scope::Read))
        .says("The links to a gap for somebody without an account."),
    typed(Verb::Post, "/api/v1/gaps/{number}/links", To::ApiMakeLink, Least::Editor)
        .open_to(Machines::With(Scope::Work))
        .says("Makes such a link. Its address is told this once."),
    typed(Verb::Delete, "/api/v1/gaps/{number}/links/{id}", To::ApiEndLink, Least::Editor)
        .open_to(Machines::With(Scope::Work))
        .says("Ends a link."),
    typed(Verb::Get, "/api/v1/words", To::ApiWords, Least::Editor)
        .open_to(Machines::With(Scope::Read))
        .says("What callers say and what the pages say for it, the last changed first."),
    typed(Verb::Post, "/api/v1/words", To::ApiAddWord, Least::Editor)
        .open_to(Machines::With(Scope::Work))
        .says("Adds a row."),
    typed(Verb::Get, "/api/v1/words/{id}", To::ApiWord, Least::Editor)
        .open_to(Machines::With(Scope::Read))
        .says("One row."),
    typed(Verb::Put, "/api/v1/words/{id}", To::ApiPutWord, Least::Editor)
        .open_to(Machines::With(Scope::Work))
        .says("Changes a row."),
    typed(Verb::Delete, "/api/v1/words/{id}", To::ApiRemoveWord, Least::Editor)
        .open_to(Machines::With(Scope::Work))
        .says("Takes a row out."),
    typed(Verb::Post, "/api/v1/words/{id}/steps", To::ApiStepWord, Least::Editor)
        .open_to(Machines::With(Scope::Work))
        .says("Takes a row out or puts it back."),
    typed(Verb::Get, "/api/v1/messages", To::ApiMessages, Least::Reception)
        .open_to(Machines::With(Scope::Read))
        .says("What the desks are told now, the newest first."),
    typed(Verb::Post, "/api/v1/messages", To::ApiPutMessage, Least::Editor)
        .open_to(Machines::With(Scope::Work))
        .says("Tells every desk something until a time."),
    typed(Verb::Get, "/api/v1/messages/{id}", To::ApiMessage, Least::Reception)
        .open_to(Machines::With(Scope::Read))
        .says("One message."),
    typed(Verb::Delete, "/api/v1/messages/{id}", To::ApiEndMessage, Least::Editor)
        .open_to(Machines::With(Scope::Work))
        .says("Takes a message down."),
    typed(Verb::Get, "/api/v1/views", To::ApiViews, Least::Editor)
        .says("One's saved views, and those that others share."),
    typed(Verb::Post, "/api/v1/views", To::ApiAddView, Least::Editor)
        .says("Saves a list with its filter under a name."),
    typed(Verb::Get, "/api/v1/views/{id}", To::ApiView, Least::Editor).says("One saved view."),
    typed(Verb::Put, "/api/v1/views/{id}", To::ApiPutView, Least::Editor)
        .says("Changes a view of one's own."),
    typed(Verb::Delete, "/api/v1/views/{id}", To::ApiRemoveView, Least::Editor)
        .says("Deletes a view of one's own."),
    typed(Verb::Get, "/api/v1/figures", To::ApiFigures, Least::SignedIn)
        .open_to(Machines::With(Scope::Read))
        .says("The numbers of the last weeks or of a year, and what the mends have led to."),
    typed(Verb::Get, "/api/v1/digests/{week}", To::ApiDigest, Least::SignedIn)
        .open_to(Machines::With(Scope::Read))
        .says("A week's letter: its facts, and its text for those who read gaps."),
    typed(Verb::Get, "/api/v1/readers", To::ApiReaders, Least::Editor)
        .open_to(Machines::With(Scope::Read))
        .says("Who gets letters, by name."),
    typed(Verb::Post, "/api/v1/readers", To::ApiAddReader, Least::Editor)
        .open_to(Machines::With(Scope::Work))
        .says("Adds a reader, or changes the one with this mail address."),
    typed(Verb::Get, "/api/v1/readers/{id}", To::ApiReader, Least::Editor)
        .open_to(Machines::With(Scope::Read))
        .says("One reader."),
    typed(Verb::Delete, "/api/v1/readers/{id}", To::ApiStopReader, Least::Editor)
        .open_to(Machines::With(Scope::Work))
        .says("Ends the letters to a reader."),
    typed(Verb::Post, "/api/v1/readers/{id}/retry", To::ApiRetryReader, Least::Editor)
        .open_to(Machines::With(Scope::Work))
        .says("Tries an address anew that the mail server has refused."),
    typed(Verb::Get, "/api/v1/admin/settings", To::ApiSettings, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("The organisation's settings."),
    typed(Verb::Put, "/api/v1/admin/settings", To::ApiPutSettings, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Sets them."),
    typed(Verb::Get, "/api/v1/admin/codes", To::ApiCodes, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Whose people must show a code beside the passphrase."),
    typed(Verb::Put, "/api/v1/admin/codes", To::ApiPutCodes, Least::Admin)
        .says("Sets whose people must. No machine does: a person answers for how people come in."),
    typed(Verb::Get, "/api/v1/admin/retention", To::ApiRetention, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("How long what is kept for."),
    typed(Verb::Put, "/api/v1/admin/retention", To::ApiPutRetention, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Sets how long what is kept for; the nightly job deletes by it."),
    typed(Verb::Post, "/api/v1/admin/retention/count", To::ApiCountRetention, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Counts what would go by other times. Deletes nothing."),
    typed(Verb::Get, "/api/v1/admin/places", To::ApiPlaces, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("The desks and the channels."),
    typed(Verb::Post, "/api/v1/admin/places/changes", To::ApiChangePlaces, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Adds, names, orders, archives or removes a desk or a channel."),
    typed(Verb::Get, "/api/v1/admin/sites", To::ApiSites, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("The websites."),
    typed(Verb::Post, "/api/v1/admin/sites", To::ApiAddSite, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Adds a website; the next crawl reads it."),
    typed(Verb::Get, "/api/v1/admin/sites/{id}", To::ApiSite, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("One website, and how its crawl goes."),
    typed(Verb::Put, "/api/v1/admin/sites/{id}", To::ApiPutSite, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Sets how a website is read."),
    typed(Verb::Delete, "/api/v1/admin/sites/{id}", To::ApiRemoveSite, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Takes a website away."),
    typed(Verb::Post, "/api/v1/admin/sites/{id}/stop", To::ApiStopSite, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Stops the crawl of a website."),
    typed(Verb::Get, "/api/v1/admin/jobs", To::ApiJobs, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("The jobs with their last runs."),
    typed(Verb::Get, "/api/v1/admin/jobs/{job}", To::ApiJob, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("One job."),
    typed(Verb::Put, "/api/v1/admin/jobs/{job}", To::ApiPutJob, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Sets when a job runs."),
    typed(Verb::Post, "/api/v1/admin/jobs/{job}/run", To::ApiRunJob, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Runs a job now; a crawl of all sites too."),
    typed(Verb::Post, "/api/v1/admin/jobs/{job}/stop", To::ApiStopJob, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Stops a job."),
    typed(Verb::Get, "/api/v1/admin/people", To::ApiPeople, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Those who can sign in."),
    typed(Verb::Get, "/api/v1/admin/people/{id}", To::ApiPerson, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("One of them."),
    typed(Verb::Get, "/api/v1/admin/tokens", To::ApiTokens, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("The tokens of machines."),
    typed(Verb::Post, "/api/v1/admin/tokens", To::ApiMakeToken, Least::Admin)
        .says("Makes a token, which is told this once. A token makes none."),
    typed(Verb::Delete, "/api/v1/admin/tokens/{id}", To::ApiTakeToken, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Takes a token back, for good."),
    typed(Verb::Get, "/api/v1/admin/hooks", To::ApiHooks, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("The systems that are told of news."),
    typed(Verb::Post, "/api/v1/admin/hooks", To::ApiMakeHook, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Adds a webhook. Its secret is told this once."),
    typed(Verb::Get, "/api/v1/admin/hooks/{id}", To::ApiHook, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("One webhook."),
    typed(Verb::Delete, "/api/v1/admin/hooks/{id}", To::ApiRemoveHook, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Takes a webhook away."),
    typed(Verb::Post, "/api/v1/admin/hooks/{id}/secret", To::ApiRenewHook, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Gives a webhook another secret, told this once."),
    typed(Verb::Post, "/api/v1/admin/hooks/{id}/steps", To::ApiStepHook, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Tests a webhook, or lets it go on."),
    typed(Verb::Get, "/api/v1/admin/calls", To::ApiCalls, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("The calls that the switchboard has counted."),
    typed(Verb::Post, "/api/v1/admin/calls", To::ApiPutCalls, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Sets how many calls there were on a day."),
    typed(Verb::Delete, "/api/v1/admin/calls/{id}", To::ApiTakeCalls, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Takes counts back that came together."),
    typed(Verb::Get, "/api/v1/admin/findings", To::ApiFindings, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("What the last reading of the stored texts has found of persons."),
    typed(Verb::Post, "/api/v1/admin/findings/{id}/steps", To::ApiDecideFinding, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Masks what may be personal in a question, or lets it be."),
    typed(Verb::Get, "/api/v1/admin/audit", To::ApiAudit, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Who did what, the newest first."),
    typed(Verb::Get, "/api/v1/admin/system", To::ApiSystem, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("How the machine does."),
    typed(Verb::Get, "/api/v1/today", To::ApiToday, Least::Reception)
        .open_to(Machines::With(Scope::Read))
        .says("The day at the desk: what is asked, one's own entries, a search among the desk's."),
    typed(Verb::Get, "/api/v1/gaps/{number}/links/{id}", To::ApiLink, Least::Editor)
        .open_to(Machines::With(Scope::Read))
        .says("One such link."),
    typed(Verb::Post, "/api/v1/words/import", To::ApiImportWords, Least::Editor)
        .open_to(Machines::With(Scope::Work))
        .says("Takes in a table of rows: all of it, or nothing."),
    typed(Verb::Post, "/api/v1/views/{id}/steps", To::ApiStepView, Least::Editor)
        .says("Deletes a view of one's own or puts it back."),
    typed(Verb::Put, "/api/v1/readers/{id}", To::ApiPutReader, Least::Editor)
        .open_to(Machines::With(Scope::Work))
        .says("Changes a reader. Another mail address is another reader, and the old one stops."),
    typed(Verb::Post, "/api/v1/readers/{id}/steps", To::ApiStepReader, Least::Editor)
        .open_to(Machines::With(Scope::Work))
        .says("Puts a reader back who was stopped."),
    typed(Verb::Post, "/api/v1/admin/chats", To::ApiAddChat, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Adds a chat as a reader."),
    typed(Verb::Post, "/api/v1/admin/sites/{id}/answers", To::ApiAnswerSite, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Answers what the last crawl of a website asks."),
    typed(Verb::Post, "/api/v1/admin/looks", To::ApiStartLook, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Looks at a website before it is read, or at one page as it would be read."),
    typed(Verb::Get, "/api/v1/admin/looks/{id}", To::ApiLook, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("What has come of a look."),
    typed(Verb::Post, "/api/v1/admin/people", To::ApiInvite, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Invites somebody by a link, told this once. A machine invites no administrator."),
    typed(Verb::Post, "/api/v1/admin/people/{id}/changes", To::ApiChangePerson, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says(
            "Changes an account's name, role or desks, ends its sessions, its link or its second \
             step, closes it or opens it again. A machine changes no administrator.",
        ),
    typed(Verb::Post, "/api/v1/admin/people/{id}/link", To::ApiLinkPerson, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says(
            "Makes a link by which somebody chooses a new passphrase. The one before it no longer \
             holds.",
        ),
    typed(Verb::Get, "/api/v1/admin/tokens/{id}", To::ApiToken, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("One token."),
    typed(Verb::Get, "/api/v1/admin/calls/{id}", To::ApiCallsTaken, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Counts that came together."),
    typed(Verb::Post, "/api/v1/admin/calls/import", To::ApiImportCalls, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Takes in a table of counts: all of it, or nothing."),
    typed(Verb::Get, "/api/v1/admin/mail", To::ApiMail, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("How letters go."),
    typed(Verb::Post, "/api/v1/admin/mail/trials", To::ApiTryMail, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("Sends a mail to an address, and tells what the server did with it."),
    typed(Verb::Get, "/api/v1/admin/timing", To::ApiTiming, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("How long logging takes, of the whole organisation."),
    typed(Verb::Get, "/api/v1/admin/inspection", To::ApiInspection, Least::Admin)
        .open_to(Machines::With(Scope::Admin))
        .says("What was logged in a period, masked anew. That it was asked for is noted."),
];
