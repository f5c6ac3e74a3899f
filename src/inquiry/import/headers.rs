//! What the columns of a table mean, by their Norwegian and English names.

use jiff::tz::TimeZone;

use super::cells::Row;
use super::dates::instant;
use super::{ImportError, ImportedRow, Rejected, Table, take};
use crate::inquiry::{Channel, OutcomeName};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Id,
    Instant,
    Date,
    Time,
    Channel,
    Desk,
    Outcome,
    Note,
    Count,
    Text,
}

/// Reads a column's name.
pub(super) fn column(name: &str) -> Option<Column> {
    let name = name.trim().trim_start_matches('\u{feff}').to_lowercase();
    Some(match name.as_str() {
        "text" | "tekst" | "spørsmål" | "sporsmal" | "spørsmålet" | "henvendelse"
        | "henvendelsen" | "førespurnad" | "førespurnaden" | "question" | "inquiry" | "query"
        | "melding" | "message" | "innhold" | "innhald" | "beskrivelse" | "beskriving" => Column::Text,
        "id" | "nr" | "nummer" | "løpenummer" | "number" => Column::Id,
        "logged_at" | "logget" | "logga" | "tidspunkt" | "registrert" | "opprettet" | "oppretta"
        | "timestamp" | "created" | "created_at" | "datetime" => Column::Instant,
        "dato" | "date" | "dag" => Column::Date,
        "tid" | "klokkeslett" | "kl" | "time" => Column::Time,
        "channel" | "kanal" => Column::Channel,
        "desk" | "mottak" | "avdeling" | "enhet" | "eining" | "sted" | "stad" => Column::Desk,
        "outcome" | "utfall" | "resultat" | "status" => Column::Outcome,
        "note" | "notat" | "svar" | "merknad" | "answer" => Column::Note,
        "count" | "antall" | "tal" | "mengde" => Column::Count,
        _ => return None,
    })
}

/// Reads a channel's name.
pub(super) fn channel(name: &str) -> Option<Channel> {
    let name = name.trim().to_lowercase();
    Some(match name.as_str() {
        "phone" | "telefon" | "tlf" | "tlf." | "call" => Channel::Phone,
        "desk" | "skranke" | "oppmøte" | "counter" | "personlig" | "personleg" => Channel::Desk,
        "email" | "e-mail" | "epost" | "e-post" | "mail" => Channel::Email,
        "chat" | "nettprat" => Channel::Chat,
        "social" | "sosiale medier" | "sosiale medium" | "facebook" => Channel::Social,
        "letter" | "brev" | "post" => Channel::Letter,
        other => return Channel::parse(other),
    })
}

/// Reads the rows under a header, or a single column without one.
pub(super) fn read(rows: Vec<Row>, zone: &TimeZone) -> Result<Table, ImportError> {
    let mut rows = rows.into_iter().filter(|it| it.1.iter().any(|cell| !cell.trim().is_empty()));
    let (first, header) = rows.next().ok_or(ImportError::Empty)?;
    let columns: Vec<Option<Column>> = header.iter().map(|it| column(it)).collect();
    let mut table = Table::default();
    if columns.contains(&Some(Column::Text)) {
        rows.for_each(|row| one(row, &columns, zone, &mut table));
    } else if header.len() == 1 {
        let text_only = [Some(Column::Text)];
        one((first, header), &text_only, zone, &mut table);
        rows.for_each(|row| one(row, &text_only, zone, &mut table));
    } else {
        return Err(ImportError::NoTextColumn(header.join(", ")));
    }
    Ok(table)
}

fn one(row: Row, columns: &[Option<Column>], zone: &TimeZone, table: &mut Table) {
    let (number, cells) = row;
    let cell = |wanted: Column| {
        let at = columns.iter().position(|it| *it == Some(wanted))?;
        cells.get(at).map(|it| it.trim()).filter(|it| !it.is_empty())
    };
    let when = match (cell(Column::Instant), cell(Column::Date), cell(Column::Time)) {
        (Some(instant), _, _) => Some(instant.to_owned()),
        (None, Some(date), Some(time)) => Some(format!("{date} {time}")),
        (None, date, _) => date.map(str::to_owned),
    };
    let logged_at = match when.as_deref().map(|it| instant(it, zone)) {
        Some(None) => {
            let reason = format!("the time cannot be read: {}", when.unwrap_or_default());
            return table.rejected.push(Rejected { row: number, reason });
        }
        Some(Some(instant)) => Some(instant),
        None => None,
    };
    let imported = ImportedRow {
        row: number,
        id: cell(Column::Id).map(str::to_owned),
        logged_at,
        channel: cell(Column::Channel).and_then(channel),
        desk: cell(Column::Desk).map(str::to_owned),
        outcome: cell(Column::Outcome).and_then(|it| OutcomeName::parse(&it.to_lowercase())),
        note: cell(Column::Note).map(str::to_owned),
        count: cell(Column::Count).and_then(|it| it.parse().ok()),
        text: cell(Column::Text).unwrap_or_default().to_owned(),
    };
    take(imported, table);
}
