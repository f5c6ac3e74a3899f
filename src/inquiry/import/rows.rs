//! Cells to rows: finds the header, reads each row under it, says why one cannot be read.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::dates::instant;
use super::names::{Column, channel, outcome};
use super::{
    Allowed, CELL_CHARS_MAX, COLUMNS_MAX, ImportError, ImportedRow, Reading, Rejected, Row, Table,
    Turn, hide, take,
};

/// A title and the like may stand in so many rows above the header.
const ROWS_ABOVE_MAX: usize = 10;

/// Where the header stands, and what its columns hold; `None` when no row names the questions.
pub(super) fn header_of(rows: &[Row], reading: &Reading) -> Option<(usize, Vec<Option<Column>>)> {
    let above = || rows.iter().take(ROWS_ABOVE_MAX).enumerate();
    let named = |cells: &[String]| cells.iter().map(|it| reading.column(it)).collect::<Vec<_>>();
    let sure = above().map(|(index, row)| (index, named(&row.1))).find(|(index, columns)| {
        columns.contains(&Some(Column::Text)) && reading.missing(&rows[*index].1).is_none()
    });
    sure.or_else(|| {
        above().map(|(index, row)| (index, named(&row.1))).find_map(|(index, mut columns)| {
            if columns.iter().flatten().count() < 2 {
                return None;
            }
            let at = [Column::Subject, Column::Note]
                .into_iter()
                .find_map(|wanted| columns.iter().position(|it| *it == Some(wanted)))?;
            columns[at] = Some(Column::Text);
            Some((index, columns))
        })
    })
}

/// Reads the rows under a header, or a single column without one.
pub(super) fn read(mut rows: Vec<Row>, reading: &Reading) -> Result<Table, ImportError> {
    rows.retain(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
    let first = rows.first().ok_or(ImportError::Empty)?;
    let found = || hide(&first.1.join(", "), &Allowed::default());
    let is_one_column = rows.iter().all(|(_, cells)| cells.len() <= 1);
    let (skipped, columns) = match header_of(&rows, reading) {
        Some((index, columns)) => (index + 1, columns),
        None if let Some(wanted) = reading.missing(&first.1) => {
            return Err(ImportError::NoColumn { wanted: wanted.to_owned(), found: found() });
        }
        None if is_one_column => (0, vec![Some(Column::Text)]),
        None => return Err(ImportError::NoTextColumn(found())),
    };
    let mut table = Table::default();
    for (number, cells) in rows.into_iter().skip(skipped) {
        match one(number, &cells, &columns, &reading.zone) {
            Ok(row) => take(row, &mut table),
            Err(reason) => table.rejected.push(Rejected { row: number, reason }),
        }
    }
    Ok(table)
}

/// Reads one row, or says what is wrong with it.
pub(super) fn one(
    row: u32,
    cells: &[String],
    columns: &[Option<Column>],
    zone: &TimeZone,
) -> Result<ImportedRow, String> {
    check_shape(cells, columns)?;
    let cell = |wanted: Column| {
        let at = columns.iter().position(|it| *it == Some(wanted))?;
        cells.get(at).map(|it| it.trim()).filter(|it| !it.is_empty())
    };
    let owned = |wanted: Column| cell(wanted).map(str::to_owned);
    let times = [Column::Instant, Column::Date, Column::Time].map(cell);
    Ok(ImportedRow {
        row,
        id: owned(Column::Id),
        logged_at: logged_at(times, zone)?,
        channel: cell(Column::Channel).and_then(channel),
        desk: owned(Column::Desk),
        outcome: cell(Column::Outcome).and_then(outcome),
        note: owned(Column::Note),
        count: cell(Column::Count).map(count).transpose()?,
        text: owned(Column::Text).unwrap_or_default(),
        turn: owned(Column::Conversation).zip(owned(Column::Role)).map(turn),
    })
}

fn turn((conversation, role): (String, String)) -> Turn {
    Turn { conversation, role }
}

/// A separator inside a question shifts all that stands after it: such a row is not guessed at.
fn check_shape(cells: &[String], columns: &[Option<Column>]) -> Result<(), String> {
    if COLUMNS_MAX < cells.len() {
        return Err(format!("the row has more than {COLUMNS_MAX} columns"));
    }
    if cells.iter().skip(columns.len()).any(|cell| !cell.trim().is_empty()) {
        let (found, named) = (cells.len(), columns.len());
        return Err(format!("the row has {found} columns, the header has {named}"));
    }
    if cells.iter().any(|cell| CELL_CHARS_MAX < cell.chars().count()) {
        return Err(format!(
            "a cell has more than {CELL_CHARS_MAX} characters; is a quotation mark missing?"
        ));
    }
    Ok(())
}

fn logged_at(
    [at, date, time]: [Option<&str>; 3],
    zone: &TimeZone,
) -> Result<Option<Timestamp>, String> {
    let found = match (at.or(date), time) {
        (Some(date), Some(time)) => {
            let joined = format!("{date} {time}");
            // A date that has its own time needs no other.
            (instant(&joined, zone).or_else(|| instant(date, zone)), joined)
        }
        // A column named *tid* alone holds the date as well.
        (Some(text), None) | (None, Some(text)) => (instant(text, zone), text.to_owned()),
        (None, None) => return Ok(None),
    };
    match found {
        (Some(instant), _) => Ok(Some(instant)),
        (None, text) => Err(format!("the time cannot be read: {text}")),
    }
}

fn count(text: &str) -> Result<u16, String> {
    let whole = text.split_once(['.', ',']).filter(|it| it.1.bytes().all(|byte| byte == b'0'));
    let number = whole.map_or(text, |it| it.0);
    number.parse().map_err(|_| format!("the count cannot be read: {text}"))
}
