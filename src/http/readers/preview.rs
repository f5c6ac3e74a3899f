//! How a week's letter looks to a reader, before or after it went.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};

use super::form::{editions, languages};
use super::id_of;
use crate::app::Preview;
use crate::digest::{Edition, Letter};
use crate::http::Edge;
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields, Sought};
use crate::http::edge::headers::Policy;
use crate::http::pages::{Choice, LetterPage, render};
use crate::http::routes::To;
use crate::id::Id;
use crate::messages::Lang;
use crate::post::{ReaderRow, Subscriber, Telling};
use crate::rows::Stored;
use crate::week::Week;

/// So many readers can be chosen here; from the list of readers every one can be looked at.
const READERS_OFFERED: usize = 200;

/// What is to be looked at.
struct Wanted {
    week: Week,
    of: Telling,
    reader: Option<Arc<Stored<ReaderRow>>>,
    lang: Lang,
    edition: Edition,
}

impl Wanted {
    fn read(edge: &Edge, caller: &Caller, week: &str, fields: &Fields) -> Result<Self, HttpError> {
        let week: Week = week.parse().map_err(|_| HttpError::NotFound)?;
        if edge.app.week() <= week {
            return Err(HttpError::NotFound);
        }
        let is_month = fields.get("of") == "month" && week.is_last_of_month();
        let reader = fields.get("reader").parse::<Id<Subscriber>>().ok();
        Ok(Self {
            week,
            of: if is_month { Telling::Month(week) } else { Telling::Week(week) },
            reader: reader.and_then(|it| edge.app.reader(it)).filter(|it| !it.row.stopped),
            lang: Lang::parse(&fields.get("lang")).unwrap_or(caller.lang),
            edition: Edition::parse(&fields.get("edition")).unwrap_or_default(),
        })
    }

    /// The address of a part, for the same reader.
    fn address(&self, form: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        match &self.reader {
            Some(reader) => query.append_pair("reader", &id_of(reader).to_string()),
            None => query
                .append_pair("lang", self.lang.code())
                .append_pair("edition", self.edition.name()),
        };
        if matches!(self.of, Telling::Month(_)) {
            query.append_pair("of", "month");
        }
        format!("{}?{}", To::LetterForm.link(&[&self.week.to_string(), form]), query.finish())
    }

    async fn letter(&self, edge: &Edge) -> Result<Letter, HttpError> {
        let (of, lang, edition) = (self.of, self.lang, self.edition);
        let (reader, base) = (self.reader.clone(), edge.jobs.base().clone());
        let letter = edge.off_thread(move |app| {
            let reader = reader.as_deref();
            app.preview(of, Preview { base: &base, reader, lang, edition })
        });
        Ok(letter.await??)
    }
}

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(week): Path<String>,
    Sought(fields): Sought,
) -> Result<Response, HttpError> {
    let wanted = Wanted::read(&edge, &caller, &week, &fields)?;
    let letter = wanted.letter(&edge).await?;
    let Wanted { week, lang, edition, .. } = wanted;
    let after = week.plus(1);
    let built = LetterPage {
        f: edge.frame(&caller, "preview.title"),
        week: week.to_string(),
        week_number: week.number(),
        before: week.plus(-1).to_string(),
        after: (after < edge.app.week()).then(|| after.to_string()),
        of: of(&caller, &wanted),
        readers: readers(&edge, &caller, &wanted),
        langs: languages(caller.lang, lang),
        editions: editions(caller.lang, edition),
        subject: letter.subject,
        preheader: letter.preheader,
        html: wanted.address("html"),
        text: letter.text,
    };
    let mut response = Html(render(&built)).into_response();
    response.extensions_mut().insert(Policy::AroundLetter);
    Ok(response)
}

/// Week or month, where the week ends one.
fn of(caller: &Caller, wanted: &Wanted) -> Vec<Choice> {
    if !wanted.week.is_last_of_month() {
        return vec![];
    }
    let is_month = matches!(wanted.of, Telling::Month(_));
    let choice = |code: &str, chosen| Choice {
        value: code.to_owned(),
        label: caller.lang.text(&format!("preview.{code}")).to_owned(),
        chosen,
    };
    vec![choice("week", !is_month), choice("month", is_month)]
}

/// Nobody on the list, then those who are on it.
fn readers(edge: &Edge, caller: &Caller, wanted: &Wanted) -> Vec<Choice> {
    let chosen = wanted.reader.as_ref().map(|it| it.id);
    let choice = |it: &Stored<ReaderRow>| Choice {
        value: id_of(it).to_string(),
        label: match it.row.mail.as_str() {
            "" => it.row.name.clone(),
            mail => format!("{} ({mail})", it.row.name),
        },
        chosen: chosen == Some(it.id),
    };
    let nobody = Choice {
        value: String::new(),
        label: caller.lang.text("preview.nobody").to_owned(),
        chosen: chosen.is_none(),
    };
    let all = edge.app.readers();
    let beyond = all.iter().skip(READERS_OFFERED).filter(|it| chosen == Some(it.id));
    let offered = all.iter().take(READERS_OFFERED).chain(beyond).map(|it| choice(it));
    std::iter::once(nobody).chain(offered).collect()
}

/// One part as it is sent. The HTML is bound by a policy of its own.
pub(in crate::http) async fn form(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path((week, form)): Path<(String, String)>,
    Sought(fields): Sought,
) -> Result<Response, HttpError> {
    let wanted = Wanted::read(&edge, &caller, &week, &fields)?;
    match form.as_str() {
        "html" => {
            let mut response = Html(wanted.letter(&edge).await?.html).into_response();
            response.extensions_mut().insert(Policy::Letter);
            Ok(response)
        }
        "text" => {
            let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
            Ok((kind, wanted.letter(&edge).await?.text).into_response())
        }
        _ => Err(HttpError::NotFound),
    }
}
