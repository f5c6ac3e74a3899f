//! Reads a switchboard's daily totals from a table with a heading.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{CallCount, CallRow};
use crate::inquiry::import::{CallColumn, call_column, channel_named, day_named};
use crate::inquiry::{Channel, Entry};

/// Why a table cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallFault {
    /// No heading names a date and a number of calls.
    Heading,
    /// There is no line under the heading.
    Empty,
    /// It has more days than are taken at once.
    Long,
    /// These lines cannot be read.
    Lines(Vec<CallLineFault>),
}

/// A line that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallLineFault {
    /// Its number, from 1.
    pub line: u64,
    /// What is wrong with it, such as `date`.
    pub what: &'static str,
    /// What stands there.
    pub found: String,
}

/// The places of the columns.
struct Columns {
    day: usize,
    calls: usize,
    desk: Option<usize>,
    channel: Option<usize>,
}

/// Reads a table of date, calls and perhaps desk and channel, in any order, with commas,
/// semicolons or tabs between the fields. Lines of the same day, desk and channel are added up.
///
/// # Errors
/// What is wrong with the table, each line by its number; then nothing of it should be taken.
pub fn read_calls(text: &str, today: Date) -> Result<BTreeMap<Date, Vec<CallCount>>, CallFault> {
    let text = text.trim_start_matches('\u{feff}');
    let heading = text.lines().next().unwrap_or_default();
    let separator = [b';', b'\t'].into_iter().find(|it| heading.as_bytes().contains(it));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator.unwrap_or(b','))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let columns = records.next().and_then(Result::ok).and_then(|it| Columns::of(&it));
    let columns = columns.ok_or(CallFault::Heading)?;
    let mut days: BTreeMap<Date, Vec<CallCount>> = BTreeMap::new();
    let mut faults = vec![];
    for (n, record) in (2..).zip(records) {
        let Ok(record) = record else {
            faults.push(CallLineFault { line: n, what: "line", found: String::new() });
            continue;
        };
        let line = record.position().map_or(n, csv::Position::line);
        let read = columns.read(&record, today);
        let added = read.and_then(|(day, count)| add(days.entry(day).or_default(), count));
        faults.extend(added.err().map(|(what, found)| CallLineFault { line, what, found }));
    }
    if !faults.is_empty() {
        return Err(CallFault::Lines(faults));
    }
    match days.len() {
        0 => Err(CallFault::Empty),
        n if CallRow::DAYS_MAX < n => Err(CallFault::Long),
        _ => Ok(days),
    }
}

