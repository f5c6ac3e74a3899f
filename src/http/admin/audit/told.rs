//! A line of the audit in words: who, what, and what it concerned, with the way there.

use jiff::Timestamp;
use uuid::Uuid;

use crate::audit::{Audit, AuditRow};
use crate::hook::Hook;
use crate::http::Edge;
use crate::http::edge::caller::Caller;
use crate::http::pages::{AuditLine, AuditTarget};
use crate::http::routes::To;
use crate::id::{Id, Named, TopicNumber};
use crate::inquiry::Channel;
use crate::people::{ApiToken, Person, SavedView};
use crate::post::Subscriber;
use crate::rows::Stored;
use crate::schedule::Job;
use crate::topic::Topic;
use crate::words::WordPair;

/// Something that an audit line can concern and where it is seen.
fn target(label: String, to: Option<String>) -> AuditTarget {
    AuditTarget { label, href: to }
}

/// When a line was written. One of the first form has the time in its id alone.
pub(super) fn at(line: &Stored<AuditRow>) -> Option<Timestamp> {
    line.row.at.or_else(|| Id::<Audit>::from_uuid(line.id).made())
}

/// A line in the reader's words.
pub(super) fn line(edge: &Edge, caller: &Caller, line: &Stored<AuditRow>) -> AuditLine {
    AuditLine {
        at: at(line).map_or_else(String::new, |at| edge.day_and_time(caller, at)),
        who: who(edge, caller, &line.row),
        says: says(caller, &line.row.action),
        code: line.row.action.clone(),
        target: concerned(edge, caller, &line.row),
        done: line.row.done,
    }
}

fn who(edge: &Edge, caller: &Caller, row: &AuditRow) -> String {
    let name = row.who.and_then(|id| edge.app.person_name(id));
    name.or_else(|| row.machine.map(|it| token(edge, &it.to_string()).label)).unwrap_or_else(|| {
        let key = if row.was.is_some() { "audit.erased" } else { "audit.nobody" };
        caller.lang.text(key).to_owned()
    })
}

/// What was done; a code that no catalogue has is shown as it is.
fn says(caller: &Caller, action: &str) -> String {
    let key = format!("audited.{}", action.replace('.', "_"));
    match caller.lang.text(&key) {
        text if text == key => action.to_owned(),
        text => text.to_owned(),
    }
}

fn concerned(edge: &Edge, caller: &Caller, row: &AuditRow) -> AuditTarget {
    let lang = caller.lang;
    let named = row.action.split_once('.').map_or(row.action.as_str(), |it| it.0);
    let code = row.target.as_str();
    match named {
        _ if code.is_empty() => target(String::new(), None),
        "gap" => topic(edge, code, To::Gap),
        "topic" => topic(edge, code, To::Topic),
        "person" | "sign_in" | "sign_out" | "session" | "feed" => person(edge, code),
        "token" => token(edge, code),
        "reader" => reader(edge, code),
        "hook" => hook(edge, code),
        "view" => view(edge, caller, code),
        "words" => pair(edge, code),
        "settings" if row.action == "settings.code_roles" => {
            let role = |it: &str| lang.text(&format!("role.{it}")).to_owned();
            let roles: Vec<String> = code.split(' ').map(role).collect();
            target(roles.join(", "), Some(To::People.link(&[])))
        }
        "settings" if code == "retention" => {
            target(lang.text("retention.title").to_owned(), Some(To::Retention.link(&[])))
        }
        // The lists of desks and channels name what of them was changed, by its key.
        "settings" if code != "organisation" => {
            let is_channel = row.action.starts_with("settings.channel");
            let channel = Channel::parse(code).filter(|_| is_channel);
            let labels = edge.labels(lang);
            let label =
                channel.map_or_else(|| labels.desk(code).to_owned(), |it| labels.channel(it));
            target(label, Some(To::Places.link(&[])))
        }
        "settings" => {
            target(lang.text("organisation.title").to_owned(), Some(To::Organisation.link(&[])))
        }
        "job" => match Job::parse(code) {
            Some(job) => {
                let label = lang.text(&format!("job.{code}")).to_owned();
                target(label, Some(format!("{}#{}", To::Jobs.link(&[]), job.name())))
            }
            None => target(code.to_owned(), None),
        },
        "message" => target(lang.text("audit.message").to_owned(), Some(To::Today.link(&[]))),
        "inquiry" => inquiries(caller, code),
        _ => target(code.to_owned(), None),
    }
}

