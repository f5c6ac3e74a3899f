//! The connections that are held: what each is at, which one makes room, and which took too long.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::Limits;
use super::client::AddressKey;
use crate::http::metrics::Traffic;

/// What a connection is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// It was made, and nothing was asked yet.
    Arriving,
    /// A part of a header has come.
    Asking,
    /// Something was answered, and nothing more was asked.
    Idle,
    /// The header is whole, and the body is on its way.
    Receiving,
    /// The answer is being made.
    Answering,
    /// The answer is on its way.
    Sending,
}

impl Stage {
    /// Whether nothing whole was asked, so that nothing is lost with the connection.
    fn is_waiting(self) -> bool {
        matches!(self, Self::Arriving | Self::Asking | Self::Idle)
    }

    /// How long a connection may be at it.
    fn limit(self, limits: &Limits) -> Option<Duration> {
        match self {
            Self::Arriving | Self::Asking => Some(limits.header_timeout),
            Self::Idle => Some(limits.idle_timeout),
            // Whoever reads the body answers first; this is for when nobody does.
            Self::Receiving => Some(limits.body_timeout + limits.body_timeout / 4),
            Self::Answering => None,
            Self::Sending => Some(limits.send_timeout),
        }
    }
}

/// The place of one connection.
#[derive(Debug)]
pub(super) struct Seat {
    id: u64,
    key: Option<AddressKey>,
    stage: Mutex<(Stage, Instant)>,
    /// Whether all that was asked has been answered, and the answers have left.
    pub(super) is_clean: AtomicBool,
    /// Whether a part of a body was never read.
    pub(super) has_unread: AtomicBool,
    /// Cancelled when the connection is to end at once.
    pub(super) end: CancellationToken,
}

impl Seat {
    fn at(&self) -> MutexGuard<'_, (Stage, Instant)> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What it is at.
    pub(super) fn stage(&self) -> Stage {
        self.at().0
    }

    /// It is at something else from now on.
    pub(super) fn is_now(&self, stage: Stage) {
        *self.at() = (stage, Instant::now());
    }

    /// Bytes have come. The time of a first header counts from the connection on.
    pub(super) fn heard(&self) {
        let mut at = self.at();
        match at.0 {
            Stage::Arriving => at.0 = Stage::Asking,
            Stage::Idle => *at = (Stage::Asking, Instant::now()),
            Stage::Asking | Stage::Receiving | Stage::Answering | Stage::Sending => {}
        }
    }

    /// Bytes have left.
    pub(super) fn sent(&self) {
        let mut at = self.at();
        if at.0 == Stage::Sending {
            at.1 = Instant::now();
        }
    }

    /// A whole header has come.
    pub(super) fn asked(&self, has_body: bool) {
        self.is_clean.store(false, Ordering::SeqCst);
        self.has_unread.store(has_body, Ordering::SeqCst);
        self.is_now(if has_body { Stage::Receiving } else { Stage::Answering });
    }

    /// The whole body has come.
    pub(super) fn received(&self) {
        self.has_unread.store(false, Ordering::SeqCst);
        let mut at = self.at();
        if at.0 == Stage::Receiving {
            *at = (Stage::Answering, Instant::now());
        }
    }
}

/// All connections.
#[derive(Debug)]
pub(super) struct Seats {
    limits: Limits,
    traffic: Arc<Traffic>,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    next: u64,
    seats: HashMap<u64, Arc<Seat>>,
    by_address: HashMap<AddressKey, usize>,
}

impl Taken {
    fn remove(&mut self, id: u64) -> Option<Arc<Seat>> {
        let seat = self.seats.remove(&id)?;
        if let Some(key) = seat.key
            && let Some(count) = self.by_address.get_mut(&key)
        {
            *count -= 1;
            if *count == 0 {
                self.by_address.remove(&key);
            }
        }
        Some(seat)
    }

    /// The connection that gives its place up: the one that has waited longest without a whole
    /// header, else the one whose body has been longest on its way.
    fn longest_waiting(&self, of: Option<AddressKey>) -> Option<u64> {
        let found = self.seats.values().filter(|it| of.is_none() || it.key == of);
        let found = found.filter_map(|it| {
            let (stage, since) = *it.at();
            let rank = match stage {
                stage if stage.is_waiting() => 0,
                Stage::Receiving => 1,
                _ => return None,
            };
            Some((rank, since, it.id))
        });
        found.min().map(|it| it.2)
    }

    fn is_full_of(&self, key: Option<AddressKey>, max: usize) -> bool {
        key.and_then(|it| self.by_address.get(&it)).is_some_and(|it| max <= *it)
    }
}

impl Seats {
    pub(super) fn new(limits: Limits, traffic: Arc<Traffic>) -> Self {
        Self { limits, traffic, taken: Mutex::default() }
    }

