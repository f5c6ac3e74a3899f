//! One JSON object a line, read by the same names as columns.

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::dates::instant;
use super::headers::{Column, channel, column};
use super::{ImportedRow, Rejected, Table, take};
use crate::inquiry::OutcomeName;

/// Reads lines of JSON; empty ones are passed over.
pub(super) fn read(text: &str, zone: &TimeZone) -> Table {
    let mut table = Table::default();
    for (row, line) in (1_u32..).zip(text.lines()).filter(|it| !it.1.trim().is_empty()) {
        match serde_json::from_str::<Map<String, Value>>(line) {
            Ok(object) => one(row, &object, zone, &mut table),
            Err(error) => {
                let reason = format!("the line is not a JSON object: {error}");
                table.rejected.push(Rejected { row, reason });
            }
        }
    }
    table
}

fn one(row: u32, object: &Map<String, Value>, zone: &TimeZone, table: &mut Table) {
    let mut found = ImportedRow { row, ..ImportedRow::default() };
    for (key, value) in object {
        let (Some(column), Some(cell)) = (column(key), cell(value)) else { continue };
        match column {
            Column::Text => found.text = cell,
            Column::Id => found.id = Some(cell),
            Column::Instant | Column::Date => match instant(&cell, zone) {
                Some(instant) => found.logged_at = Some(instant),
                None => {
                    let reason = format!("the time cannot be read: {cell}");
                    return table.rejected.push(Rejected { row, reason });
                }
            },
            Column::Channel => found.channel = channel(&cell),
            Column::Desk => found.desk = Some(cell),
            Column::Outcome => found.outcome = OutcomeName::parse(&cell),
            Column::Note => found.note = Some(cell),
            Column::Count => found.count = cell.parse().ok(),
            Column::Time => {}
        }
    }
    take(found, table);
}

fn cell(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
