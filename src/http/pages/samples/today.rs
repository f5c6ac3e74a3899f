//! The desk's day with made-up contents.

use super::*;

pub(super) fn message() -> MessageSeen {
    MessageSeen {
        id: "msg_1".to_owned(),
        text: "Vatnet er stengt i Sjøgata til klokka 14. Vakttelefonen står på nettsidene.".into(),
        until: "3. mars kl. 00.00".to_owned(),
    }
}

fn asked(text: &str, contacts: u32, surge: Option<String>) -> AskedSeen {
    let (inquiry, key) = ("inq_5".to_owned(), "inq_0193".to_owned());
    AskedSeen { inquiry, key, text: text.to_owned(), contacts, surge }
}

pub(super) fn surge(lang: Lang) -> AskedSeen {
    let says = lang.fill("today.surge", &[("n", "6"), ("at", "10.00")]);
    asked("Kvifor er vatnet borte i Sjøgata?", 6, Some(says))
}

/// The day, with a batch and a correction that cannot be taken, or at its beginning.
pub(super) fn today(lang: Lang, busy: bool) -> TodayPage {
    let f = frame(lang, "today.title", "/today");
    let error = |field: &'static str, text: String| vec![FieldError { field, text }];
    let own = |text: &str, errors| OwnEntry {
        id: "inq_9".to_owned(),
        at: "10.31".to_owned(),
        text: text.to_owned(),
        note: "Ja, alle dagar.".to_owned(),
        shown: "Kan eg levere maling på gjenvinningsstasjonen?".to_owned(),
        errors,
    };
    let found = FoundEntry {
        text: "Kor seint er biblioteket ope?".to_owned(),
        note: Some("Til 19 på torsdagar".to_owned()),
        day: "27. februar".to_owned(),
    };
    let channels = choices(&f, "channel", &["phone", "desk", "email", "chat"], "phone");
    let batch = BatchForm {
        key: "inq_0192".to_owned(),
        day: "2026-03-02".to_owned(),
        days: ("2026-01-01".to_owned(), "2026-03-02".to_owned()),
        channels,
        ..BatchForm::default()
    };
    if !busy {
        let (messages, asked, found, own) = (vec![], vec![], vec![], vec![]);
        let (message, query) = (MessageForm::default(), String::new());
        return TodayPage { f, messages, message, asked, batch, query, found, own };
    }
    let wrong_line = f.with("today.batch_count", "line", "2");
    let wrong_message = MessageForm {
        text: String::new(),
        errors: error("message", f.t("today.wrong_message").to_owned()),
    };
    TodayPage {
        messages: vec![message()],
        message: wrong_message,
        asked: vec![surge(lang), asked("Når opnar symjehallen?", 4, None)],
        batch: BatchForm {
            lines: "3 x når opnar symjehallen\n900".to_owned(),
            errors: error("lines", wrong_line),
            ..batch
        },
        query: "bibliotek".to_owned(),
        found: vec![found],
        own: vec![own("Kan eg levere maling på gjenvinningsstasjonen?", vec![])],
        f,
    }
}
