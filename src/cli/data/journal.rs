//! Looking into the journal's streams, also beside the service and also when they are damaged.

use std::io::{BufWriter, ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};

use crate::cli::fault::Fault;
use crate::journal::{Journal, Record, Seq};
use crate::page;
use crate::record::Kind;

/// What to do with the journal.
#[derive(Debug, Subcommand)]
pub(crate) enum Look {
    /// Writes records as JSON lines, up to the first damage, and names it.
    Show {
        /// Begins after this record.
        #[arg(long, value_name = "SEQ", default_value_t = 0)]
        after: Seq,
        /// Ends after so many records.
        #[arg(long, value_name = "N")]
        limit: Option<u64>,
        /// The records of the product, the texts of pages, or what is short-lived.
        #[arg(long, value_enum, default_value = "journal")]
        stream: Shown,
    },
}

/// A stream of the data folder.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Shown {
    Journal,
    Pages,
    Brief,
}

impl Look {
    pub(crate) fn run(self, data: &Path) -> Result<ExitCode, Fault> {
        let Self::Show { after, limit, stream } = self;
        let mut out = BufWriter::new(std::io::stdout().lock());
        let mut left = limit.unwrap_or(u64::MAX);
        let mut written = Ok(());
        let damage = if left == 0 {
            None
        } else {
            Journal::show(&data.join(stream.folder()), after, &mut |record| {
                written = writeln!(out, "{}", line(stream, &record));
                left -= 1;
                written.is_ok() && 0 < left
            })?
        };
        match written.and_then(|()| out.flush()) {
            // Whoever read has seen enough, as `head` does.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
            told => told?,
        }
        damage.map_or(Ok(ExitCode::SUCCESS), |damage| {
            Err(Fault::new(format!("the stream {} is damaged: {damage}", stream.folder())))
        })
    }
}

impl Shown {
    const fn folder(self) -> &'static str {
        match self {
            Self::Journal => "journal",
            Self::Pages => "pages",
            Self::Brief => "brief",
        }
    }

    /// What a record of the stream is about; its number where a newer program knows more.
    fn kind(self, number: u16) -> Value {
        let name = match (self, number) {
            (Self::Journal, _) => Kind::of(number).map(Kind::tree),
            (Self::Pages, 1) => Some("bodies"),
            (Self::Pages, 2) => Some("links"),
            (Self::Brief, 1) => Some("sessions"),
            (Self::Pages | Self::Brief, _) => None,
        };
        name.map_or(json!(number), Into::into)
    }
}

/// A record as one line of JSON; a payload that is no JSON is told in hexadecimal digits.
fn line(stream: Shown, record: &Record) -> Value {
    let payload = match stream {
        Shown::Pages => page::unpack(&record.payload),
        Shown::Journal | Shown::Brief => Some(record.payload.clone()),
    };
    let payload = payload.and_then(|it| serde_json::from_slice::<Value>(&it).ok());
    let hex = || record.payload.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let (name, payload) =
        payload.map_or_else(|| ("payload_hex", hex().into()), |it| ("payload", it));
    json!({
        "seq": record.seq,
        "at": record.at,
        "kind": stream.kind(record.kind),
        "kind_version": record.kind_version,
        "entity": record.entity,
        "version": record.version,
        "key": record.key,
        name: payload,
    })
}
