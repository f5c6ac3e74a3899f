//! The pages of accounts with made-up contents.

use super::*;

pub(super) fn people(lang: Lang) -> PeoplePage {
    let f = frame(lang, "people.title", "/admin/people");
    let person = |login: &str, name: &str, (role, state): (&str, &'static str)| PersonSeen {
        id: format!("per_{login}"),
        login: login.to_owned(),
        name: name.to_owned(),
        role: role.to_owned(),
        state,
        is_me: login == "siv",
    };
    PeoplePage {
        people: vec![
            person("kari", "Kari Nes", ("reception", "open")),
            person("ola", "Ola Vik", ("editor", "invited")),
            person("per", "Per Dal", ("reception", "closed")),
            person("rut", "Rut Eik", ("reader", "link_over")),
            person("siv", "Siv Lid", ("admin", "open")),
        ],
        form: PersonForm {
            roles: roles(&f, "reception"),
            langs: f.languages(),
            desks: desk_choices(),
            errors: vec![FieldError { field: "desk", text: f.t("people.wrong_desk").to_owned() }],
            ..PersonForm::default()
        },
        code_roles: roles(&f, "admin"),
        n_owing: 1,
        made: Some(link_shown()),
        f,
    }
}

fn roles(f: &Frame, chosen: &str) -> Vec<Choice> {
    choices(f, "role", &["reception", "editor", "admin", "auditor", "reader"], chosen)
}

fn desk_choices() -> Vec<Choice> {
    let desk =
        |name: &str, chosen| Choice { value: name.to_owned(), label: name.to_owned(), chosen };
    vec![desk("Torget", true), desk("Nordbygda", false)]
}

fn link_shown() -> LinkShown {
    LinkShown {
        name: "Ola Vik".to_owned(),
        address: "https://skranke.example.org/welcome/0123".to_owned(),
        until: "3. mars, 12.00".to_owned(),
    }
}

pub(super) fn person(lang: Lang, is_me: bool) -> PersonPage {
    let f = frame(lang, "person.title", "/admin/people/per_ola");
    PersonPage {
        id: "per_ola".to_owned(),
        login: "ola".to_owned(),
        name: "Ola Vik".to_owned(),
        typed_name: String::new(),
        role: "editor".to_owned(),
        roles: roles(&f, "editor"),
        desks: desk_choices(),
        state: "open",
        is_me,
        sessions: usize::from(is_me) + 1,
        last_seen: (!is_me).then(|| "2. mars".to_owned()),
        link: Some(LinkHeld { until: "3. mars, 12.00".to_owned(), holds: !is_me }),
        has_second_step: true,
        made: (!is_me).then(link_shown),
        errors: vec![
            FieldError { field: "name", text: f.t("people.wrong_name").to_owned() },
            FieldError { field: "role", text: f.t("people.own_role").to_owned() },
        ],
        f,
    }
}

pub(super) fn welcome(lang: Lang, holds: bool) -> WelcomePage {
    let f = Frame { person: None, demo: false, ..frame(lang, "welcome.title", "/sign-in") };
    let text = f.t("people.passphrase_common").to_owned();
    WelcomePage {
        who: holds.then(|| Welcomed {
            name: "Ola Vik".to_owned(),
            login: "ola".to_owned(),
            organisation: "Fjordvik kommune".to_owned(),
            link: "0123456789ab".to_owned(),
        }),
        errors: vec![FieldError { field: "passphrase", text }],
        f,
    }
}

pub(super) fn forgotten(lang: Lang) -> ForgottenPage {
    let f = frame(lang, "forgotten.title", "/forgotten");
    ForgottenPage { f: Frame { person: None, demo: false, ..f } }
}

pub(super) fn second_step_another(lang: Lang) -> SecondStepPage {
    let page = second_step(lang);
    let SecondStepSeen::New(new) = page.seen else { return page };
    let errors = ["old", "passphrase"];
    let text = lang.text("second_step.wrong").to_owned();
    let errors = errors.map(|field| FieldError { field, text: text.clone() }).into();
    let seen = SecondStepSeen::Another(new);
    SecondStepPage { seen, errors, owes: false, ..page }
}
