//! What stands beside questions, topics and gaps in the journal of the third form: words, totals of
//! calls, saved views, secret addresses, webhooks and what they tell, messages, tokens, times.

use jiff::SignedDuration;
use skranke::app::{App, Decider, NewLink, NewToken};
use skranke::hook::{Happening, HookAnswer, HookFacts};
use skranke::id::{Id, TopicNumber};
use skranke::inquiry::{Channel, Took};
use skranke::messages::Lang;
use skranke::organisation::{Desk, Names, Settings};
use skranke::people::{ApiTokenEvent, By, LeadsTo, Person, Scope, ViewFacts, ViewOf};
use skranke::record::Change;
use skranke::review::Step;
use skranke::words::WordFacts;
use url::Url;

pub(super) fn make(app: &App, by: By) {
    let person = by.expect("somebody");
    places(app, by);
    words(app, by);
    let table = "dato;kanal;samtalar\n02.03.2026;telefon;61\n03.03.2026;telefon;40\n";
    app.import_calls(table, by).expect("taken");
    app.settle().expect("folded");
    views(app, person);
    links(app, person);
    hooks(app, by);
    let until = app.now() + SignedDuration::from_hours(4);
    let message = app.put_message("Vatnet er borte i Lia", until, by).expect("put up");
    app.settle().expect("folded");
    app.end_message(message, Decider { by, version: None }).expect("taken down");
    app.make_token(
        NewToken {
            public: "0123456789ab".to_owned(),
            name: "Sentralbordet".to_owned(),
            scopes: vec![Scope::Log],
            desk: Some("Rådhuset".to_owned()),
            channel: Some(Channel::Phone),
            until: None,
        },
        by,
    )
    .expect("made");
    app.settle().expect("folded");
    let token = app.state.tokens.all().pop().expect("it was made").id;
    let event = ApiTokenEvent::Ends { until: app.now() + SignedDuration::from_hours(24 * 100) };
    let change = Change { entity: token, version: None, now: app.now() };
    change.tell(&app.journal, &event).expect("told");
    app.settle().expect("folded");
}

/// A desk and a channel with names of their own, and a desk that is no longer in use.
fn places(app: &App, by: By) {
    let names = |nn: &str, en: &str| -> Names {
        [(Lang::Nn, nn.to_owned()), (Lang::En, en.to_owned())].into_iter().collect()
    };
    let old = app.state.settings();
    let mut desks = old.desks.clone();
    desks[0].names = names("Innbyggjartorget", "Citizen centre");
    desks.push(Desk { is_archived: true, ..Desk::from("Gamlebygda") });
    let channel_names = [(Channel::Desk, names("Torget", "The square"))].into();
    let settings = Settings { desks, channel_names, ..old };
    app.set_settings(settings, Decider { by, version: None }).expect("set");
    app.settle().expect("folded");
}

fn words(app: &App, by: By) {
    let who = Decider { by, version: None };
    let facts = |said: &str, written: &str| WordFacts {
        said: said.to_owned(),
        written: written.to_owned(),
        note: "Sagt kvar veke".to_owned(),
        topic: Some(TopicNumber(2)),
    };
    let row = app.put_word(None, facts("bhg", "barnehage"), who).expect("added");
    app.settle().expect("folded");
    app.put_word(Some(row), facts("bhg", "barnehageplass"), who).expect("changed");
    app.settle().expect("folded");
    for removed in [true, false, true] {
        app.set_word_removed(row, removed, who).expect("taken out or put back");
        app.settle().expect("folded");
    }
}

fn views(app: &App, person: Id<Person>) {
    let facts = ViewFacts {
        name: "Mine på bokmål".to_owned(),
        of: ViewOf::Gaps,
        query: "owner=me&norm=nb".to_owned(),
        is_shared: true,
    };
    let view = app.put_view(None, facts, person).expect("saved");
    app.settle().expect("folded");
    for removed in [true, false] {
        let stored = app.state.saved_views.get(view.uuid()).expect("it is there");
        app.set_view_removed((view, stored.version), removed, person).expect("deleted or back");
        app.settle().expect("folded");
    }
}

fn links(app: &App, person: Id<Person>) {
    let until = Some(app.now() + SignedDuration::from_hours(24 * 7));
    let gap = LeadsTo::Gap { topic: TopicNumber(2) };
    let leads = [("00000000000a", gap, until), ("00000000000b", LeadsTo::Feed { person }, None)];
    for (public, leads_to, until) in leads {
        let new = NewLink { public: public.to_owned(), leads_to, until };
        let text = app.make_link(new, Some(person)).expect("made");
        app.settle().expect("folded");
        let stored = app.follow_link(&text).expect("it holds");
        app.note_link_use(&stored).expect("counted");
        app.settle().expect("folded");
    }
    let first = app.links_of(TopicNumber(2))[0].id;
    app.end_link(Id::from_uuid(first), Some(person)).expect("ended");
    app.settle().expect("folded");
}

fn hooks(app: &App, by: By) {
    let facts = HookFacts {
        address: "https://hooks.example.org/skranke".to_owned(),
        of: vec![Happening::New, Happening::Verified, Happening::Reopened],
        allow_private: false,
    };
    app.make_hook(facts, by).expect("made");
    app.settle().expect("folded");
    let hook = Id::from_uuid(app.hooks()[0].id);
    app.clock.advance_by(SignedDuration::from_mins(1));
    app.step(TopicNumber(2), Step::Reopen, Decider { by, version: None }).expect("open again");
    app.settle().expect("folded");
    app.notice_news().expect("noticed");
    app.settle().expect("folded");
    let base: Url = "http://127.0.0.1:8080/".parse().expect("an address");
    let message = app.next_message(hook, &base).expect("read").expect("there is news");
    app.note_try(&message, HookAnswer::Status(503)).expect("kept");
    app.settle().expect("folded");
    app.renew_hook(hook, by).expect("renewed");
    app.settle().expect("folded");
    // So many are written down without anybody waiting for an hour.
    for _ in 0..20 {
        app.count_time(Took::new(9_000, 2_000).expect("within a day"));
    }
    app.settle().expect("folded");
}
