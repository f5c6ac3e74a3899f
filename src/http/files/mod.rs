//! What a list shows, as a file: every page of it, by the same filter in the address.

mod lists;

use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::Edge;
use super::edge::HttpError;
use super::edge::caller::Caller;
use super::edge::fields::{Asking, Sought};
use crate::messages::Lang;
use crate::sheet::{Column, Form, Kind, SheetError, Table, Value};

/// So many files are made at once: each holds its list in memory.
pub(super) const FILES_MAX: usize = 1;
/// So long somebody waits for their turn.
const TURN_WAIT: Duration = Duration::from_secs(10);

pub(super) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(file): Path<String>,
    Sought(fields): Sought,
) -> Result<Response, HttpError> {
    let (list, ending) = file.split_once('.').ok_or(HttpError::NotFound)?;
    let form = Form::parse(ending).ok_or(HttpError::NotFound)?;
    let make: fn(&lists::Wish) -> Result<Table, HttpError> = match list {
        "gaps" => lists::gaps,
        "topics" => lists::topics,
        "inquiries" => lists::inquiries,
        "words" => lists::words,
        _ => return Err(HttpError::NotFound),
    };
    let filter = fields.without("page");
    let (lang, labels) = (caller.lang, edge.labels(caller.lang));
    let wish = lists::Wish { edge: edge.clone(), lang, labels, by: caller.by(), fields };
    let turn = tokio::time::timeout(TURN_WAIT, edge.files.acquire()).await;
    let _turn = turn.map_err(|_| HttpError::Busy)?.map_err(HttpError::internal)?;
    let mut table = edge.off_thread(move |_| make(&wish)).await??;
    table.filter = filter;
    give(&edge, &caller, table, form).await
}

/// Writes a table as a file, once the audit has it.
pub(super) async fn give(
    edge: &Edge,
    caller: &Caller,
    mut table: Table,
    form: Form,
) -> Result<Response, HttpError> {
    let title = caller.lang.text(&format!("files.title.{}", table.name)).to_owned();
    (table.title, table.lang) = (title, caller.lang);
    (table.zone, table.made) = (edge.app.zone.clone(), edge.app.now());
    let by = caller.by();
    let (name, bytes) = edge
        .off_thread(move |app| {
            let name = table.file_name(form);
            let bytes =
                table.write(form).map_err(|error: SheetError| HttpError::internal(error))?;
            app.note_file((table.name, form), &table.filter, (table.len(), by))?;
            Ok::<_, HttpError>((name, bytes))
        })
        .await??;
    let headers = [
        (header::CONTENT_TYPE, form.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}

/// A column of a list.
fn column(lang: Lang, key: &'static str, kind: Kind) -> Column {
    let head = lang.text(&format!("files.column.{key}")).to_owned();
    Column { key: key.to_owned(), head, kind }
}

/// One of our lists as a cell.
fn code(lang: Lang, list: &str, code: &'static str) -> Value {
    Value::Code(code, lang.text(&format!("{list}.{code}")).to_owned())
}
