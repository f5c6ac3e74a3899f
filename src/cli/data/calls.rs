//! The calls that the switchboard has counted, from the command line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use super::Folder;
use crate::app::CallsError;
use crate::cli::fault::Fault;
use crate::id::Id;
use crate::inquiry::{CallFault, CallRow};

/// A file of a thousand days is far smaller.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// What to do with totals of calls.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Calls {
    /// Takes in a .csv with a date and the number of calls in each line, and perhaps a desk and a
    /// channel. A day that is known is replaced; a line that cannot be read stops the whole file.
    Import {
        /// The file.
        file: PathBuf,
    },
    /// Lists what was taken in.
    List,
    /// Takes back what came together; what stood before stands again.
    TakeBack {
        /// The id, as the list shows it.
        id: String,
    },
}

impl Calls {
    pub(in crate::cli) fn run(self, folder: &Folder) -> Result<ExitCode, Fault> {
        match self {
            Self::Import { file } => {
                let size = std::fs::metadata(&file).map_err(Fault::file("read", &file))?.len();
                if FILE_BYTES_MAX < size {
                    let shown = file.display();
                    return Err(Fault::new(format!(
                        "{shown} has more than {FILE_BYTES_MAX} bytes"
                    )));
                }
                let bytes = std::fs::read(&file).map_err(Fault::file("read", &file))?;
                let text = String::from_utf8(bytes).map_err(|_| {
                    Fault::new(format!("{} is not UTF-8; save it as such", file.display()))
                })?;
                match folder.open()?.import_calls(&text, None) {
                    Ok(n) => println!("the calls of {n} days taken in"),
                    Err(CallsError::Table(fault)) => {
                        let says = says(&fault);
                        return Err(Fault::new(format!("{}: {says}", file.display())));
                    }
                    Err(CallsError::Journal(error)) => return Err(error.into()),
                }
            }
            Self::List => {
                for it in folder.open()?.calls_taken() {
                    let (first, last) = it.days;
                    println!("{} {first} to {last}: {} calls", it.import, it.calls);
                }
            }
            Self::TakeBack { id } => {
                let id = id.parse::<Id<_>>().map_err(|error| Fault::new(error.to_string()))?;
                folder.open()?.take_back_calls(id, None)?;
                println!("taken back");
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What is wrong with a table, and what to do.
fn says(fault: &CallFault) -> String {
    match fault {
        CallFault::Heading => "the first line must name the columns, such as `date;calls`".into(),
        CallFault::Empty => "there is no line under the heading".into(),
        CallFault::Long => {
            format!("it has more than {} days; split it", CallRow::DAYS_MAX)
        }
        CallFault::Lines(lines) => {
            let line = |it: &crate::inquiry::CallLineFault| {
                format!("line {}: the {} cannot be taken: {:?}", it.line, it.what, it.found)
            };
            let lines: Vec<String> = lines.iter().map(line).collect();
            format!("nothing was taken in\n{}", lines.join("\n"))
        }
    }
}
