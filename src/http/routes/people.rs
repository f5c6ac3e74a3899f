//! The places where one comes in, goes out and sets what is one's own.

use super::fields::{ADDRESS, LANGS, NAME, SECRET, may, must};
use super::table::row;
use super::{Input, Kind, Least, Route, To, Verb};

pub(super) const ROUTES: &[Route] = &[
    row(Verb::Get, "/account", To::Account, Least::SignedIn).says("One's own account."),
    row(Verb::Get, "/sign-in", To::SignIn, Least::Anyone)
        .taking(Input::Query(&[may("next", ADDRESS)]))
        .says("The form to sign in."),
    row(Verb::Post, "/sign-in", To::DoSignIn, Least::Anyone)
        .taking(Input::Form(&[
            must("login", Kind::Text(80)),
            must("passphrase", SECRET),
            may("next", ADDRESS),
        ]))
        .says("Signs in."),
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
