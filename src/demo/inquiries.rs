//! Twelve weeks of questions as three desks noted them, and what came of each.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::time;

use super::calendar::{Calendar, LEGEKONTORET, NORDBYGDA, RADHUSET, WEEKS, hours};
use super::content::DemoError;
use super::need::{Kind, Need, asked_once, needs};
use super::noise::noted;
use crate::effect::Random;

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoInquiry {
    /// When it was asked.
    pub at: Timestamp,
    /// phone, desk, email or chat.
    pub channel: &'static str,
    /// Where it was asked.
    pub desk: String,
    /// What was noted; none for a +1.
    pub text: Option<String>,
    /// `page`, `same_as`, `answered`, `not_on_site`, `passed_on`, `own_case` or `unknown`.
    pub outcome: &'static str,
    /// The place, in the same list, of the inquiry that this one repeats; always an earlier one.
    pub same_as: Option<usize>,
    /// How many times it was asked; more than 1 after a rush only.
    pub count: u32,
    /// What the desk answered.
    pub note: Option<String>,
    /// The path of the page that the desk answered from.
    pub page: Option<String>,
    /// The recurring question behind it. For tests and figures: nothing of the demo may read it.
    pub need: Option<String>,
    /// How the website stands to it at that time. For tests and figures, too.
    pub kind: Kind,
}

/// The seed of all that looks random.
const SEED: u64 = 0x5eed_f0f1_0d0d_1c45;
/// So much of what is asked again is noted as +1.
const REPEATS: f64 = 0.135;
/// So much of the +1 is a count after a rush.
const RUSHES: f64 = 0.07;
/// So much of a need is asked in its most usual wording.
const USUAL: f64 = 0.08;
/// So much is noted in the very words of the wording.
const UNCHANGED: f64 = 0.45;

/// All questions until the calendar's end, by time.
pub fn generate(calendar: &Calendar) -> Result<Vec<DemoInquiry>, DemoError> {
    let needs = needs()?;
    let mut asked = ask_needs(&needs, calendar);
    asked.extend(ask_once(asked_once()?, calendar));
    asked.retain(|it| it.at <= calendar.end());
    asked.sort_by_key(|it| (it.at, it.order));
    let mut desk = Desk::new(&needs);
    for it in asked {
        desk.note(it, calendar);
    }
    Ok(desk.log)
}

/// Somebody asks; what is noted is decided in the order of time.
struct Asked {
    at: Timestamp,
    desk: &'static str,
    channel: &'static str,
    /// The need's place, or the text asked only once.
    what: What,
    /// Settles two at the same instant.
    order: (usize, usize),
}

enum What {
    Need(usize),
    Once(String),
}

fn ask_needs(needs: &[Need], calendar: &Calendar) -> Vec<Asked> {
    let mut asked = Vec::new();
    for (place, need) in needs.iter().enumerate() {
        for week in 1..=WEEKS + 1 {
            let number = u64::try_from(place).expect("needs are few");
            let mut random = Random::part(SEED, &[number, u64::from(week)]);
            let expected = need.weekly * need.curve.factor(week);
            let mut times = 0;
            // A whole number near the expected one, over it in as many weeks as its rest says.
            while f64::from(times) + random.share() < expected {
                times += 1;
            }
            for turn in 0..times {
                let turn = usize::try_from(turn).expect("a week has few turns");
                let desk = desk_for(need.desk.as_deref(), &mut random);
                let slot = Slot { week, desk };
                let (at, channel) = moment(slot, calendar, &mut random);
                asked.push(Asked {
                    at,
                    desk,
                    channel,
                    what: What::Need(place),
                    order: (place, turn),
                });
            }
        }
    }
    asked
}

fn ask_once(texts: Vec<String>, calendar: &Calendar) -> Vec<Asked> {
    let mut random = Random::part(SEED, &[1_000_003]);
    let mut asked = Vec::new();
    for (turn, text) in texts.into_iter().enumerate() {
        let week = 1 + u8::try_from(random.below(usize::from(WEEKS))).unwrap_or(0);
        let desk = desk_for(None, &mut random);
        let (at, channel) = moment(Slot { week, desk }, calendar, &mut random);
        let order = (usize::MAX, turn);
        asked.push(Asked { at, desk, channel, what: What::Once(text), order });
    }
    asked
}

fn desk_for(usual: Option<&str>, random: &mut Random) -> &'static str {
    let medical = usual == Some(LEGEKONTORET);
    let weights = if medical { [0.15, 0.10, 0.75] } else { [0.66, 0.34, 0.0] };
    [RADHUSET, NORDBYGDA, LEGEKONTORET][random.weighted(&weights)]
}

#[derive(Clone, Copy)]
struct Slot {
    week: u8,
    desk: &'static str,
}

/// A moment in a week while the desk is open, and the channel then: more on Mondays and in the
/// mornings.
fn moment(slot: Slot, calendar: &Calendar, random: &mut Random) -> (Timestamp, &'static str) {
    let day = 1 + u8::try_from(random.weighted(&[0.30, 0.20, 0.18, 0.17, 0.15])).unwrap_or(0);
    let (from, to) = hours(slot.desk, day);
    let late = random.share().powf(1.35);
    let mut minute = from;
    while f64::from(minute + 1 - from) <= late * f64::from(to - from) && minute + 1 < to {
        minute += 1;
    }
    let hour = i8::try_from(minute / 60).unwrap_or(9);
    let in_hour = i8::try_from(minute % 60).unwrap_or(0);
    let second = i8::try_from(random.below(60)).unwrap_or(0);
    let at = calendar.at(slot.week, day, time(hour, in_hour, second, 0));
    let chat_open = (9..14).contains(&hour);
    let weights = [0.60, 0.22, 0.11, if chat_open { 0.07 } else { 0.0 }];
    (at, ["phone", "desk", "email", "chat"][random.weighted(&weights)])
}

