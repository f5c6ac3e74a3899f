//! A table as a workbook: real numbers and days, text always as text, the heads kept in sight.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Url, Workbook, Worksheet, XlsxError,
};

use super::{Kind, Table, Value};

/// What a workbook's cell holds at most.
const CELL_CHARS_MAX: usize = 32_767;
/// What a sheet's name holds at most, and the signs that it may not have.
const NAME_CHARS_MAX: usize = 31;
const NOT_IN_NAMES: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];
/// Columns are so wide, in characters.
const WIDTH_MIN: usize = 8;
const WIDTH_MAX: usize = 60;
/// So many rows tell how wide a column of words is to be.
const ROWS_MEASURED: usize = 200;

/// Writes a table.
pub(super) fn write(table: &Table) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_timestamp(table.made.as_second())?;
    book.set_properties(&DocProperties::new().set_title(&table.title).set_creation_datetime(&made));
    let sheet = book.add_worksheet();
    sheet.set_name(sheet_name(table))?;
    let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    for (at, column) in (0_u16..).zip(&table.columns) {
        sheet.write_string_with_format(0, at, &column.head, &head)?;
        sheet.set_column_width(at, u32::try_from(width(table, at.into())).unwrap_or(0))?;
    }
    let formats: Vec<Format> = table.columns.iter().map(|it| format(it.kind)).collect();
    for (row, values) in (1_u32..).zip(&table.rows) {
        for ((at, value), format) in (0_u16..).zip(values).zip(&formats) {
            write_cell(sheet, (row, at), (value, format), table)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    if let Some(last) = table.columns.len().checked_sub(1) {
        let last_row = u32::try_from(table.rows.len()).unwrap_or(0);
        sheet.autofilter(0, 0, last_row, u16::try_from(last).unwrap_or(0))?;
    }
    book.save_to_buffer()
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    (value, format): (&Value, &Format),
    table: &Table,
) -> Result<(), XlsxError> {
    match value {
        Value::None => {}
        Value::Text(text) | Value::Code(_, text) => {
            sheet.write_string_with_format(row, at, short(text), format)?;
        }
        Value::Link(text, address) => {
            sheet.write_url_with_text(row, at, Url::new(address), short(text))?;
        }
        #[expect(clippy::cast_precision_loss, reason = "a workbook knows no other numbers")]
        Value::Integer(n) => {
            sheet.write_number_with_format(row, at, *n as f64, format)?;
        }
        Value::Number(n) if n.is_finite() => {
            sheet.write_number_with_format(row, at, *n, format)?;
        }
        Value::Number(_) => {}
        Value::Date(day) => {
            sheet.write_datetime_with_format(row, at, &date(*day)?, format)?;
        }
        Value::Instant(at_time) => {
            let local = at_time.to_zoned(table.zone.clone());
            let (hour, minute) = (part(local.hour()), part(local.minute()));
            let at_time = date(local.date())?.and_hms(hour, minute, f64::from(local.second()))?;
            sheet.write_datetime_with_format(row, at, &at_time, format)?;
        }
    }
    Ok(())
}

fn date(day: jiff::civil::Date) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(day.year()).unwrap_or(0);
    ExcelDateTime::from_ymd(year, day.month().unsigned_abs(), day.day().unsigned_abs())
}

fn part<T: TryFrom<i8> + Default>(n: i8) -> T {
    T::try_from(n).unwrap_or_default()
}

fn format(kind: Kind) -> Format {
    let format = Format::new().set_align(FormatAlign::Top);
    match kind {
        Kind::Text => format.set_num_format("@").set_text_wrap(),
        Kind::Integer | Kind::Number(0) => format.set_num_format("0"),
        Kind::Number(places) => format.set_num_format(format!("0.{}", "0".repeat(places))),
        Kind::Date => format.set_num_format("yyyy-mm-dd"),
        Kind::Instant => format.set_num_format("yyyy-mm-dd hh:mm"),
        Kind::Share => format.set_num_format("0%"),
    }
}

/// How wide a column is to be, in characters.
fn width(table: &Table, at: usize) -> usize {
    let Some(column) = table.columns.get(at) else { return WIDTH_MIN };
    let head = column.head.chars().count() + 3;
    let needed = match column.kind {
        Kind::Text => {
            let measured = table.rows.iter().take(ROWS_MEASURED).filter_map(|it| match &it[at] {
                Value::Text(text) | Value::Link(text, _) | Value::Code(_, text) => Some(text),
                _ => None,
            });
            measured.map(|it| it.chars().count()).max().unwrap_or(0)
        }
        Kind::Integer | Kind::Number(_) | Kind::Share => WIDTH_MIN,
        Kind::Date => 11,
        Kind::Instant => 17,
    };
    needed.max(head.min(WIDTH_MAX / 2)).clamp(WIDTH_MIN, WIDTH_MAX)
}

/// A text that a cell can hold; what is cut says so.
fn short(text: &str) -> String {
    let text = text.replace('\0', "");
    if text.encode_utf16().count() <= CELL_CHARS_MAX {
        return text;
    }
    let mut left = CELL_CHARS_MAX - 1;
    let kept = text.chars().take_while(|it| {
        let fits = it.len_utf16() <= left;
        left = left.saturating_sub(it.len_utf16());
        fits
    });
    kept.chain(std::iter::once('…')).collect()
}

/// A title that a sheet can have.
fn sheet_name(table: &Table) -> String {
    let name: String = table.title.replace(NOT_IN_NAMES, " ");
    let name: String = name.trim_matches([' ', '\'']).chars().take(NAME_CHARS_MAX).collect();
    if name.is_empty() { table.name.to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_a_cell_ends_and_says_so() {
        let whole = "æ".repeat(CELL_CHARS_MAX);
        assert_eq!(short(&whole), whole);
        let cut = short(&(whole + "ø"));
        assert_eq!(cut.chars().count(), CELL_CHARS_MAX);
        assert!(cut.ends_with("æ…"));
    }

    #[test]
    fn a_sheet_has_a_name_that_a_workbook_takes() {
        let named = |title: &str| {
            sheet_name(&Table { title: title.to_owned(), ..Table::new("gaps", vec![]) })
        };
        assert_eq!(named("Hol: [alle]"), "Hol   alle");
        assert_eq!(named("'???'"), "gaps");
        assert_eq!(named(&"x".repeat(40)).len(), NAME_CHARS_MAX);
    }
}
