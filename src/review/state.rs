//! Where the work on a gap stands after a step: the whole life of a gap in one function.

use jiff::Timestamp;

use super::record::{State, StateName, Step};
use super::row::GapRow;

/// What the state becomes by `step`. Total: a step that does not fit leaves the state as it is.
pub(super) fn after(row: &GapRow, step: &Step, at: Timestamp) -> State {
    let since = at;
    match step {
        Step::Take { owner } => State::Taken { owner: *owner, since },
        Step::Release => State::New,
        Step::LinkPage { address } => State::Done { address: address.clone(), since },
        Step::Dismiss { reason, inquiries } => {
            State::Dismissed { reason: reason.clone(), inquiries: *inquiries, since }
        }
        Step::Snooze { until } => State::Snoozed { until: *until, since },
        Step::Reopen => State::Reopened { since, why: None, address: row.state.address() },
        Step::Undo => row.before.clone(),
        Step::Verified { .. } => verified(&row.state, since),
        Step::NotYet { .. } | Step::Due { .. } | Step::Comment { .. } => row.state.clone(),
        Step::Reopened { why } => {
            State::Reopened { since, why: Some(*why), address: row.state.address() }
        }
    }
}

fn verified(state: &State, since: Timestamp) -> State {
    match state {
        State::Done { address, since: done } => {
            State::Verified { address: address.clone(), done: *done, since }
        }
        State::New
        | State::Taken { .. }
        | State::Verified { .. }
        | State::Reopened { .. }
        | State::Dismissed { .. }
        | State::Snoozed { .. } => state.clone(),
    }
}

impl State {
    /// The bare name.
    pub const fn name(&self) -> StateName {
        match self {
            Self::New => StateName::New,
            Self::Taken { .. } => StateName::Taken,
            Self::Done { .. } => StateName::Done,
            Self::Verified { .. } => StateName::Verified,
            Self::Reopened { .. } => StateName::Reopened,
            Self::Dismissed { .. } => StateName::Dismissed,
            Self::Snoozed { .. } => StateName::Snoozed,
        }
    }

    /// The state as it shows at `now`: a snooze that has run out shows as new.
    pub fn seen_at(&self, now: Timestamp) -> Self {
        match self {
            Self::Snoozed { until, .. } if *until <= now => Self::New,
            Self::New
            | Self::Taken { .. }
            | Self::Done { .. }
            | Self::Verified { .. }
            | Self::Reopened { .. }
            | Self::Dismissed { .. }
            | Self::Snoozed { .. } => self.clone(),
        }
    }

    /// The page that was linked, if any.
    pub fn address(&self) -> Option<String> {
        match self {
            Self::Done { address, .. } | Self::Verified { address, .. } => Some(address.clone()),
            Self::Reopened { address, .. } => address.clone(),
            Self::New | Self::Taken { .. } | Self::Dismissed { .. } | Self::Snoozed { .. } => None,
        }
    }

    /// Since when the state has been this one; none for a gap that nobody has touched.
    pub const fn since(&self) -> Option<Timestamp> {
        match self {
            Self::New => None,
            Self::Taken { since, .. }
            | Self::Done { since, .. }
            | Self::Verified { since, .. }
            | Self::Reopened { since, .. }
            | Self::Dismissed { since, .. }
            | Self::Snoozed { since, .. } => Some(*since),
        }
    }
}