/// The colleagues' log as it grows.
struct Desk<'a> {
    needs: &'a [Need],
    log: Vec<DemoInquiry>,
    /// By need: the wordings still to come, and the places of what was noted in words.
    decks: BTreeMap<usize, (Vec<usize>, Vec<usize>)>,
    random: Random,
    owned: usize,
}

impl<'a> Desk<'a> {
    fn new(needs: &'a [Need]) -> Self {
        let random = Random::part(SEED, &[2_000_003]);
        Self { needs, log: Vec::new(), decks: BTreeMap::new(), random, owned: 0 }
    }

    fn note(&mut self, asked: Asked, calendar: &Calendar) {
        let Asked { at, desk, channel, what, .. } = asked;
        let mut entry = DemoInquiry {
            at,
            channel,
            desk: desk.to_owned(),
            text: None,
            outcome: "unknown",
            same_as: None,
            count: 1,
            note: None,
            page: None,
            need: None,
            kind: Kind::Once,
        };
        match what {
            What::Once(text) => {
                entry.text = Some(text);
                entry.outcome = self.random.pick(&["unknown", "answered", "passed_on", "unknown"]);
            }
            What::Need(place) => self.fill(&mut entry, place, calendar.week_at(at)),
        }
        self.log.push(entry);
    }

    fn fill(&mut self, entry: &mut DemoInquiry, place: usize, week: u8) {
        let needs = self.needs;
        let need = &needs[place];
        entry.need = Some(need.key.clone());
        entry.kind = need.kind_in(week);
        let (_, noted_before) = self.decks.entry(place).or_default();
        if !noted_before.is_empty() && self.random.chance(REPEATS) {
            entry.same_as = Some(self.random.pick(noted_before));
            entry.outcome = "same_as";
            if self.random.chance(RUSHES) {
                entry.count = 2 + u32::try_from(self.random.below(5)).unwrap_or(0);
            }
            return;
        }
        noted_before.push(self.log.len());
        entry.text = Some(self.words(place));
        entry.outcome = outcome(entry.kind, &mut self.random);
        entry.note = self.spoken(need, entry.outcome);
        entry.page = need.page.clone().filter(|_| entry.outcome == "page");
    }

    /// The next wording of a need as noted. The usual one of each tongue comes first, word for
    /// word, so that editors' actions can name it.
    fn words(&mut self, place: usize) -> String {
        let needs = self.needs;
        let need = &needs[place];
        let usual = need.usual();
        let (deck, noted_before) = self.decks.entry(place).or_default();
        if let Some(at) = usual.get(noted_before.len().saturating_sub(1)) {
            return need.wordings[*at].text.clone();
        }
        let first_round = noted_before.len() <= need.wordings.len();
        if deck.is_empty() {
            let again = |at: &usize| !first_round || !usual.contains(at);
            deck.extend((0..need.wordings.len()).filter(again));
            self.random.shuffle(deck);
        }
        let at = if self.random.chance(USUAL) { 0 } else { deck.pop().unwrap_or(0) };
        let wording = &need.wordings[at];
        let text = if self.random.chance(UNCHANGED) {
            wording.text.clone()
        } else {
            noted(&wording.text, wording.tongue, &mut self.random)
        };
        self.with_personal_data(text, need.kind)
    }

    /// Now and then a colleague notes what does not belong there; it is masked before it is kept.
    fn with_personal_data(&mut self, text: String, kind: Kind) -> String {
        if kind == Kind::OwnCase && self.random.chance(0.12) {
            let number = SYNTHETIC_NUMBERS[self.owned % SYNTHETIC_NUMBERS.len()];
            self.owned += 1;
            return format!("{text}, fnr {number}");
        }
        if self.random.chance(0.025) {
            let (tens, ones) = (self.random.below(60) + 40, self.random.below(100));
            return format!("{text}, tlf 68 05 {tens:02} {ones:02}");
        }
        if self.random.chance(0.006) {
            return format!("{text}, svar til innbyggjar@post.example");
        }
        text
    }

    fn spoken(&mut self, need: &Need, outcome: &str) -> Option<String> {
        let told = matches!(outcome, "answered" | "not_on_site" | "passed_on");
        need.note.clone().filter(|_| told && self.random.chance(0.35))
    }
}

/// Numbers of the series made for tests; they belong to nobody.
const SYNTHETIC_NUMBERS: [&str; 6] =
    ["15859012342", "01818510078", "41817920150", "01666830063", "16822548834", "018185 10078"];

fn outcome(kind: Kind, random: &mut Random) -> &'static str {
    let weighed: &[(&'static str, f64)] = match kind {
        Kind::Answered => &[("page", 0.55), ("answered", 0.17), ("unknown", 0.28)],
        Kind::HardToFind => &[("page", 0.22), ("answered", 0.33), ("unknown", 0.45)],
        Kind::OtherNorm => &[("page", 0.40), ("answered", 0.25), ("unknown", 0.35)],
        Kind::Partly => &[("answered", 0.45), ("passed_on", 0.15), ("unknown", 0.40)],
        Kind::Missing => {
            &[("not_on_site", 0.27), ("answered", 0.25), ("passed_on", 0.13), ("unknown", 0.35)]
        }
        Kind::OwnCase => &[("own_case", 0.72), ("passed_on", 0.20), ("unknown", 0.08)],
        Kind::OutsideRemit => &[("passed_on", 0.62), ("answered", 0.20), ("unknown", 0.18)],
        Kind::Once => &[("unknown", 1.0)],
    };
    let weights: Vec<f64> = weighed.iter().map(|(_, weight)| *weight).collect();
    weighed[random.weighted(&weights)].0
}
