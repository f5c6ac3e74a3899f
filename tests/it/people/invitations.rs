//! One-time links: good once, for three days, until they are ended.

use jiff::SignedDuration;

use super::{can_sign_in, change, id_of, is_in, town};
use crate::harness::visitor::{Answer, PASSPHRASE, Visitor, add, choose, come, invite};

const KARI: [(&str, &str); 3] = [("login", "kari"), ("name", "Kari Nes"), ("role", "editor")];

#[test]
fn an_invitation_lets_its_person_choose_a_passphrase_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    let link = invite(&mut admin, &KARI);
    let page = admin.get("/admin/people").body;
    assert!(page.contains("Invitert") && !page.contains("/welcome/"), "shown once: {page}");
    let mut guest = Visitor::new(town.address);
    let onward = guest.get(&link);
    assert_eq!((onward.status, onward.location()), (303, "/welcome"));
    let referrer = |it: &Answer| it.headers.iter().find(|it| it.0 == "referrer-policy").cloned();
    assert_eq!(referrer(&onward).map(|it| it.1).as_deref(), Some("no-referrer"));
    let page = guest.get("/welcome");
    assert!(page.body.contains("Hei, Kari Nes") && page.body.contains("Fjordvik kommune"));
    assert_eq!(referrer(&page).map(|it| it.1).as_deref(), Some("no-referrer"));
    assert!(page.body.contains("autocomplete=\"new-password\""), "{}", page.body);
    assert!(!page.body.contains(&link["/welcome/".len() + 12..]), "the secret stands in no page");
    let weak = choose(&mut guest, &link, "Kari.Nes-2026");
    assert!(weak.status == 422 && weak.body.contains("mest namnet ditt"), "{}", weak.body);
    let mut kari = come(town.address, &link, PASSPHRASE);
    assert!(is_in(&mut kari) && kari.get("/gaps").status == 200);
    assert!(kari.cookie("skranke-welcome").is_none_or(str::is_empty), "nothing is left behind");
    assert_eq!(guest.get(&link).status, 404, "it is used up");
    assert_eq!(guest.get("/welcome").status, 404, "also for whoever followed it before");
    assert_eq!(choose(&mut guest, &link, PASSPHRASE).status, 404);
    assert!(can_sign_in(&town, "kari"));
    let twice = [&KARI[..], &[("change", "invite"), ("lang", "nn")]].concat();
    let twice = admin.submit("/admin/people", "/admin/people", &twice);
    assert!(twice.status == 422 && twice.body.contains("i bruk"), "{}", twice.body);
}

#[test]
fn an_invitation_runs_out_after_three_days_and_is_made_anew_or_ended() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, clock) = town(folder.path());
    let mut admin = town.set_up();
    let first = invite(&mut admin, &KARI);
    let (id, mut guest) = (id_of(&town, "kari"), Visitor::new(town.address));
    clock.advance_by(SignedDuration::from_hours(72) - SignedDuration::from_secs(1));
    assert_eq!(guest.get(&first).status, 303);
    clock.advance_by(SignedDuration::from_secs(1));
    assert_eq!(guest.get(&first).status, 404);
    let mut admin = Visitor::sign_in(town.address, "marit");
    assert!(admin.get("/admin/people").body.contains("Invitasjonen gjekk ut"));
    let path = format!("/admin/people/{id}");
    let second = admin.submit(&path, &path, &[("change", "link")]).link("/welcome/");
    let third = admin.submit(&path, &path, &[("change", "link")]).link("/welcome/");
    assert_eq!(guest.get(&second).status, 404, "another one took its place");
    assert_eq!((guest.get(&third).status, guest.get("/welcome").status), (303, 200));
    assert_eq!(change(&mut admin, id, &[("change", "end_link")]), 303);
    assert_eq!((guest.get(&third).status, guest.get("/welcome").status), (404, 404));
    let fourth = admin.submit(&path, &path, &[("change", "link")]).link("/welcome/");
    assert_eq!(change(&mut admin, id, &[("change", "disable")]), 303);
    assert_eq!(guest.get(&fourth).status, 404, "a closed account has no way in");
    for odd in ["x", &fourth[9..30], &"0".repeat(76)] {
        assert_eq!(guest.get(&format!("/welcome/{odd}")).status, 404, "{odd}");
    }
}

#[test]
fn a_link_for_a_new_passphrase_ends_sessions_when_it_is_used_and_not_before() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    let mut editor = add(&mut admin, "editor");
    let path = format!("/admin/people/{}", id_of(&town, "editor"));
    let link = admin.submit(&path, &path, &[("change", "link")]).link("/welcome/");
    assert!(is_in(&mut editor) && can_sign_in(&town, "editor"));
    let mut renewed = come(town.address, &link, "gule bananar paa loftet");
    assert!(is_in(&mut renewed) && !is_in(&mut editor));
    assert!(!can_sign_in(&town, "editor"), "the old passphrase is gone");
}

#[test]
fn nobody_chooses_for_another_whose_link_was_opened_in_a_second_window() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    let first = invite(&mut admin, &KARI);
    let ola = [("login", "ola"), ("name", "Ola Vik"), ("role", "editor")];
    let second = invite(&mut admin, &ola);
    let mut guest = Visitor::new(town.address);
    guest.get(&first);
    let csrf = guest.get("/welcome").csrf().expect("a form");
    guest.get(&second);
    let fields = [("passphrase", PASSPHRASE), ("link", &first[9..21])];
    let answer = guest.post("/welcome", &csrf, &fields).expect("an answer");
    assert_eq!((answer.status, answer.location()), (303, "/welcome"));
    assert!(guest.get("/welcome").body.contains("Hei, Ola Vik"));
    assert!(!can_sign_in(&town, "kari") && !can_sign_in(&town, "ola"));
}

#[test]
fn whoever_guesses_at_one_link_has_to_wait() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    let link = invite(&mut admin, &KARI);
    let mut guest = Visitor::new(town.address);
    let wrong = format!("{}{}", &link[..link.len() - 64], "0".repeat(64));
    let said: Vec<u16> = (0..7).map(|_| guest.get(&wrong).status).collect();
    assert_eq!((said[0], said[6]), (404, 429), "{said:?}");
}

#[test]
fn the_page_for_the_forgotten_passphrase_says_the_same_to_everybody() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    town.set_up();
    let mut guest = Visitor::new(town.address);
    assert!(guest.get("/sign-in").body.contains("href=\"/forgotten\""));
    assert!(guest.get("/forgotten").body.contains("skranke user reset"));
}
