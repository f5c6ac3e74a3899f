//! What a reader wants, between the form and the record.

use crate::app::LetterFault;
use crate::digest::Edition;
use crate::http::Edge;
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::Fields;
use crate::http::pages::{Choice, FieldError, WishesForm};
use crate::jobs::words;
use crate::messages::Lang;
use crate::post::{NoticeOf, Often, Wishes};
use crate::schedule::{Job, Rhythm, Schedule};

/// The form of these wishes, in `lang`; the letter is to be in the second one.
pub(in crate::http) fn shown(edge: &Edge, langs: (Lang, Lang), wishes: &Wishes) -> WishesForm {
    let usual = edge.app.state.schedule(Job::Digest);
    let (lang, of_letter) = langs;
    let choice = |value: &str, list: &str, chosen| Choice {
        value: value.to_owned(),
        label: lang.text(&format!("{list}.{value}")).to_owned(),
        chosen,
    };
    let rhythm = words::rhythm(lang, &Schedule { is_on: true, ..usual });
    let as_usual = Choice {
        value: String::new(),
        label: lang.fill("readers.usual", &[("at", &rhythm.to_lowercase())]),
        chosen: wishes.at.is_none(),
    };
    let own = wishes.at.and_then(Rhythm::day_name);
    let days = Rhythm::day_names().map(|it| choice(it, "weekday", own == Some(it)));
    let at = wishes.at.unwrap_or(usual.rhythm).at;
    WishesForm {
        langs: languages(lang, of_letter),
        often: Often::ALL.map(|it| choice(it.name(), "readers.often", it == wishes.often)).into(),
        editions: editions(lang, wishes.edition),
        days: std::iter::once(as_usual).chain(days).collect(),
        at: format!("{:02}:{:02}", at.hour(), at.minute()),
        empty_too: wishes.empty_too,
        notices: NoticeOf::ALL
            .map(|it| choice(it.name(), "readers.notice", wishes.notices.contains(&it)))
            .into(),
        ..WishesForm::default()
    }
}

/// The editions to choose from.
pub(super) fn editions(lang: Lang, chosen: Edition) -> Vec<Choice> {
    let choice = |it: Edition| Choice {
        value: it.name().to_owned(),
        label: lang.text(&format!("readers.edition.{}", it.name())).to_owned(),
        chosen: it == chosen,
    };
    Edition::ALL.map(choice).into()
}

/// The languages to choose from.
pub(super) fn languages(lang: Lang, chosen: Lang) -> Vec<Choice> {
    let choice = |it: Lang| Choice {
        value: it.code().to_owned(),
        label: lang.text(&format!("readers.lang.{}", it.code())).to_owned(),
        chosen: it == chosen,
    };
    Lang::ALL.map(choice).into()
}

/// A form as it was sent: what is wanted, in which language, and whether the time is one.
pub(in crate::http) struct Sent {
    /// What is wanted.
    pub(in crate::http) wishes: Wishes,
    /// The language of the letter.
    pub(in crate::http) lang: Lang,
    /// Whether the time is one.
    pub(in crate::http) has_time: bool,
}

/// Reads what a form wants.
pub(in crate::http) fn sent(fields: &Fields) -> Result<Sent, HttpError> {
    let notices = fields.all("notice").into_iter().filter(|it| !it.is_empty());
    let notices = notices.map(|it| NoticeOf::parse(it).ok_or(HttpError::Invalid));
    let (day, at) = (fields.get("day"), fields.get("at"));
    let own = (!day.is_empty()).then(|| format!("{day} {at}").parse::<Rhythm>());
    let wishes = Wishes {
        often: Often::parse(&fields.get("often")).ok_or(HttpError::Invalid)?,
        edition: Edition::parse(&fields.get("edition")).ok_or(HttpError::Invalid)?,
        at: own.as_ref().and_then(|it| it.as_ref().ok()).copied(),
        empty_too: fields.find("empty_too").is_some(),
        notices: notices.collect::<Result<_, _>>()?,
    };
    let lang = Lang::parse(&fields.get("lang")).ok_or(HttpError::Invalid)?;
    Ok(Sent { wishes, lang, has_time: own.is_none_or(|it| it.is_ok()) })
}

/// What is wrong with a form, in words; other faults are not the form's.
pub(in crate::http) fn wrong(lang: Lang, fault: LetterFault) -> Result<FieldError, HttpError> {
    let (field, key) = match fault {
        LetterFault::Name => ("name", "readers.wrong_name"),
        LetterFault::Mail => ("mail", "readers.wrong_mail"),
        LetterFault::Chat => ("address", "readers.wrong_chat"),
        LetterFault::TooMany => ("mail", "readers.too_many"),
        other => return Err(other.into()),
    };
    Ok(error(lang, field, key))
}

/// A sentence at a field.
pub(in crate::http) fn error(lang: Lang, field: &'static str, key: &str) -> FieldError {
    FieldError { field, text: lang.text(key).to_owned() }
}

/// The form as it was sent, offering what the form before it offered, with what is wrong.
pub(in crate::http) fn typed(
    edge: &Edge,
    caller: &Caller,
    (fields, offered): (&Fields, &WishesForm),
    error: FieldError,
) -> Result<WishesForm, HttpError> {
    let sent = sent(fields)?;
    let mut form = shown(edge, (caller.lang, sent.lang), &sent.wishes);
    form.notices.retain(|it| offered.notices.iter().any(|other| other.value == it.value));
    if !sent.has_time {
        let day = fields.get("day");
        let same = |it: Choice| Choice { chosen: it.value == day, ..it };
        form.days = form.days.into_iter().map(same).collect();
        form.at = fields.get("at");
    }
    Ok(WishesForm {
        id: offered.id.clone(),
        chat: offered.chat,
        name: fields.get("name"),
        mail: fields.get("mail"),
        errors: vec![error],
        ..form
    })
}