/// What is wrong with a line, and what stands there.
type Wrong = (&'static str, String);

impl Columns {
    fn of(heading: &csv::StringRecord) -> Option<Self> {
        let at = |wanted| heading.iter().position(|it| call_column(it) == Some(wanted));
        Some(Self {
            day: at(CallColumn::Day)?,
            calls: at(CallColumn::Calls)?,
            desk: at(CallColumn::Desk),
            channel: at(CallColumn::Channel),
        })
    }

    fn read(&self, record: &csv::StringRecord, today: Date) -> Result<(Date, CallCount), Wrong> {
        let field = |at: usize| record.get(at).unwrap_or_default();
        let wrong = |what, at| (what, field(at).chars().take(40).collect::<String>());
        let day = day_named(field(self.day)).ok_or_else(|| wrong("date", self.day))?;
        if today < day {
            return Err(wrong("ahead", self.day));
        }
        let calls = field(self.calls).replace(['\u{a0}', '\u{202f}', ' '], "").parse().ok();
        let calls = calls.filter(|it| *it <= CallRow::CALLS_MAX);
        let calls = calls.ok_or_else(|| wrong("calls", self.calls))?;
        let named = |at: Option<usize>| at.map(|at| (at, field(at))).filter(|it| !it.1.is_empty());
        let channel = match named(self.channel) {
            Some((at, name)) => channel_named(name)
                .filter(|it| it.is_contact())
                .ok_or_else(|| wrong("channel", at))?,
            None => Channel::Phone,
        };
        let desk = match named(self.desk) {
            Some((at, name)) if Entry::DESK_CHARS_MAX < name.chars().count() => {
                return Err(wrong("desk", at));
            }
            Some((_, name)) => Some(name.to_owned()),
            None => None,
        };
        Ok((day, CallCount { desk, channel, calls }))
    }
}

fn add(counts: &mut Vec<CallCount>, count: CallCount) -> Result<(), Wrong> {
    let same = |it: &&mut CallCount| it.desk == count.desk && it.channel == count.channel;
    if let Some(known) = counts.iter_mut().find(same) {
        known.calls = known.calls.saturating_add(count.calls);
        return Ok(());
    }
    // A number for all desks and one for a single desk would count the same calls twice.
    let is_of_all = count.desk.is_none();
    if counts.iter().any(|it| it.channel == count.channel && it.desk.is_none() != is_of_all) {
        return Err(("both", count.desk.unwrap_or_default()));
    }
    if CallRow::COUNTS_MAX <= counts.len() {
        return Err(("many", CallRow::COUNTS_MAX.to_string()));
    }
    counts.push(count);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 3, 31);

    #[test]
    fn headings_in_each_language_and_any_order_are_read() {
        let wanted =
            CallCount { desk: Some("Mottak".to_owned()), channel: Channel::Phone, calls: 1_204 };
        for text in [
            "Dato;Skranke;Kanal;Samtalar\n02.03.2026;Mottak;telefon;1 204\n",
            "\u{feff}Antall anrop,Enhet,Dato\n1204,Mottak,2026-03-02\n",
            "calls\tdate\tdesk\tchannel\n1204\t2/3/2026\tMottak\tphone\n",
        ] {
            let days = read_calls(text, TODAY).unwrap();
            let found = &days[&Date::constant(2026, 3, 2)];
            assert_eq!(found.as_slice(), std::slice::from_ref(&wanted), "{text}");
        }
    }

    #[test]
    fn lines_of_one_day_and_desk_are_added_up() {
        let days = read_calls("dato;anrop\n2.3.2026;40\n2.3.2026;2\n3.3.2026;7\n", TODAY).unwrap();
        let calls: Vec<u32> = days.values().map(|it| it[0].calls).collect();
        assert_eq!(calls, [42, 7]);
    }

    #[test]
    fn calls_of_all_desks_and_of_one_are_not_added_up() {
        let text = "dato;skranke;anrop\n2.3.2026;;40\n2.3.2026;Mottak;12\n";
        let Err(CallFault::Lines(faults)) = read_calls(text, TODAY) else { panic!("taken") };
        assert_eq!((faults[0].line, faults[0].what), (3, "both"));
    }

    #[test]
    fn every_bad_line_is_named_and_nothing_is_taken() {
        let text = "dato;kanal;anrop\n2.3.2026;;40\n40.3.2026;;1\n2.3.2026;røyk;1\n\
                    2.3.2026;;mange\n1.4.2026;;3\n";
        let Err(CallFault::Lines(faults)) = read_calls(text, TODAY) else { panic!("taken") };
        let told: Vec<_> = faults.iter().map(|it| (it.line, it.what, it.found.as_str())).collect();
        let expected = [
            (3, "date", "40.3.2026"),
            (4, "channel", "røyk"),
            (5, "calls", "mange"),
            (6, "ahead", "1.4.2026"),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_table_without_a_heading_or_lines_is_refused() {
        assert_eq!(read_calls("2.3.2026;40\n", TODAY), Err(CallFault::Heading));
        assert_eq!(read_calls("dato;anrop\n", TODAY), Err(CallFault::Empty));
        assert_eq!(read_calls("", TODAY), Err(CallFault::Heading));
    }
}
