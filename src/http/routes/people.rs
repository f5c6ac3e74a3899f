//! The places where one comes in, goes out and sets what is one's own.

use super::fields::{ADDRESS, LANGS, NAME, SECRET, may, must};
use super::table::row;
use super::{Input, Kind, Least, Output, Route, To, Verb};

pub(super) const ROUTES: &[Route] = &[
    row(Verb::Get, "/account", To::Account, Least::SignedIn).says("One's own account."),
    row(Verb::Get, "/welcome/{secret}", To::Welcome, Least::Anyone)
        .giving(Output::Onward)
        .says("Takes a one-time link out of the address and sends to the form."),
    row(Verb::Get, "/welcome", To::WelcomeForm, Least::Anyone)
        .says("The form by which whoever has a one-time link chooses a passphrase."),
    row(Verb::Post, "/welcome", To::DoWelcome, Least::Anyone)
        .taking(Input::Form(&[must("passphrase", SECRET), must("link", Kind::Text(12))]))
        .says("Sets the passphrase, uses the link up, and signs in."),
    row(Verb::Get, "/forgotten", To::Forgotten, Least::Anyone)
        .says("What to do when the passphrase is forgotten."),
    row(Verb::Get, "/sign-in", To::SignIn, Least::Anyone)
        .taking(Input::Query(&[
            may("next", ADDRESS),
            may("local", Kind::OneOf(&["yes"])),
            may("out", Kind::OneOf(&["yes"])),
        ]))
        .says("The form to sign in."),
    row(Verb::Post, "/sign-in", To::DoSignIn, Least::Anyone)
        .taking(Input::Form(&[
            must("login", Kind::Text(80)),
            must("passphrase", SECRET),
            may("next", ADDRESS),
        ]))
        .says("Signs in."),
    row(Verb::Get, "/sign-in/code", To::SignInCode, Least::Anyone)
        .says("Asks for the code after the passphrase."),
    row(Verb::Post, "/sign-in/code", To::DoSignInCode, Least::Anyone)
        .taking(Input::Form(&[must("code", Kind::Text(80))]))
        .says("Signs in by the code."),
    row(Verb::Get, "/sign-in/oidc", To::SignInBy, Least::Anyone)
        .taking(Input::Query(&[may("next", ADDRESS), may("unlock", Kind::OneOf(&["yes"]))]))
        .giving(Output::Onward)
        .says("Sends to the provider of identities."),
    row(Verb::Get, "/sign-in/oidc/back", To::CameBack, Least::Anyone)
        .taking(Input::Query(&[
            may("state", Kind::Text(200)),
            may("code", Kind::Text(4_096)),
            may("iss", ADDRESS),
            may("error", Kind::Text(200)),
        ]))
        .giving(Output::Onward)
        .says("Takes what the provider of identities answered."),
    row(Verb::Post, "/sign-in/oidc/ended", To::EndedByProvider, Least::Anyone)
        .taking(Input::Form(&[must("logout_token", Kind::Text(32_768))]))
        .says("Ends the sessions of whoever has signed out at the provider, as its token says."),
    row(Verb::Get, "/sign-in/oidc/out", To::SignOutBy, Least::Anyone)
        .giving(Output::Onward)
        .says("Sends to the provider of identities to sign out there as well."),
    row(Verb::Post, "/lock", To::Lock, Least::SignedIn)
        .taking(Input::Form(&[may("next", ADDRESS)]))
        .says("Locks one's session."),
    row(Verb::Get, "/locked", To::Locked, Least::Anyone)
        .taking(Input::Query(&[may("next", ADDRESS)]))
        .says("Says whose session is locked."),
    row(Verb::Post, "/unlock", To::Unlock, Least::Anyone)
        .taking(Input::Form(&[must("passphrase", SECRET), may("next", ADDRESS)]))
        .says("Unlocks one's session."),
    row(Verb::Get, "/account/second-step", To::SecondStep, Least::SignedIn)
        .taking(Input::Query(&[may("phone", Kind::OneOf(&["new"]))]))
        .says("One's own second step of signing in."),
    row(Verb::Post, "/account/second-step", To::ChangeSecondStep, Least::SignedIn)
        .taking(Input::Form(&[
            must("change", Kind::OneOf(&["set_up", "replace", "codes", "end"])),
            may("public", Kind::Text(32)),
            may("passphrase", SECRET),
            may("old", Kind::Text(80)),
            must("code", Kind::Text(80)),
        ]))
        .says(
            "Sets one's second step up, moves it to another telephone, makes its recovery codes \
             anew, or ends it.",
        ),
    row(Verb::Post, "/sign-out", To::SignOut, Least::Anyone).says("Signs out."),
    row(Verb::Get, "/setup", To::Setup, Least::Anyone).says("The form for the first start."),
    row(Verb::Post, "/setup", To::DoSetup, Least::Anyone)
        .taking(Input::Form(&[
            must("code", Kind::Text(40)),
            must("organisation", NAME),
            must("login", Kind::Text(80)),
            must("name", Kind::Text(120)),
            must("passphrase", SECRET),
        ]))
        .says("Makes the first administrator."),
    row(Verb::Post, "/lang", To::SetLang, Least::Anyone)
        .taking(Input::Form(&[must("lang", LANGS), may("next", ADDRESS)]))
        .says("Sets the language of the pages."),
    row(Verb::Get, "/api", To::Interface, Least::SignedIn)
        .says("The programming interface, for whoever writes a program against it."),
];