    fn held(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place for a new connection, if need be that of whoever has waited longest. None
    /// where all others are being answered. `key` is none for a trusted proxy: it comes for many.
    pub(super) fn take(&self, key: Option<AddressKey>) -> Option<Arc<Seat>> {
        let mut taken = self.held();
        let is_full = self.limits.connections_max <= taken.seats.len();
        let is_full_of = taken.is_full_of(key, self.limits.per_address_max);
        if is_full || is_full_of {
            let of = key.filter(|_| is_full_of);
            let Some(victim) = taken.longest_waiting(of).and_then(|it| taken.remove(it)) else {
                self.traffic.refused_connections.add(1);
                return None;
            };
            victim.end.cancel();
            self.traffic.closed_for_room.add(1);
        }
        taken.next += 1;
        let seat = Arc::new(Seat {
            id: taken.next,
            key,
            stage: Mutex::new((Stage::Arriving, Instant::now())),
            is_clean: AtomicBool::new(true),
            has_unread: AtomicBool::new(false),
            end: CancellationToken::new(),
        });
        taken.seats.insert(seat.id, Arc::clone(&seat));
        if let Some(key) = key {
            *taken.by_address.entry(key).or_default() += 1;
        }
        self.traffic.connections.set(taken.seats.len());
        Some(seat)
    }

    /// Gives a place back.
    pub(super) fn leave(&self, seat: &Seat) {
        let mut taken = self.held();
        taken.remove(seat.id);
        self.traffic.connections.set(taken.seats.len());
    }

    /// Ends whatever has taken longer than it may.
    pub(super) fn end_late(&self, now: Instant) {
        let is_late = |it: &Seat| {
            let (stage, since) = *it.at();
            let late = stage.limit(&self.limits).filter(|&it| it <= now.duration_since(since));
            late.map(|_| stage)
        };
        for (seat, stage) in self.held().seats.values().filter_map(|it| Some((it, is_late(it)?))) {
            // A connection that ended in good time after its last answer is no event.
            if stage != Stage::Idle && !seat.end.is_cancelled() {
                self.traffic.closed_late.add(1);
            }
            seat.end.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seats(connections_max: usize, per_address_max: usize) -> Seats {
        let limits = Limits { connections_max, per_address_max, ..Limits::default() };
        Seats::new(limits, Arc::default())
    }

    fn key(n: u8) -> Option<AddressKey> {
        Some(AddressKey::of([192, 0, 2, n].into()))
    }

    #[test]
    fn whoever_has_waited_longest_makes_room_and_who_is_answered_stays() {
        let seats = seats(3, 3);
        let [one, two, three] = [1, 2, 3].map(|n| seats.take(key(n)).unwrap());
        one.asked(false);
        let four = seats.take(key(4)).unwrap();
        assert_eq!(
            [&one, &two, &three, &four].map(|it| it.end.is_cancelled()),
            [false, true, false, false]
        );
        three.asked(true);
        four.asked(false);
        assert!(seats.take(key(5)).is_some(), "a body on its way is given up next");
        assert!(three.end.is_cancelled());
    }

    #[test]
    fn nobody_is_let_in_where_all_are_answered() {
        let seats = seats(1, 1);
        let one = seats.take(None).unwrap();
        one.asked(false);
        assert!(seats.take(None).is_none());
        seats.leave(&one);
        assert!(seats.take(None).is_some());
    }

    #[test]
    fn one_address_takes_from_itself_and_a_proxy_has_no_limit_of_its_own() {
        let seats = seats(10, 2);
        let other = seats.take(key(2)).unwrap();
        let own: Vec<_> = (0..3).map(|_| seats.take(key(1)).unwrap()).collect();
        assert!(own[0].end.is_cancelled() && !own[1].end.is_cancelled());
        assert!(!other.end.is_cancelled());
        let by_proxy: Vec<_> = (0..5).map(|_| seats.take(None).unwrap()).collect();
        assert!(by_proxy.iter().all(|it| !it.end.is_cancelled()));
    }

    #[test]
    fn each_stage_has_its_time() {
        let seats = seats(10, 10);
        let seat = seats.take(None).unwrap();
        let after = |seconds| Instant::now() + Duration::from_secs(seconds);
        seats.end_late(after(4));
        assert!(!seat.end.is_cancelled());
        for stage in [Stage::Idle, Stage::Answering, Stage::Receiving, Stage::Sending] {
            seat.is_now(stage);
            seats.end_late(after(29));
            assert!(!seat.end.is_cancelled(), "{stage:?}");
        }
        seat.is_now(Stage::Idle);
        seat.heard();
        seats.end_late(after(6));
        assert!(seat.end.is_cancelled(), "a half header after an answer");
    }
}
