//! One JSON object a line, read by the same names as columns.

use serde_json::{Map, Value};

use super::rows::one;
use super::{ROWS_MAX, Reading, Rejected, Table, take};

/// Reads lines of JSON; empty ones are passed over.
pub(super) fn read(text: &str, reading: &Reading) -> Table {
    let mut table = Table::default();
    let lines = (1_u32..).zip(text.lines()).filter(|it| !it.1.trim().is_empty());
    for (row, line) in lines.take(ROWS_MAX + 1) {
        let read = serde_json::from_str::<Map<String, Value>>(line)
            .map_err(|error| format!("the line is not a JSON object: {error}"))
            .and_then(|object| {
                let (keys, cells): (Vec<_>, Vec<_>) = object
                    .iter()
                    .filter_map(|(key, value)| Some((reading.column(key)?, cell(value)?)))
                    .map(|(key, cell)| (Some(key), cell))
                    .unzip();
                one(row, &cells, &keys, &reading.zone)
            });
        match read {
            Ok(row) => take(row, &mut table),
            Err(reason) => table.rejected.push(Rejected { row, reason }),
        }
    }
    table
}

fn cell(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