impl StateName {
    /// Whether editors have it in front of them.
    pub const fn is_open(self) -> bool {
        match self {
            Self::New | Self::Taken | Self::Reopened => true,
            Self::Done | Self::Verified | Self::Dismissed | Self::Snoozed => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{Id, TopicNumber};
    use crate::record::{Change, decode};
    use crate::review::{Gap, GapEvent, Return};
    use crate::rows::{Head, Row};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn walk(steps: &[Step]) -> GapRow {
        let mut row = None;
        for (n, step) in steps.iter().enumerate() {
            let head = Head { seq: n as u64 + 1, at: at("2026-03-02T07:00:00Z") };
            let event = GapEvent::Changed { topic: TopicNumber(4), step: step.clone(), by: None };
            row = GapRow::fold(row, event, head);
        }
        row.unwrap()
    }

    #[track_caller]
    fn check(steps: &[Step], expected: StateName) {
        assert_eq!(walk(steps).state.name(), expected);
    }

    fn link() -> Step {
        Step::LinkPage { address: "https://www.example.org/a".to_owned() }
    }

    #[test]
    fn a_gap_goes_from_new_to_verified_and_back() {
        let take = Step::Take { owner: Id::derived(&[b"kari"]) };
        let verified = Step::Verified { found: 3, of: 3, missing: vec![] };
        let back = Step::Reopened { why: Return::KeepsComing { inquiries: 4 } };
        check(std::slice::from_ref(&take), StateName::Taken);
        check(&[take.clone(), link()], StateName::Done);
        check(&[take.clone(), link(), verified.clone()], StateName::Verified);
        check(&[take, link(), verified, back], StateName::Reopened);
    }

    #[test]
    fn only_a_linked_page_can_be_verified() {
        check(&[Step::Verified { found: 3, of: 3, missing: vec![] }], StateName::New);
    }

    #[test]
    fn undo_goes_one_step_back() {
        check(&[link(), Step::Undo], StateName::New);
        check(&[Step::Release, link(), Step::Reopen, Step::Undo], StateName::Done);
    }

    #[test]
    fn an_owner_and_a_day_outlast_the_link_and_can_be_undone() {
        let kari = Id::derived(&[b"kari"]);
        let until = Some(at("2026-03-20T23:00:00Z"));
        let take = Step::Take { owner: kari };
        let row = walk(&[take.clone(), Step::Due { until }, link()]);
        assert_eq!((row.owner, row.due), (Some(kari), until));
        let row = walk(&[take.clone(), Step::Due { until }, Step::Undo]);
        assert_eq!((row.owner, row.due, row.can_undo()), (Some(kari), None, false));
        let ola = Step::Take { owner: Id::derived(&[b"ola"]) };
        assert_eq!(walk(&[take, ola, Step::Undo]).owner, Some(kari));
    }

    #[test]
    fn a_comment_changes_nothing_else() {
        let said = Step::Comment { text: "ringt kulturkontoret".to_owned() };
        let row = walk(&[link(), said.clone(), Step::Undo]);
        assert_eq!((row.state.name(), row.comments.len()), (StateName::New, 1));
        let many = vec![said; GapRow::COMMENTS_MAX + 3];
        assert_eq!(walk(&many).comments.len(), GapRow::COMMENTS_MAX);
    }

    #[test]
    fn a_new_link_has_no_proof_yet() {
        let not_yet = Step::NotYet { found: 1, of: 3, missing: vec![] };
        assert_eq!(walk(&[link(), not_yet.clone()]).proof.map(|it| it.found), Some(1));
        assert_eq!(walk(&[link(), not_yet, link()]).proof, None);
    }

    #[test]
    fn a_snooze_runs_out_at_reading_time() {
        let until = at("2026-03-09T07:00:00Z");
        let state = walk(&[Step::Snooze { until }]).state;
        assert_eq!(state.seen_at(at("2026-03-09T06:59:59Z")).name(), StateName::Snoozed);
        assert_eq!(state.seen_at(until).name(), StateName::New);
    }

    #[test]
    fn an_event_survives_its_record() {
        let event = GapEvent::Changed { topic: TopicNumber(7), step: link(), by: None };
        let entity = Gap::entity(TopicNumber(7));
        let now = at("2026-03-02T07:00:00Z");
        let new = Change { entity, version: None, now }.batch(&event).records.remove(0);
        let record = crate::journal::Record {
            seq: 1,
            at: now,
            kind: new.kind,
            kind_version: new.kind_version,
            entity,
            version: 1,
            key: entity,
            payload: new.payload,
        };
        assert_eq!(decode::<GapEvent>(&record).unwrap(), event);
    }
}
