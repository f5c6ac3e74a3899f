//! Help on a running service: without signing in, by its words, in the reader's language.

use skranke::clock::Clock;

use crate::harness::town::Town;
use crate::harness::visitor::Visitor;

#[test]
fn help_is_there_for_everybody_and_is_found_by_its_words() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed("2026-03-10T12:00:00Z".parse().expect("an instant"));
    let town = Town::open(folder.path(), &clock);
    let mut anybody = Visitor::new(town.address);
    let list = anybody.get("/help");
    assert!(list.status == 200 && list.body.contains("href=\"/help/offline\""), "{}", list.body);
    let page = anybody.get("/help/offline");
    assert!(page.status == 200 && page.body.contains("id=\"drafts\""), "{}", page.body);
    let found = anybody.get("/help?q=full+disk").body;
    assert!(found.contains("/help/backup#disk"), "{found}");
    let none = anybody.get("/help?q=xyzzy").body;
    assert!(none.contains("Fann ikkje noko om «xyzzy»"), "{none}");
    let odd = anybody.get("/help?q=%3Cscript%3Ealert(1)%3C/script%3E").body;
    assert!(!odd.contains("<script>alert"), "{odd}");
    assert_eq!(anybody.get("/help/nothing").status, 404);
    let mut admin = town.set_up();
    assert!(admin.get("/admin/jobs").body.contains("href=\"/help/setup#jobs\""));
    assert_eq!(admin.submit("/help", "/lang", &[("lang", "en"), ("next", "/help")]).status, 303);
    assert!(admin.get("/help/offline").body.contains("When you are cut off"));
}
