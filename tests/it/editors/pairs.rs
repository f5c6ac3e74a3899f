//! Two editors save at the same time: one wins, and nothing that either has written is lost.

use std::time::Duration;

use jiff::Timestamp;
use skranke::app::App;
use skranke::clock::Clock;

use crate::harness::town::Town;
use crate::harness::visitor::{Answer, Visitor, add};

/// What the second one is told: the state that was seen is no longer the state that there is.
const TOO_LATE: u16 = 412;
/// They save within so many microseconds of each other.
const OFFSET_MICROS_MAX: u64 = 4_000;

/// How many pairs of editors save.
#[expect(clippy::disallowed_methods, reason = "a test's own setting")]
fn pairs() -> u64 {
    std::env::var("SKRANKE_EDITOR_PAIRS").map_or(50, |it| it.parse().expect("a number"))
}

/// Numbers that look random and are the same each time.
fn mixed(n: u64) -> u64 {
    (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

/// A form, and the field that holds the text.
#[derive(Clone, Copy)]
struct Form<'a> {
    on: &'a str,
    fixed: (&'a str, &'a str),
    text: &'a str,
}

fn save(by: &mut Visitor, form: Form<'_>, (csrf, version, text): (&str, &str, &str)) -> Answer {
    let fields = [("version", version), form.fixed, (form.text, text)];
    by.post(form.on, csrf, &fields).expect("an answer")
}

/// Both have read the same page; each saves after a moment of its own.
#[track_caller]
fn race([one, two]: [&mut Visitor; 2], (form, kept): (Form<'_>, &dyn Fn() -> String), n: u64) {
    let pages = [one.get(form.on), two.get(form.on)];
    let texts = [format!("fyrste tekst nummer {n}"), format!("andre tekst nummer {n}")];
    let wait = |n: u64| Duration::from_micros(mixed(n) % OFFSET_MICROS_MAX);
    let send = |by: &mut Visitor, at: usize| {
        std::thread::park_timeout(wait(2 * n + at as u64));
        let (csrf, version) = (pages[at].csrf().expect("a form"), pages[at].hidden("version"));
        save(by, form, (&csrf, &version, &texts[at]))
    };
    let answers = std::thread::scope(|scope| {
        let first = scope.spawn(|| send(one, 0));
        let second = send(two, 1);
        [first.join().expect("no panic"), second]
    });
    let winners: Vec<usize> = (0..2).filter(|at| answers[*at].status == 303).collect();
    let [winner] = winners[..] else {
        panic!("pair {n}: {} and {}", answers[0].status, answers[1].status);
    };
    let loser = 1 - winner;
    let told = &answers[loser];
    assert_eq!(told.status, TOO_LATE, "pair {n}");
    assert!(told.body.contains(&texts[loser]), "pair {n}: the text is gone: {}", told.body);
    // A topic's form shows its own text alone in each field.
    let shows_both = form.on.starts_with("/gaps/");
    assert!(!shows_both || told.body.contains(&texts[winner]), "pair {n}: {}", told.body);
    let now = kept();
    assert!(!now.contains(&texts[loser]), "pair {n}: the second one won, too");
    assert!(now.contains(&texts[winner]), "pair {n}: the winner's text is gone: {now}");
}

/// All that editors have written, as it is kept.
fn kept(app: &App) -> String {
    app.settle().expect("folded");
    let topic = app.state.topics.all().first().map(|it| it.row.clone());
    let gap = app.state.gaps.all().first().map(|it| it.row.state.clone());
    format!("{topic:?} {gap:?}")
}

#[test]
fn of_two_editors_who_save_at_once_one_wins_and_no_text_is_lost() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let start: Timestamp = "2026-03-02T08:00:00Z".parse().expect("a time");
    let town = Town::open(&folder.path().join("data"), &Clock::fixed(start));
    let mut admin = town.set_up();
    let mut editor = add(&mut admin, "editor");
    for text in ["når opnar symjehallen", "når opnar symjehallen i dag", "symjehallen opnar når"]
    {
        let key = admin.get("/").hidden("key");
        let fields = [("key", key.as_str()), ("text", text), ("channel", "phone"), ("act", "save")];
        assert_eq!(admin.submit("/", "/log", &fields).status, 303);
    }
    town.app.group().expect("grouped");
    town.app.settle().expect("folded");
    let kept = || kept(&town.app);
    let forms = [
        Form { on: "/topics/T1", fixed: ("decision", "set_answer"), text: "answer" },
        Form { on: "/topics/T1", fixed: ("decision", "rename"), text: "name" },
        Form { on: "/gaps/T1", fixed: ("step", "dismiss"), text: "reason" },
    ];
    for n in 0..pairs() {
        let at = usize::try_from(n).expect("few") % forms.len();
        race([&mut admin, &mut editor], (forms[at], &kept), n);
    }
}
