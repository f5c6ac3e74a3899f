//! The places where editors work, and where their work is told of.

use super::fields::{
    DECISION, FILTER, ID, INQUIRIES, INQUIRIES_CHANGE, LISTS, SHARE, STEP, TOPICS, VIEWS_CHANGE,
    VIEWS_OF, WORDS, WORDS_CHANGE, may, must,
};
use super::table::row;
use super::{Input, Kind, Least, Output, Route, To, Verb};

pub(super) const ROUTES: &[Route] = &[
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
];
