//! Readers of the letter, the links in it, and how it looks.

use super::*;

/// What a reader wants, with a time that is none.
pub(super) fn wishes(lang: Lang) -> WishesForm {
    let f = frame(lang, "readers.title", "/readers");
    WishesForm {
        id: "rdr_1".to_owned(),
        name: "Kari Nes".to_owned(),
        mail: "kari@fjordvik.example".to_owned(),
        chat: None,
        langs: choices(&f, "readers.lang", &["nn", "nb", "en"], "nn"),
        often: choices(&f, "readers.often", &["weekly", "monthly", "never"], "weekly"),
        editions: choices(&f, "readers.edition", &["editors", "desk"], "desk"),
        days: choices(&f, "weekday", &["monday", "tuesday"], "monday"),
        at: "7".to_owned(),
        empty_too: true,
        notices: choices(&f, "readers.notice", &["assigned", "verified", "surge"], "surge"),
        errors: vec![
            FieldError { field: "name", text: f.t("readers.wrong_name").to_owned() },
            FieldError { field: "mail", text: f.t("readers.wrong_mail").to_owned() },
            FieldError { field: "at", text: f.t("readers.wrong_at").to_owned() },
        ],
    }
}

fn reader(lang: Lang, n: u32, state: &'static str) -> ReaderSeen {
    ReaderSeen {
        id: format!("rdr_{n}"),
        name: "Kari Nes".to_owned(),
        mail: format!("kari{n}@fjordvik.example"),
        chat: None,
        often: "weekly",
        edition: "editors",
        lang: "nn",
        at: Some("Kvar tysdag kl. 08.00".to_owned()),
        notices: vec!["verified", "surge"],
        by: Some("Ola Li".to_owned()),
        state,
        refused: (state == "refused").then(|| "550 5.1.1 No such user".to_owned()),
        last: Some(lang.fill("readers.went.tried", &[("n", "3"), ("at", "4. mars, 09.12")])),
    }
}

/// The list; with everything that can stand in it, or with nobody.
pub(super) fn readers(lang: Lang, is_full: bool) -> ReadersPage {
    let f = frame(lang, "readers.title", "/readers");
    let states = ["open", "asked", "refused", "closed"];
    let mut seen: Vec<ReaderSeen> =
        (0..).zip(states).map(|(n, state)| reader(lang, n, state)).collect();
    let chat = ReaderSeen { mail: String::new(), chat: Some("teams"), ..reader(lang, 9, "open") };
    seen.push(ReaderSeen { often: "never", last: None, by: None, at: None, ..chat });
    let wrong = FieldError { field: "address", text: f.t("readers.wrong_chat").to_owned() };
    let chat = ChatForm {
        name: "Nettgruppa".to_owned(),
        kinds: choices(&f, "readers.chat", &["slack", "teams", "mattermost"], "teams"),
        allow_private: true,
        errors: vec![wrong],
    };
    let form = wishes(lang);
    let form = WishesForm { id: String::new(), ..form };
    ReadersPage {
        f,
        is_admin: is_full,
        total: if is_full { 205 } else { 0 },
        found: 201,
        query: "kari".to_owned(),
        readers: if is_full { seen } else { vec![] },
        page: (2, 3),
        instead: words(&["Kari Nes", "Ola Li"]),
        from: "skranke@fjordvik.example".to_owned(),
        form,
        chat: is_full.then_some(chat),
        stopped: is_full.then(|| ("rdr_7".to_owned(), "Ola Li".to_owned())),
        week: "2026-W10".to_owned(),
    }
}

/// A chat's form, without its address; nobody has an account under a mail address.
pub(super) fn readers_chat(lang: Lang) -> ReadersPage {
    let form = WishesForm { chat: Some("slack"), errors: vec![], ..wishes(lang) };
    ReadersPage { form, instead: vec![], ..readers(lang, false) }
}

/// The page of a link in a letter.
pub(super) fn link(lang: Lang, answer: Option<LinkAnswer>) -> LinkPage {
    LinkPage {
        f: frame(lang, "stop.title", "/stop/0123"),
        theme: assets::href("theme.css"),
        organisation: "Fjordvik kommune".to_owned(),
        address: "k…@fjordvik.example".to_owned(),
        by: Some("Ola Li".to_owned()),
        action: "/stop/0123".to_owned(),
        answer,
    }
}

/// A letter as somebody gets it.
pub(super) fn letter(lang: Lang) -> LetterPage {
    let f = frame(lang, "preview.title", "/digest/2026-W13/letter");
    let kari = Choice { value: "rdr_1".into(), label: "Kari Nes".into(), chosen: true };
    LetterPage {
        week: "2026-W13".to_owned(),
        week_number: 13,
        before: "2026-W12".to_owned(),
        after: Some("2026-W14".to_owned()),
        of: choices(&f, "preview", &["week", "month"], "month"),
        readers: vec![kari],
        langs: choices(&f, "readers.lang", &["nn", "nb", "en"], "nn"),
        editions: choices(&f, "readers.edition", &["editors", "desk"], "desk"),
        subject: "Veke 13: 612 spørsmål".to_owned(),
        preheader: "71 av 100 fann svar.".to_owned(),
        html: "/digest/2026-W13/letter/html?of=month".to_owned(),
        text: "Hei!".to_owned(),
        f,
    }
}
