//! Saved views, one's account, shared gaps and webhooks.

use super::*;

pub(super) fn views(lang: Lang) -> ViewsPage {
    let f = frame(lang, "views.title", "/views");
    let view = |n: u32, name: &str, is_shared| SavedViewSeen {
        id: format!("view_{n}"),
        version: 1,
        name: name.to_owned(),
        of: "gaps",
        href: "/gaps?kind=missing".to_owned(),
        is_shared,
    };
    ViewsPage {
        form: ViewForm {
            of: "gaps",
            query: "kind=missing".to_owned(),
            errors: vec![FieldError { field: "name", text: f.t("views.wrong_name").to_owned() }],
            ..ViewForm::default()
        },
        own: vec![view(1, "Skule", true), view(2, "Barnehage", false)],
        removed: vec![view(3, "Teknisk", false)],
        f,
    }
}

pub(super) fn account(lang: Lang) -> AccountPage {
    AccountPage {
        f: frame(lang, "account.title", "/account"),
        name: "Kari Nes".to_owned(),
        role: "editor".to_owned(),
        may_have_feed: true,
        feed: Some(FeedSeen { made: "3. mars".to_owned(), used: Some("4. mars".to_owned()) }),
        public: "0123456789ab".to_owned(),
        made: Some("https://skranke.example.org/feed/0123".to_owned()),
        letter: OwnLetter {
            form: wishes(lang),
            state: Some("refused"),
            refused: Some("550 5.1.1 No such user".to_owned()),
            by: Some("Ola Li".to_owned()),
        },
        access: OwnAccess {
            login: Some("kari".to_owned()),
            sessions: ["2. mars, 08.00", "1. mars, 09.30"]
                .map(|begun| SessionSeen {
                    handle: "0123".to_owned(),
                    begun: begun.to_owned(),
                    seen: "2. mars, 12.00".to_owned(),
                    is_this: begun.starts_with('2'),
                })
                .into(),
            proof: ProofAsked::Passphrase,
            desks: Some("Torget".to_owned()),
            errors: vec![FieldError {
                field: "old",
                text: lang.text("account.passphrase_wrong").to_owned(),
            }],
        },
    }
}

pub(super) fn sharing(lang: Lang) -> Sharing {
    let link = LinkSeen {
        id: "link_1".to_owned(),
        until: "3. mars".to_owned(),
        made: "1. mars".to_owned(),
        by: Some("Kari Nes".to_owned()),
        used: Some(("2. mars".to_owned(), 2)),
    };
    let text = lang.fill("share.wrong_until", &[("days", "90")]);
    Sharing {
        links: vec![link],
        public: "0123456789ab".to_owned(),
        term: "day".to_owned(),
        range: ("2026-08-29".to_owned(), "2026-11-27".to_owned()),
        made: Some("https://skranke.example.org/shared/0123".to_owned()),
        errors: vec![FieldError { field: "day", text }],
        ..Sharing::default()
    }
}

pub(super) fn shared(lang: Lang, is_there: bool) -> SharedPage {
    let gap = gap(lang, None).into();
    SharedPage {
        f: frame(lang, "shared.title", "/shared/0123"),
        theme: assets::href("theme.css"),
        organisation: "Fjordvik kommune".to_owned(),
        gap: is_there.then_some(gap),
    }
}

pub(super) fn hooks(lang: Lang) -> HooksPage {
    let f = frame(lang, "hooks.title", "/admin/hooks");
    let hook = |n: u32, state, test| HookSeen {
        id: format!("hook_{n}"),
        address: format!("https://hooks.example.org/{n}"),
        of: vec!["new", "verified"],
        state,
        made: "3. mars".to_owned(),
        by: Some("Kari Nes".to_owned()),
        last: Some(("4. mars, 09.12".to_owned(), f.t("hooks.fault.timed_out").to_owned())),
        waiting: n as usize,
        test,
    };
    let test = |says: Option<&str>| TestSeen {
        at: "4. mars, 09.12".to_owned(),
        says: says.map(str::to_owned),
        beginning: "ok".to_owned(),
    };
    let said = f.with("hooks.taken", "status", 204);
    let choice =
        |code: &str| Choice { value: code.to_owned(), label: f.of("hooks.of", code), chosen: true };
    HooksPage {
        hooks: vec![
            hook(0, "open", Some(test(Some(&said)))),
            hook(1, "waiting", Some(test(None))),
            hook(2, "stopped", None),
        ],
        form: HookForm {
            address: "ftp://x".to_owned(),
            of: ["new", "reopened", "verified"].map(choice).into(),
            allow_private: true,
            errors: vec![
                FieldError { field: "address", text: f.t("hooks.wrong_address").to_owned() },
                FieldError { field: "of", text: f.t("hooks.wrong_of").to_owned() },
            ],
        },
        made: Some(("https://hooks.example.org/1".to_owned(), "whsec_AAAA".to_owned())),
        f,
    }
}