fn topic(edge: &Edge, code: &str, to: To) -> AuditTarget {
    let Ok(number) = code.parse::<TopicNumber>() else {
        return target(code.to_owned(), None);
    };
    let row = edge.app.state.topics.get(Topic::entity(number));
    let name = row.and_then(|it| edge.app.name_of(&it.row).ok()).filter(|it| it != code);
    let label = name.map_or_else(|| code.to_owned(), |name| format!("{code} {name}"));
    target(label, Some(to.link(&[code])))
}

/// What has a name of its own is told by it; what is gone is told by its id.
fn named(code: &str, name: Option<String>, to: String) -> AuditTarget {
    let href = name.is_some().then_some(to);
    target(name.unwrap_or_else(|| code.to_owned()), href)
}

fn uuid<E: Named>(code: &str) -> Option<Uuid> {
    code.parse::<Id<E>>().ok().map(Id::uuid)
}

fn person(edge: &Edge, code: &str) -> AuditTarget {
    let name = code.parse::<Id<Person>>().ok().and_then(|id| edge.app.person_name(id));
    named(code, name, To::Person.link(&[code]))
}

fn token(edge: &Edge, code: &str) -> AuditTarget {
    let row = uuid::<ApiToken>(code).and_then(|id| edge.app.state.tokens.get(id));
    named(code, row.map(|it| it.row.grant.name.clone()), To::Tokens.link(&[]))
}

fn reader(edge: &Edge, code: &str) -> AuditTarget {
    let row = uuid::<Subscriber>(code).and_then(|id| edge.app.state.readers.get(id));
    named(code, row.map(|it| it.row.name.clone()), To::Readers.link(&[]))
}

fn hook(edge: &Edge, code: &str) -> AuditTarget {
    let row = uuid::<Hook>(code).and_then(|id| edge.app.state.hooks.get(id));
    named(code, row.map(|it| it.row.facts.address.clone()), To::Hooks.link(&[]))
}

/// A view that is not shared has a name for its owner alone.
fn view(edge: &Edge, caller: &Caller, code: &str) -> AuditTarget {
    let row = uuid::<SavedView>(code).and_then(|id| edge.app.state.saved_views.get(id));
    let shared = row.filter(|it| it.row.facts.is_shared).map(|it| it.row.facts.name.clone());
    let label = shared.unwrap_or_else(|| caller.lang.text("views.title").to_owned());
    target(label, Some(To::Views.link(&[])))
}

fn pair(edge: &Edge, code: &str) -> AuditTarget {
    match uuid::<WordPair>(code).and_then(|id| edge.app.state.words.get(id)) {
        Some(row) => {
            let facts = &row.row.facts;
            let label = format!("{} → {}", facts.said, facts.written);
            target(label, Some(To::Words.link(&[])))
        }
        None => target(code.to_owned(), Some(To::Words.link(&[]))),
    }
}

/// Inquiries are told by their number, or one of them without its words, which others may have
/// masked since.
fn inquiries(caller: &Caller, code: &str) -> AuditTarget {
    let label = match code.parse::<u64>() {
        Ok(n) => caller.lang.count("inquiries.total", n),
        Err(_) => caller.lang.text("audit.one_question").to_owned(),
    };
    target(label, Some(To::Inquiries.link(&[])))
}
