//! The files that pages need, embedded in the program and named by their fingerprints.

use std::borrow::Cow;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "web/vendor"]
struct Vendor;

#[derive(RustEmbed)]
#[folder = "web/styles"]
struct Styles;

#[derive(RustEmbed)]
#[folder = "web/scripts"]
struct Scripts;

/// The pictures of the help, by language.
#[derive(RustEmbed)]
#[folder = "web/pictures/help"]
struct Pictures;

/// So many hex digits of a file's SHA-256 stand in its address.
const PRINT_DIGITS: usize = 12;

fn find(name: &str) -> Option<EmbeddedFile> {
    Styles::get(name)
        .or_else(|| Scripts::get(name))
        .or_else(|| Vendor::get(name))
        .or_else(|| Pictures::get(name))
}

fn print(file: &EmbeddedFile) -> String {
    printed(&file.metadata.sha256_hash())
}

fn printed(hash: &[u8]) -> String {
    let hex = hash.iter().map(|byte| format!("{byte:02x}"));
    hex.collect::<String>()[..PRINT_DIGITS].to_owned()
}

/// The one print of all scripts: they name each other by relative addresses, so that a script
/// that may be kept for ever brings only such as belong to it.
fn scripts_print() -> &'static str {
    static PRINT: LazyLock<String> = LazyLock::new(|| {
        let mut names: Vec<_> = Scripts::iter().collect();
        names.sort();
        printed(&print_of(names.iter().filter_map(|name| Scripts::get(name))))
    });
    &PRINT
}

/// The print of all that a page is made of, so that an open page can tell that it is an old one.
pub(crate) fn build() -> &'static str {
    static BUILD: LazyLock<String> = LazyLock::new(|| {
        let styles = Styles::iter().filter_map(|name| Styles::get(&name));
        let vendor = Vendor::iter().filter_map(|name| Vendor::get(&name));
        let scripts = Scripts::iter().filter_map(|name| Scripts::get(&name));
        printed(&print_of(styles.chain(vendor).chain(scripts)))
    });
    &BUILD
}

/// The print of what is not embedded.
pub(crate) fn print_of_bytes(bytes: &[u8]) -> String {
    printed(&Sha256::digest(bytes))
}

fn print_of(files: impl Iterator<Item = EmbeddedFile>) -> Vec<u8> {
    let mut hash = Sha256::new();
    files.for_each(|file| hash.update(file.metadata.sha256_hash()));
    hash.finalize().to_vec()
}

fn print_under(name: &str) -> Option<String> {
    let file = find(name)?;
    Some(Scripts::get(name).map_or_else(|| print(&file), |_| scripts_print().to_owned()))
}

/// The address of an embedded file; changes with its content, so that it may be kept for ever.
pub(crate) fn href(name: &str) -> String {
    let print = print_under(name).unwrap_or_else(|| "missing".to_owned());
    address(&print, name)
}

/// The address of a file under its print.
pub(crate) fn address(print: &str, name: &str) -> String {
    format!("/assets/{print}/{name}")
}

/// The scripts that a page of `folder` brings with it, in the order of their names.
pub(crate) fn scripts_of(folder: &str) -> Vec<String> {
    let mut names: Vec<_> = Scripts::iter().filter(|it| it.starts_with(folder)).collect();
    names.sort();
    names.into_iter().map(Cow::into_owned).collect()
}

/// The text of a script that has an address of its own.
pub(crate) fn script(name: &str) -> String {
    let file = Scripts::get(name);
    file.map(|it| String::from_utf8_lossy(&it.data).into_owned()).unwrap_or_default()
}

/// Gives a file. Under an old fingerprint the new content comes, but is not kept.
pub(crate) async fn serve(
    Path((wanted, name)): Path<(String, String)>,
    asked: HeaderMap,
) -> Response {
    let (Some(file), Some(print)) = (find(&name), print_under(&name)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    answer(&asked, headers(&name, &print, &wanted), file.data)
}

/// What is said of a file: under its own print it may be kept for ever.
pub(crate) fn headers(name: &str, print: &str, wanted: &str) -> HeaderMap {
    let keep = if print == wanted { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Ok(value) = HeaderValue::from_str(&format!("\"{print}\"")) {
        headers.insert(header::ETAG, value);
    }
    headers
}

/// Gives a file, or says that the browser has it.
pub(crate) fn answer(asked: &HeaderMap, headers: HeaderMap, data: Cow<'static, [u8]>) -> Response {
    let known = asked.get(header::IF_NONE_MATCH);
    if known.is_some() && known == headers.get(header::ETAG) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    match data {
        Cow::Borrowed(bytes) => (headers, bytes).into_response(),
        Cow::Owned(bytes) => (headers, bytes).into_response(),
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        Some(_) | None => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_that_pages_need_is_there() {
        for name in
            ["designsystemet.css", "theme.css", "designsystemet.js", "skranke.css", "log/main.js"]
        {
            assert!(find(name).is_some(), "{name}");
            assert_ne!(content_type(name), "application/octet-stream", "{name}");
        }
    }

    #[test]
    fn scripts_that_name_each_other_lie_under_one_print() {
        let folder = |name| href(name).rsplit_once('/').unwrap().0.to_owned();
        assert_eq!(folder("log/main.js"), folder("leaving.js") + "/log");
        assert_eq!(folder("log/main.js"), folder("log/outbox.js"));
    }

    #[tokio::test]
    async fn a_file_is_kept_for_ever_under_its_own_print_only() {
        let print = print(&find("skranke.css").unwrap());
        let cache = async |print: &str| {
            let path = Path((print.to_owned(), "skranke.css".to_owned()));
            let response = serve(path, HeaderMap::new()).await;
            response.headers()[header::CACHE_CONTROL].to_str().unwrap().to_owned()
        };
        assert!(cache(&print).await.contains("immutable"));
        assert_eq!(cache("000000000000").await, "no-cache");
    }
}
