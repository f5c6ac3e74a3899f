//! Numbers and dates as each language writes them.

use jiff::civil::Date;

use crate::messages::Lang;

/// A space that does not break between a number and what belongs to it.
const NO_BREAK: char = '\u{a0}';

/// A whole number with its thousands apart: `1 234`, in English `1,234`.
pub(crate) fn whole(n: u64, lang: Lang) -> String {
    let digits = n.to_string();
    let mark = match lang {
        Lang::Nn | Lang::Nb => NO_BREAK,
        Lang::En => ',',
    };
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        let left = digits.len() - at;
        if 0 < at && left.is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    out
}

/// A number with at most `places` decimals, trailing zeros dropped: `0,5`, in English `0.5`.
///
/// What is no number, or below zero, is told as 0: a rate is a count over time.
pub(crate) fn decimal(n: f64, places: usize, lang: Lang) -> String {
    let n = if n.is_finite() { n.max(0.0) } else { 0.0 };
    let text = format!("{n:.places$}");
    let (integer, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    let integer = integer.parse().map_or(integer.to_owned(), |n| whole(n, lang));
    let mark = match lang {
        Lang::Nn | Lang::Nb => ',',
        Lang::En => '.',
    };
    if fraction.is_empty() { integer } else { format!("{integer}{mark}{fraction}") }
}

/// A rate: whole from ten upward, one decimal below.
pub(crate) fn rate(n: f64, lang: Lang) -> String {
    decimal(n, if n < 10.0 { 1 } else { 0 }, lang)
}

/// A share: `71 %`, in English `71%`.
pub(crate) fn percent(n: u64, lang: Lang) -> String {
    match lang {
        Lang::Nn | Lang::Nb => format!("{n}{NO_BREAK}%"),
        Lang::En => format!("{n}%"),
    }
}

/// The form of `key` for `n` with `{n}` written as the language does, and the other values.
pub(crate) fn count(lang: Lang, key: &str, n: u64, values: &[(&str, &str)]) -> String {
    let form = if n == 1 { "one" } else { "other" };
    let n = whole(n, lang);
    let mut all = vec![("n", n.as_str())];
    all.extend_from_slice(values);
    lang.fill(&format!("{key}.{form}"), &all)
}

/// A day: `9. oktober 2026`, in English `9 October 2026`.
pub(crate) fn day(date: Date, lang: Lang) -> String {
    let key = format!("report.month.m{}", date.month());
    let month = lang.text(&key);
    let dot = match lang {
        Lang::Nn | Lang::Nb => ".",
        Lang::En => "",
    };
    format!("{}{dot}{NO_BREAK}{month} {}", date.day(), date.year())
}

/// The address in its normal form when it is one of the web, so that a link cannot run anything.
pub(crate) fn web_address(text: &str) -> Option<String> {
    let address = url::Url::parse(text).ok()?;
    matches!(address.scheme(), "http" | "https").then(|| address.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(whole(0, Lang::Nn), "0");
        assert_eq!(whole(999, Lang::Nb), "999");
        assert_eq!(whole(1_234_567, Lang::En), "1,234,567");
        assert_eq!(whole(12_345, Lang::Nn), "12\u{a0}345");
    }

    #[test]
    fn decimals_are_few_and_never_below_zero() {
        assert_eq!(decimal(0.5, 2, Lang::Nb), "0,5");
        assert_eq!(decimal(1234.0, 1, Lang::En), "1,234");
        assert_eq!(decimal(f64::NAN, 2, Lang::En), "0");
        assert_eq!(decimal(-3.0, 2, Lang::En), "0");
        assert_eq!(rate(9.95, Lang::En), "9.9");
        assert_eq!(rate(31.4, Lang::Nn), "31");
    }

    #[test]
    fn only_web_addresses_become_links() {
        assert_eq!(web_address("https://example.org/a b").unwrap(), "https://example.org/a%20b");
        for text in ["javascript:alert(1)", "data:text/html,x", "//example.org", "", "/side"] {
            assert_eq!(web_address(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_named_in_each_language() {
        let date = jiff::civil::date(2026, 10, 9);
        assert_eq!(day(date, Lang::Nn), "9.\u{a0}oktober 2026");
        assert_eq!(day(date, Lang::En), "9\u{a0}October 2026");
    }
}
