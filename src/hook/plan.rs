//! When which piece of news is to be sent, and when a webhook has to stop.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{HookRow, NewsRow};
use crate::rows::Stored;

/// So long after a try in vain comes the next; the last one holds for all further.
const PAUSES: [SignedDuration; 6] = [
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(6),
    SignedDuration::from_hours(24),
];
/// After so long in vain it stops and says so.
pub const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(3 * 24);
/// News older than this is none.
pub const NEWS_AGE_MAX: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What a webhook is to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Send this piece of news.
    Send(Uuid),
    /// Stop: this long nothing was taken.
    Stop,
    /// Nothing.
    Rest,
}

/// Decides what a webhook does at `now` about `news`, oldest first.
pub fn next<'a>(
    hook: &HookRow,
    news: impl Iterator<Item = &'a Stored<NewsRow>>,
    now: Timestamp,
) -> Next {
    if !hook.is_at_work() {
        return Next::Rest;
    }
    let is_wanted = |it: &&Stored<NewsRow>| {
        hook.since < it.first
            && hook.facts.of.contains(&it.row.what)
            && !hook.taken.contains(&it.id)
            && now.duration_since(it.row.at) < NEWS_AGE_MAX
    };
    for it in news.filter(is_wanted) {
        let Some(tries) = hook.waiting.get(&it.id) else { return Next::Send(it.id) };
        if GIVE_UP_AFTER <= now.duration_since(tries.first) {
            return Next::Stop;
        }
        let nth = usize::try_from(tries.n).unwrap_or(usize::MAX).saturating_sub(1);
        let pause = PAUSES[nth.min(PAUSES.len() - 1)];
        if pause <= now.duration_since(tries.last) {
            return Next::Send(it.id);
        }
    }
    Next::Rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hook::{Happening, HookAnswer, HookEvent, HookFacts, HookFault};
    use crate::id::TopicNumber;
    use crate::rows::{Head, Row};

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    fn fold(row: Option<HookRow>, event: HookEvent, minutes: i64) -> Option<HookRow> {
        HookRow::fold(row, event, Head { seq: 5, at: at(minutes) })
    }

    fn hook() -> HookRow {
        let address = "https://x.example".to_owned();
        let facts = HookFacts { address, of: vec![Happening::New], allow_private: false };
        fold(None, HookEvent::Made { facts, by: None }, 0).unwrap()
    }

    fn news(first: u64, what: Happening) -> Stored<NewsRow> {
        let row = NewsRow { topic: TopicNumber(4), what, at: at(0) };
        Stored { first, last: first, id: Uuid::from_u128(first.into()), version: 1, row }
    }

    fn failed(row: HookRow, minutes: i64) -> HookRow {
        let answer = HookAnswer::None(HookFault::TimedOut);
        fold(Some(row), HookEvent::Tried { news: Uuid::from_u128(9), answer }, minutes).unwrap()
    }

    #[test]
    fn what_came_before_what_is_not_wanted_and_what_was_taken_is_not_sent() {
        let all = [news(4, Happening::New), news(8, Happening::Verified), news(9, Happening::New)];
        let send = Next::Send(Uuid::from_u128(9));
        assert_eq!(next(&hook(), all.iter(), at(1)), send);
        assert_eq!(next(&hook(), all[..2].iter(), at(1)), Next::Rest);
        assert_eq!(next(&hook(), all.iter(), at(7 * 24 * 60)), Next::Rest, "too old");
        let tried = HookEvent::Tried { news: all[2].id, answer: HookAnswer::Status(204) };
        let taken = fold(Some(hook()), tried, 1).unwrap();
        assert_eq!(next(&taken, all.iter(), at(2)), Next::Rest);
    }

    #[test]
    fn pauses_grow_and_after_three_days_it_stops_until_somebody_says_go_on() {
        let all = [news(9, Happening::New)];
        let send = Next::Send(all[0].id);
        let (mut row, mut now) = (hook(), 1);
        for pause in [1, 5, 30, 120, 360, 1_440, 1_440] {
            assert_eq!(next(&row, all.iter(), at(now)), send, "minute {now}");
            row = failed(row, now);
            assert_eq!(next(&row, all.iter(), at(now + pause - 1)), Next::Rest, "minute {now}");
            now += pause;
        }
        assert_eq!(next(&row, all.iter(), at(now)), send);
        row = failed(row, now);
        assert_eq!(next(&row, all.iter(), at(3 * 24 * 60)), Next::Rest);
        assert_eq!(next(&row, all.iter(), at(3 * 24 * 60 + 1)), Next::Stop);
        let stopped = fold(Some(row), HookEvent::Stopped, now).unwrap();
        assert_eq!(next(&stopped, all.iter(), at(3 * 24 * 60 + 1)), Next::Rest);
        let resumed = fold(Some(stopped), HookEvent::Resumed { by: None }, now).unwrap();
        assert_eq!(next(&resumed, all.iter(), at(3 * 24 * 60 + 2)), send);
    }
}
