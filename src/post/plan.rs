//! When a reader's letter is due, and when one that was not taken is tried again.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::letter::{LetterRow, Outcome, Telling};
use super::reader::{Often, ReaderRow};
use crate::schedule::Rhythm;
use crate::week::Week;

/// So long after a try in vain comes the next; the last one holds for all further.
const PAUSES: [SignedDuration; 4] = [
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(15),
    SignedDuration::from_mins(60),
];
/// After so long in vain a letter is given up ...
const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// ... when it was tried so often: a machine that slept for a day has tried nothing.
const TRIES_MIN: u32 = 4;

/// What the digest after `week` tells a reader: the week, the month that it ends, or nothing.
pub fn telling(often: Often, week: Week) -> Option<Telling> {
    match often {
        Often::Weekly => Some(Telling::Week(week)),
        Often::Monthly => week.is_last_of_month().then_some(Telling::Month(week)),
        Often::Never => None,
    }
}

/// When the letter of `week` comes to a reader: at the reader's own time in the week after it, or
/// at the `usual` one.
pub fn due_at(
    row: &ReaderRow,
    (week, usual): (Week, Rhythm),
    zone: &TimeZone,
) -> Option<Timestamp> {
    let monday = week.plus(1).start(zone) - SignedDuration::from_nanos(1);
    row.wishes.at.unwrap_or(usual).next(monday, zone)
}

/// What is to be done with a letter that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextTry {
    /// Send it.
    Now,
    /// Leave it alone until then.
    At(Timestamp),
}

/// Decides whether a waiting letter is sent at `now`.
pub fn next_try(row: &LetterRow, now: Timestamp) -> NextTry {
    let Some(tries) = &row.tries else { return NextTry::Now };
    let at = tries.last.checked_add(pause(tries.n)).unwrap_or(Timestamp::MAX);
    // A last try in the future was made by a clock that was wrong.
    if at <= now || now < tries.last { NextTry::Now } else { NextTry::At(at) }
}

/// How long to wait after so many tries in vain.
pub fn pause(tries: u32) -> SignedDuration {
    let nth = usize::try_from(tries).unwrap_or(usize::MAX).saturating_sub(1);
    PAUSES[nth.min(PAUSES.len() - 1)]
}

/// How a letter ends that was not taken at `now`, after so many tries in vain; none when it is
/// tried again.
pub fn gives_up(row: &LetterRow, tries: u32, now: Timestamp) -> Option<Outcome> {
    let is_old = GIVE_UP_AFTER <= now.duration_since(row.written);
    (is_old && TRIES_MIN <= tries).then_some(Outcome::GivenUp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;
    use crate::messages::Lang;
    use crate::post::{LetterEvent, ReaderEvent, Way, Wishes};
    use crate::rows::{Head, Row};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn week(text: &str) -> Week {
        text.parse().unwrap()
    }

    fn reader(own: Option<&str>) -> ReaderRow {
        let wishes = Wishes { at: own.map(|it| it.parse().unwrap()), ..Wishes::default() };
        let event = ReaderEvent::Added {
            name: "Kari".to_owned(),
            mail: "kari@example.org".to_owned(),
            lang: Lang::Nn,
            by: None,
            wishes,
            person: None,
            asks: false,
            chat: None,
            key: String::new(),
        };
        ReaderRow::fold(None, event, Head { seq: 1, at: Timestamp::UNIX_EPOCH }).unwrap()
    }

    #[track_caller]
    fn check_due(own: Option<&str>, of: &str, expected: &str) {
        let zone = TimeZone::get("Europe/Oslo").unwrap();
        let usual = "monday 07:30".parse().unwrap();
        assert_eq!(due_at(&reader(own), (week(of), usual), &zone), Some(at(expected)));
    }

    #[test]
    fn a_letter_comes_in_the_week_after_the_one_it_tells_of() {
        check_due(None, "2026-W10", "2026-03-09T06:30:00Z");
        check_due(Some("thursday 13:00"), "2026-W10", "2026-03-12T12:00:00Z");
        // The clocks skip half past two in the night to 29 March, and show it twice in October.
        check_due(Some("sunday 02:30"), "2026-W12", "2026-03-29T01:30:00Z");
        check_due(Some("sunday 02:30"), "2026-W42", "2026-10-25T00:30:00Z");
        // Week 53, and the year that begins in it.
        check_due(None, "2026-W53", "2027-01-04T06:30:00Z");
        check_due(Some("friday 08:00"), "2026-W52", "2027-01-01T07:00:00Z");
    }

    fn letter(written: &str, tried: &[&str]) -> LetterRow {
        let reader = Id::derived(&[b"a"]);
        let (of, message_id) = (Telling::Week(week("2026-W10")), "x@y".to_owned());
        let made = LetterEvent::Made { reader, of, message_id, way: Way::Mail };
        let mut row = LetterRow::fold(None, made, Head { seq: 1, at: at(written) });
        for when in tried {
            let event = LetterEvent::Tried { says: "450 later".to_owned() };
            row = LetterRow::fold(row, event, Head { seq: 2, at: at(when) });
        }
        row.unwrap()
    }

    #[test]
    fn pauses_grow_to_an_hour_and_after_a_day_of_tries_it_is_given_up() {
        let monday = "2026-03-09T06:30:00Z";
        let (mut row, mut now, mut tries) = (letter(monday, &[]), at(monday), vec![]);
        let end = loop {
            match next_try(&row, now) {
                NextTry::At(at) => now = at,
                NextTry::Now => {
                    let n = row.tries.as_ref().map_or(0, |it| it.n) + 1;
                    tries.push(now.duration_since(row.written).as_mins());
                    if let Some(end) = gives_up(&row, n, now) {
                        break end;
                    }
                    let tried = LetterEvent::Tried { says: "450 later".to_owned() };
                    row = LetterRow::fold(Some(row), tried, Head { seq: 9, at: now }).unwrap();
                }
            }
        };
        assert_eq!(&tries[..6], [0, 1, 6, 21, 81, 141]);
        assert_eq!((end, *tries.last().unwrap()), (Outcome::GivenUp, 1_461));
    }

    #[test]
    fn a_machine_that_slept_for_days_tries_before_it_gives_up() {
        let row = letter("2026-03-09T06:30:00Z", &[]);
        let later = at("2026-03-12T06:30:00Z");
        assert_eq!(next_try(&row, later), NextTry::Now);
        assert_eq!(gives_up(&row, 1, later), None);
    }

    #[test]
    fn a_try_by_a_clock_that_was_ahead_holds_nothing_up() {
        let row = letter("2026-03-09T06:30:00Z", &["2036-03-09T06:30:00Z"]);
        assert_eq!(next_try(&row, at("2026-03-09T06:31:00Z")), NextTry::Now);
    }
}
