//! Bringing in what others have kept: an old log, a site's own searches, feedback, an export.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::data::Folder;
use super::fault::Fault;
use crate::app::ImportFile;
use crate::app::keeping::bring_back;
use crate::inquiry::Channel;
use crate::inquiry::import::{MAIL_BYTES_MAX, Reading, Skipped};

#[derive(Args, Debug)]
pub(super) struct Import {
    /// The file, or the folder of an export.
    file: PathBuf,
    /// What the rows are known by from one import to the next; the file's name as a rule.
    #[arg(long)]
    source: Option<String>,
    /// How the rows came that do not say it: phone, desk, email, chat, social, letter;
    /// `site_search` for searches on the website that found nothing, `feedback` for what visitors
    /// wrote on a page that did not help. The last two are counted apart from what people ask.
    #[arg(long, value_name = "CHANNEL", value_parser = channel)]
    channel: Option<Channel>,
    /// What a column holds whose name does not tell, such as `text=Keyword`; again for each
    /// column: text, count, time, channel, desk, outcome, note, id.
    #[arg(long = "column", value_name = "FIELD=NAME")]
    columns: Vec<String>,
    /// A domain or address of our own, such as `fjordvik.no`; again for each. Mails from there are
    /// answers and are left out; the domains of the websites are known.
    #[arg(long, value_name = "DOMAIN")]
    own: Vec<String>,
    /// The day of rows without one, such as the last of the month that searches are counted for.
    #[arg(long, value_name = "DATE")]
    day: Option<String>,
}

pub(super) fn channel(name: &str) -> Result<Channel, String> {
    let names = || Channel::ALL.map(Channel::name).join(", ");
    Channel::parse(name).ok_or_else(|| format!("the channels are {}", names()))
}

impl Import {
    pub(super) fn run(self, folder: Folder) -> Result<ExitCode, Fault> {
        if self.file.is_dir() {
            return import_export(&self.file, &folder);
        }
        let mut reading = Reading::plain(folder.zone.clone());
        reading.channel = self.channel;
        reading.own = self.own.iter().map(|it| own(it)).collect();
        self.columns.iter().try_for_each(|it| reading.map(it))?;
        self.day.iter().try_for_each(|it| reading.day(it))?;
        check_size(&self.file)?;
        let bytes = std::fs::read(&self.file).map_err(Fault::file("read", &self.file))?;
        let name = self.file.file_name().map(|it| it.to_string_lossy()).unwrap_or_default();
        let app = folder.open()?;
        let source = self.source.as_deref().unwrap_or(&name);
        let file = ImportFile { name: &name, source, bytes: &bytes, reading: &reading, by: None };
        let outcome = app.import(file)?;
        println!(
            "{} added, {} known before, {} not read, {} pieces of personal data masked",
            outcome.added,
            outcome.again,
            outcome.faults.len(),
            outcome.masked
        );
        let Skipped { automatic, own } = outcome.skipped;
        if 0 < automatic + own {
            println!("left out: {automatic} that a program sent, {own} from our own house");
        }
        outcome.faults.iter().for_each(|it| println!("row {}: {}", it.row, it.reason));
        Ok(ExitCode::SUCCESS)
    }
}

/// A domain or address as it is compared.
fn own(typed: &str) -> String {
    typed.trim().trim_start_matches('@').to_lowercase()
}

/// Refuses a file that is larger than anything that is read, before it is in memory.
fn check_size(file: &Path) -> Result<(), Fault> {
    let size = std::fs::metadata(file).map_err(Fault::file("read", file))?.len();
    let max = u64::try_from(MAIL_BYTES_MAX).unwrap_or(u64::MAX);
    if max < size {
        return Err(Fault::new(format!("{} has more than {max} bytes; split it", file.display())));
    }
    Ok(())
}

fn import_export(from: &Path, folder: &Folder) -> Result<ExitCode, Fault> {
    let n = bring_back(from, &folder.data, folder.clock.now())?;
    println!("{n} records brought back into {}", folder.data.display());
    println!("everybody needs a new passphrase: skranke user passphrase LOGIN");
    Ok(ExitCode::SUCCESS)
}
