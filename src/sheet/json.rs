//! A table as JSON: an object for each row, keyed by columns; codes and not their words; instants
//! in UTC.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::{Column, Table, Value};

/// Writes a table.
pub(super) fn write(table: &Table) -> Vec<u8> {
    let whole = Whole {
        list: table.name,
        made: table.made.to_string(),
        filter: &table.filter,
        total: table.of,
        is_cut: table.is_cut(),
        columns: table.columns.iter().map(Head).collect(),
        rows: Rows(table),
    };
    serde_json::to_vec(&whole).expect("keys are texts and numbers are finite or null")
}

#[derive(Serialize)]
struct Whole<'a> {
    list: &'static str,
    made: String,
    filter: &'a str,
    total: usize,
    is_cut: bool,
    columns: Vec<Head<'a>>,
    rows: Rows<'a>,
}

struct Head<'a>(&'a Column);

impl Serialize for Head<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(column) = self;
        let mut map = to.serialize_map(Some(3))?;
        map.serialize_entry("key", &column.key)?;
        map.serialize_entry("head", &column.head)?;
        map.serialize_entry("kind", column.kind.name())?;
        map.end()
    }
}

struct Rows<'a>(&'a Table);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(table) = self;
        let mut rows = to.serialize_seq(Some(table.rows.len()))?;
        for row in &table.rows {
            rows.serialize_element(&Cells(&table.columns, row))?;
        }
        rows.end()
    }
}

struct Cells<'a>(&'a [Column], &'a [Value]);

impl Serialize for Cells<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(columns, row) = self;
        let mut map = to.serialize_map(Some(row.len()))?;
        for (column, value) in columns.iter().zip(*row) {
            map.serialize_entry(&column.key, value)?;
        }
        map.end()
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => to.serialize_unit(),
            Self::Text(text) | Self::Link(text, _) => to.serialize_str(text),
            Self::Code(code, _) => to.serialize_str(code),
            Self::Integer(n) => to.serialize_i64(*n),
            Self::Number(n) => to.serialize_f64(*n),
            Self::Date(day) => to.collect_str(day),
            Self::Instant(at) => to.collect_str(at),
        }
    }
}
