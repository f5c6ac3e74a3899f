//! Days and times as each language writes them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::messages::Lang;

/// A day as it is written in a line: `2. mars 2026`, `2 March 2026`; this year's without a year.
pub fn day(lang: Lang, date: Date, this_year: i16) -> String {
    let month = lang.text(&format!("month.m{}", date.month())).to_owned();
    let point = match lang {
        Lang::Nn | Lang::Nb => ".",
        Lang::En => "",
    };
    let year = if date.year() == this_year { String::new() } else { format!(" {}", date.year()) };
    format!("{}{point} {month}{year}", date.day())
}

/// The time of day: `10.31` in Norwegian, `10:31` in English.
pub fn clock_time(lang: Lang, at: Timestamp, zone: &TimeZone) -> String {
    let at = at.to_zoned(zone.clone());
    let point = match lang {
        Lang::Nn | Lang::Nb => '.',
        Lang::En => ':',
    };
    format!("{:02}{point}{:02}", at.hour(), at.minute())
}

/// A day with its time.
pub fn day_and_time(lang: Lang, at: Timestamp, zone: &TimeZone, this_year: i16) -> String {
    let date = at.to_zoned(zone.clone()).date();
    format!("{}, {}", day(lang, date, this_year), clock_time(lang, at, zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_writes_days_in_its_own_way() {
        let at: Timestamp = "2026-03-02T08:05:00Z".parse().unwrap();
        let zone = TimeZone::get("Europe/Oslo").unwrap();
        assert_eq!(day_and_time(Lang::Nn, at, &zone, 2026), "2. mars, 09.05");
        assert_eq!(day_and_time(Lang::En, at, &zone, 2026), "2 March, 09:05");
        assert_eq!(day_and_time(Lang::Nb, at, &zone, 2027), "2. mars 2026, 09.05");
    }
}
