//! What editors do, for programs: the same verbs as their screens.

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
        .says("Puts inquiries in their place, takes them out, puts them back, masks them: all or none."),
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
    typed(Verb::Get, "/api/v1/views/{id}", To::ApiView, Least::Editor)
        .says("One saved view."),
    typed(Verb::Put, "/api/v1/views/{id}", To::ApiPutView, Least::Editor)
        .says("Changes a view of one's own."),
    typed(Verb::Delete, "/api/v1/views/{id}", To::ApiRemoveView, Least::Editor)
        .says("Deletes a view of one's own."),
];
