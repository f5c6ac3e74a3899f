//! Questions written down in a rush, to be logged later: one on each line.

use super::Entry;

/// One line of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchLine {
    /// How many asked.
    pub count: u16,
    /// The words; none when it was only counted.
    pub text: Option<String>,
}

/// So many lines are taken at once.
pub const BATCH_LINES_MAX: usize = 100;

/// What is wrong with a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// There is nothing in it.
    #[error("there is no line with a question")]
    Empty,
    /// More lines than are taken at once.
    #[error("more than {BATCH_LINES_MAX} lines")]
    TooMany,
    /// A count that is none: the number of the line, from 1.
    #[error("line {0}: the count must be between 1 and {most}", most = Entry::COUNT_MAX)]
    Count(usize),
}

/// Reads a batch. `3 x When does it open?` counts three, a number alone counts without words.
pub fn read_batch(text: &str) -> Result<Vec<BatchLine>, BatchError> {
    let lines = text.lines().enumerate().filter(|it| !it.1.trim().is_empty());
    let mut batch = vec![];
    for (at, line) in lines {
        if BATCH_LINES_MAX <= batch.len() {
            return Err(BatchError::TooMany);
        }
        batch.push(read_line(line.trim()).ok_or(BatchError::Count(at + 1))?);
    }
    if batch.is_empty() { Err(BatchError::Empty) } else { Ok(batch) }
}

/// A line with its count; none when the count is out of range.
fn read_line(line: &str) -> Option<BatchLine> {
    let digits = line.len() - line.trim_start_matches(|it: char| it.is_ascii_digit()).len();
    let (number, rest) = line.split_at(digits);
    let rest = rest.trim_start();
    let after = rest.strip_prefix(['x', 'X', '×']);
    // "3 x dag" has a blank after the x; "3xl" is a size.
    let words = match after.filter(|it| it.starts_with(char::is_whitespace)) {
        Some(words) if !number.is_empty() => Some(words.trim()),
        _ if rest.is_empty() => None,
        _ => return Some(BatchLine { count: 1, text: Some(line.to_owned()) }),
    };
    let count = number.parse().ok().filter(|it| (1..=Entry::COUNT_MAX).contains(it))?;
    Some(BatchLine { count, text: words.filter(|it| !it.is_empty()).map(str::to_owned) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, count: u16, text: Option<&str>) {
        let expected = BatchLine { count, text: text.map(str::to_owned) };
        assert_eq!(read_batch(line), Ok(vec![expected]), "{line}");
    }

    #[test]
    fn a_line_is_a_question_with_or_without_a_count() {
        check("Når opnar symjehallen?", 1, Some("Når opnar symjehallen?"));
        check("3 x når opnar symjehallen", 3, Some("når opnar symjehallen"));
        check("3× når opnar symjehallen", 3, Some("når opnar symjehallen"));
        check("12", 12, None);
        check("17. mai, når går toget", 1, Some("17. mai, når går toget"));
        check("4 åringar i barnehagen", 1, Some("4 åringar i barnehagen"));
        check("3xl arbeidsklede", 1, Some("3xl arbeidsklede"));
    }

    #[test]
    fn what_cannot_be_counted_is_told_by_its_line() {
        assert_eq!(read_batch(" \n"), Err(BatchError::Empty));
        assert_eq!(read_batch("ein\n\n0"), Err(BatchError::Count(3)));
        assert_eq!(read_batch("501 x ein"), Err(BatchError::Count(1)));
        assert_eq!(read_batch("99999999999999999999"), Err(BatchError::Count(1)));
        assert_eq!(read_batch(&"ein\n".repeat(101)), Err(BatchError::TooMany));
    }
}
