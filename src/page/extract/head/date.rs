//! When a page was changed last, as it says itself: day, month and year.

/// What stands before the date, in lower case, longest first.
const STAMPS: [&str; 16] = [
    "sist endra og publisert",
    "denne sida vart sist",
    "denne siden ble sist",
    "this page was last",
    "this page last",
    "sist oppdatert",
    "sist redigert",
    "sist revidert",
    "last modified",
    "last reviewed",
    "sist endret",
    "last updated",
    "last edited",
    "last update",
    "sist endra",
    "oppdatert",
];
/// A line with more words says something else as well.
const STAMP_WORDS_MAX: usize = 14;
/// Months by their beginnings, in Bokmål, Nynorsk and English.
const MONTHS: [[&str; 3]; 12] = [
    ["jan", "jan", "jan"],
    ["feb", "feb", "feb"],
    ["mar", "mar", "mar"],
    ["apr", "apr", "apr"],
    ["mai", "mai", "may"],
    ["jun", "jun", "jun"],
    ["jul", "jul", "jul"],
    ["aug", "aug", "aug"],
    ["sep", "sep", "sep"],
    ["okt", "okt", "oct"],
    ["nov", "nov", "nov"],
    ["des", "des", "dec"],
];

/// The date of a line that says nothing but when the page was changed, such as `Sist oppdatert
/// 3. mars 2024`.
pub(in super::super) fn of_stamp(line: &str) -> Option<String> {
    if STAMP_WORDS_MAX < line.split_whitespace().count() {
        return None;
    }
    let small = line.trim().to_lowercase();
    let rest = STAMPS.iter().find_map(|it| small.strip_prefix(it))?;
    of_text(rest).filter(|_| !rest.starts_with(char::is_alphabetic))
}

/// The first date in a text.
pub(super) fn of_text(text: &str) -> Option<String> {
    let parts: Vec<&str> =
        text.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    parts.windows(3).find_map(|three| {
        let [a, b, c] = three else { return None };
        let is_year = |it: &str| it.len() == 4;
        match (is_year(a), is_year(c)) {
            (true, _) => date(a, &month(b)?, c.get(..2).unwrap_or(c)),
            (_, true) if a.starts_with(|it: char| it.is_ascii_digit()) => date(c, &month(b)?, a),
            (_, true) => date(c, &month(a)?, b),
            _ => None,
        }
    })
}

/// The date of a value for machines: `2024-03-03T12:00:00+01:00`.
pub(in super::super) fn of_machine(value: &str) -> Option<String> {
    let value = value.trim();
    of_text(value.get(..10).unwrap_or(value))
}

/// The date of a PDF: `D:20240303120000+01'00'`.
pub(in super::super) fn of_pdf(value: &str) -> Option<String> {
    let digits = value.strip_prefix("D:").unwrap_or(value);
    date(digits.get(..4)?, digits.get(4..6)?, digits.get(6..8)?)
}

fn month(text: &str) -> Option<String> {
    if text.bytes().all(|it| it.is_ascii_digit()) {
        return Some(text.to_owned());
    }
    let start: String = text.to_lowercase().chars().take(3).collect();
    let at = MONTHS.iter().position(|names| names.contains(&start.as_str()))?;
    Some((at + 1).to_string())
}

fn date(year: &str, month: &str, day: &str) -> Option<String> {
    let day = day.trim_end_matches(|it: char| it.is_ascii_alphabetic());
    let (year, month, day): (u16, u8, u8) =
        (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let is_date = (1990..2200).contains(&year) && (1..=12).contains(&month) && day <= 31 && 0 < day;
    is_date.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Option<&str>) {
        assert_eq!(of_stamp(line).as_deref(), expected, "{line}");
    }

    #[test]
    fn stamps_are_read_in_the_forms_people_write() {
        check("Sist oppdatert 3. mars 2024", Some("2024-03-03"));
        check("Sist endra: 03.12.2023 kl. 09.15", Some("2023-12-03"));
        check("Oppdatert 1. okt. 2024 av Servicetorget", Some("2024-10-01"));
        check("Last updated: March 3rd, 2024", Some("2024-03-03"));
        check("This page was last updated on 3 May 2024", Some("2024-05-03"));
        check("Last modified 2024-03-03T10:00", Some("2024-03-03"));
    }

    #[test]
    fn other_lines_with_dates_are_no_stamps() {
        check("Fristen er 1. mars 2024", None);
        check("Sist oppdatert i går", None);
        check("Sist oppdatert 31. 13. 2024", None);
        check("Oppdaterte prisar gjeld frå 1. januar 2024", None);
        check(&format!("Sist oppdatert 3. mars 2024 {}", "ord ".repeat(12)), None);
    }

    #[test]
    fn dates_for_machines_are_read() {
        assert_eq!(of_machine("2024-03-03T12:00:00+01:00").as_deref(), Some("2024-03-03"));
        assert_eq!(of_pdf("D:20240303120000+01'00'").as_deref(), Some("2024-03-03"));
        assert_eq!(of_pdf("D:2024"), None);
        assert_eq!(of_machine(""), None);
    }
}
