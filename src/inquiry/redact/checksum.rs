//! The control digits of Norwegian numbers.

const FIRST: [u32; 10] = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
const SECOND: [u32; 11] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
const ACCOUNT: [u32; 11] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
const ORGANISATION: [u32; 9] = [3, 2, 7, 6, 5, 4, 3, 2, 1];
const DUF: [u32; 10] = [4, 6, 3, 2, 7, 5, 4, 6, 3, 2];

/// Whether 11 digits are a fødselsnummer or one of its kin: D, H, FH or synthetic, under the
/// rules before and after 2032.
pub(super) fn is_national(digits: &str) -> bool {
    let values = values(digits);
    if values.len() != 11 {
        return false;
    }
    let common_number = matches!(values[0], 8 | 9);
    let dated = common_number || is_date_like(&digits[..6]);
    dated && sum(&values, &FIRST) % 11 < 4 && sum(&values, &SECOND).is_multiple_of(11)
}

/// Whether six digits can begin a fødselsnummer or its kin: `ddmmyy`, with the additions.
pub(super) fn is_date_like(digits: &str) -> bool {
    let values = values(digits);
    let &[d1, d2, m1, m2, y1, y2] = values.as_slice() else {
        return false;
    };
    let day = match 10 * d1 + d2 {
        day @ 41..=71 => day - 40,
        day => day,
    };
    let month = match 10 * m1 + m2 {
        month @ 41..=52 => month - 40,
        month @ 66..=77 => month - 65,
        month @ 81..=92 => month - 80,
        month => month,
    };
    is_day(day, month, 10 * y1 + y2)
}

/// Whether the day exists in 19yy or 20yy.
pub(super) fn is_day(day: u32, month: u32, year: u32) -> bool {
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        _ => 0,
    };
    (1..=last).contains(&day)
}

/// Whether 11 digits are a kontonummer.
pub(super) fn is_account(digits: &str) -> bool {
    let values = values(digits);
    values.len() == 11 && sum(&values, &ACCOUNT).is_multiple_of(11)
}

/// Whether nine digits are an organisation number, a synthetic one included.
pub(super) fn is_organisation(digits: &str) -> bool {
    let values = values(digits);
    let begins = matches!(values.first(), Some(2 | 3 | 8 | 9));
    values.len() == 9 && begins && sum(&values, &ORGANISATION).is_multiple_of(11)
}

/// Whether 12 digits are a DUF number.
pub(super) fn is_duf(digits: &str) -> bool {
    let mut values = values(digits);
    if values.len() != 12 {
        return false;
    }
    let control = 10 * values[10] + values[11];
    values.truncate(10);
    values.rotate_left(4);
    sum(&values, &DUF) % 11 == control
}

/// Whether `NO` and these 13 digits are an IBAN: ISO 7064, mod 97.
pub(super) fn is_iban(digits: &str) -> bool {
    let Some((control, account)) = digits.split_at_checked(2) else {
        return false;
    };
    let moved = values(account).into_iter().chain([2, 3, 2, 4]).chain(values(control));
    digits.len() == 13 && moved.fold(0, |rest, value| (10 * rest + value) % 97) == 1
}

fn values(digits: &str) -> Vec<u32> {
    digits.chars().filter_map(|ch| ch.to_digit(10)).collect()
}

fn sum(values: &[u32], weights: &[u32]) -> u32 {
    values.iter().zip(weights).map(|(value, weight)| value * weight).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rule: fn(&str) -> bool, digits: &str, expected: bool) {
        assert_eq!(rule(digits), expected, "{digits}");
    }

    #[test]
    fn every_synthetic_vector_belongs_to_the_family() {
        for digits in [
            "15859012342",
            "01818510078",
            "41817920150",
            "01666830063",
            "01417230110",
            "02813299960",
            "02813299979",
            "02813299987",
            "29829610041",
            "29820090185",
            "03819100704",
            "03819100208",
            "03819100216",
            "03819100224",
            "16822548834",
            "11812448848",
        ] {
            check(is_national, digits, true);
        }
    }

    #[test]
    fn no_single_wrong_digit_is_accepted() {
        let right = "01818510159";
        check(is_national, right, true);
        for (place, old) in right.char_indices() {
            for new in ('0'..='9').filter(|&new| new != old) {
                let wrong = format!("{}{new}{}", &right[..place], &right[place + 1..]);
                check(is_national, &wrong, false);
            }
        }
    }

    #[test]
    fn accounts_and_the_rest_follow_their_rules() {
        check(is_account, "12345678903", true);
        check(is_account, "12345678904", false);
        check(is_iban, "7112345678903", true);
        check(is_iban, "7212345678903", false);
        check(is_organisation, "310000000", true);
        check(is_organisation, "310000001", false);
        check(is_duf, "209912345608", true);
        check(is_duf, "209912345609", false);
    }
}
