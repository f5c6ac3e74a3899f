//! Websites that were saved: a folder of HTML, or a web archive. Their pages are read as those
//! of a crawl are.

mod warc;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::bodies::Body;
use super::crawl::{Address, Scope};
use super::extract::HTML_BYTES_MAX;
use super::jsonl::FilePage;
use super::worker::Parser;

/// The largest page that is taken from a file.
const PAGE_BYTES_MAX: usize = HTML_BYTES_MAX;
/// So many pages are taken.
const PAGES_MAX: usize = 100_000;
/// Folders lie within each other at most so deep.
const DEPTH_MAX: usize = 40;

/// A page as it was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
struct SavedPage {
    address: String,
    content_type: Option<String>,
    body: Vec<u8>,
}

/// Takes a page, or the name of what is none with the reason.
type Take<'a> = &'a mut dyn FnMut(Result<SavedPage, (String, String)>);

/// Why nothing was taken from a file or folder.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SavedError {
    /// It cannot be read.
    #[error("could not read {path}", path = path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// It is no archive, or a damaged one.
    #[error("could not read {path} as a web archive (WARC): {why}", path = path.display())]
    Archive {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
}

/// What was taken: pages, and what was left out with the reason.
pub type Saved = (Vec<FilePage>, Vec<(String, String)>);

/// Whether a path holds a saved website, rather than a list of pages.
pub fn is_saved_site(path: &Path) -> bool {
    let name = path.to_string_lossy().to_lowercase();
    path.is_dir() || [".warc", ".warc.gz"].iter().any(|it| name.ends_with(it))
}

/// Reads a saved website. In a folder, `site` is the address of the folder; of an archive, only
/// pages below `site` are taken.
///
/// # Errors
/// When the folder or the archive cannot be read.
pub async fn read_saved_site(
    path: &Path,
    site: &Address,
    parser: &Parser,
) -> Result<Saved, SavedError> {
    let mut left_out = vec![];
    // A later copy of a page takes the place of an earlier one.
    let mut saved: BTreeMap<Address, SavedPage> = BTreeMap::new();
    let scope = Scope::below(site);
    let mut take = |page: Result<SavedPage, (String, String)>| match page {
        Ok(page) => match Address::parse(&page.address) {
            Ok(address) if saved.len() < PAGES_MAX && scope.check(&address).is_ok() => {
                saved.insert(address, page);
            }
            Ok(_) => left_out.push((page.address, "it lies outside the site".to_owned())),
            Err(why) => left_out.push((page.address, why.to_string())),
        },
        Err(why) => left_out.push(why),
    };
    if path.is_dir() {
        folder(path, site, (0, &mut take))?;
    } else {
        let file =
            File::open(path).map_err(|source| SavedError::Io { path: path.to_owned(), source })?;
        warc::read(file, &mut take)
            .map_err(|why| SavedError::Archive { path: path.to_owned(), why })?;
    }
    let mut pages = vec![];
    for (address, page) in saved {
        match parser.parse(page.body, page.content_type.as_deref()).await {
            Ok(read) if read.noindex => {
                left_out.push((page.address, "it asks not to be found".to_owned()));
            }
            Ok(read) => {
                let body = Body::of(read.title, read.passages);
                pages.push(FilePage { url: address.to_string(), body });
            }
            Err(why) => left_out.push((page.address, why.to_string())),
        }
    }
    Ok((pages, left_out))
}

/// Takes the pages of a folder and of those in it, by name. Links are not followed out of it.
fn folder(path: &Path, at: &Address, (depth, take): (usize, Take<'_>)) -> Result<(), SavedError> {
    let io = |source| SavedError::Io { path: path.to_owned(), source };
    let entries: Result<Vec<_>, _> = fs::read_dir(path).map_err(io)?.collect();
    let mut entries = entries.map_err(io)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().map_err(io)?;
        let is_html =
            [".html", ".htm", ".xhtml"].iter().any(|it| name.to_lowercase().ends_with(it));
        if kind.is_dir() && depth < DEPTH_MAX {
            if let Ok(below) = at.join(&format!("{}/", encoded(&name))) {
                folder(&entry.path(), &below, (depth + 1, &mut *take))?;
            }
        } else if kind.is_file() && is_html {
            let is_index = matches!(name.to_lowercase().as_str(), "index.html" | "index.htm");
            let own = if is_index { String::new() } else { encoded(&name) };
            let address = at.join(&format!("./{own}")).map_or(name, |it| it.to_string());
            take(file(&entry.path(), address));
        }
    }
    Ok(())
}

/// A name as one piece of a path.
fn encoded(name: &str) -> String {
    name.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn file(path: &Path, address: String) -> Result<SavedPage, (String, String)> {
    let told = |why: std::io::Error| (path.display().to_string(), why.to_string());
    let bytes = fs::metadata(path).map_err(told)?.len();
    let bytes_max = PAGE_BYTES_MAX as u64;
    if bytes_max < bytes {
        let why = format!("it has more than {PAGE_BYTES_MAX} bytes");
        return Err((path.display().to_string(), why));
    }
    let body = fs::read(path).map_err(told)?;
    Ok(SavedPage { address, content_type: None, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_of_pages_is_a_site() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("sk\u{f8}le")).unwrap();
        for (name, text) in [
            ("index.html", "<title>Fram</title><p>Hei."),
            ("a b.htm", "<title>A</title><p>A."),
            ("sk\u{f8}le/index.html", "<title>Skule</title><p>S."),
            ("sk\u{f8}le/sfo.HTML", "<meta name=robots content=noindex><p>Sfo."),
            ("bilete.png", "png"),
        ] {
            fs::write(root.path().join(name), text).unwrap();
        }
        let site = Address::parse("https://x.example/").unwrap();
        let (pages, left_out) =
            read_saved_site(root.path(), &site, &Parser::InProcess).await.unwrap();
        let addresses: Vec<&str> = pages.iter().map(|it| it.url.as_str()).collect();
        assert_eq!(
            addresses,
            ["https://x.example/", "https://x.example/a%20b.htm", "https://x.example/sk%C3%B8le/"]
        );
        assert_eq!(left_out[0].1, "it asks not to be found");
        let nowhere = root.path().join("borte.warc");
        assert!(read_saved_site(&nowhere, &site, &Parser::InProcess).await.is_err());
    }
}
