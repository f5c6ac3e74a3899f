//! The files that pages need, embedded in the program and named by their fingerprints.

use std::borrow::Cow;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "web/vendor"]
struct Vendor;

#[derive(RustEmbed)]
#[folder = "web/styles"]
struct Styles;

#[derive(RustEmbed)]
#[folder = "web/scripts"]
struct Scripts;

/// So many hex digits of a file's SHA-256 stand in its address.
const PRINT_DIGITS: usize = 12;

fn find(name: &str) -> Option<EmbeddedFile> {
    Styles::get(name).or_else(|| Scripts::get(name)).or_else(|| Vendor::get(name))
}

fn print(file: &EmbeddedFile) -> String {
    let hex = file.metadata.sha256_hash().into_iter().map(|byte| format!("{byte:02x}"));
    hex.collect::<String>()[..PRINT_DIGITS].to_owned()
}

/// The address of an embedded file; changes with its content, so that it may be kept for ever.
pub(crate) fn href(name: &str) -> String {
    let print = find(name).map_or_else(|| "missing".to_owned(), |file| print(&file));
    format!("/assets/{print}/{name}")
}

/// Gives a file. Under an old fingerprint the new content comes, but is not kept.
pub(crate) async fn serve(
    Path((wanted, name)): Path<(String, String)>,
    asked: HeaderMap,
) -> Response {
    let Some(file) = find(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let print = print(&file);
    let keep = if print == wanted { "public, max-age=31536000, immutable" } else { "no-cache" };
    let etag = format!("\"{print}\"");
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(&name)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Ok(value) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, value);
    }
    let known = asked.get(header::IF_NONE_MATCH).and_then(|it| it.to_str().ok());
    if known == Some(etag.as_str()) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    match file.data {
        Cow::Borrowed(bytes) => (headers, bytes).into_response(),
        Cow::Owned(bytes) => (headers, bytes).into_response(),
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some(_) | None => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_that_pages_need_is_there() {
        for name in
            ["designsystemet.css", "theme.css", "designsystemet.js", "skranke.css", "log.js"]
        {
            assert!(find(name).is_some(), "{name}");
            assert_ne!(content_type(name), "application/octet-stream", "{name}");
        }
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
