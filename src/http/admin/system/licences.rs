//! What the program is made of, and under which licences: carried in the program itself.

use axum::Extension;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::http::edge::fields::Asking;
use crate::http::pages::{Component, LicencesPage};
use crate::http::{Edge, page};

const LIST: &str = include_str!("../../../../web/licences/list.txt");
const TEXTS: &str = include_str!("../../../../web/licences/texts.txt");
/// The software bill of materials (CycloneDX 1.6): each part with its version, licence and digest.
pub(crate) const BILL: &str = include_str!("../../../../web/licences/sbom.cdx.json");

pub(in crate::http) async fn show(State(edge): State<Edge>, Extension(caller): Asking) -> Response {
    let component = |line: &'static str| {
        let mut parts = line.split('\t');
        Some(Component { name: parts.next()?, version: parts.next()?, licence: parts.next()? })
    };
    page(&LicencesPage {
        f: edge.frame(&caller, "licences.title"),
        components: LIST.lines().filter_map(component).collect(),
    })
}

/// The words of all the licences.
pub(in crate::http) async fn texts() -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], TEXTS).into_response()
}

/// The bill of materials, for programs that look for known faults in parts.
pub(in crate::http) async fn bill() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.cyclonedx+json; version=1.6"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"skranke.cdx.json\""),
    ];
    (headers, BILL).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_a_name_a_version_and_a_licence() {
        for line in LIST.lines() {
            let parts: Vec<&str> = line.split('\t').collect();
            assert!(parts.len() == 3 && parts.iter().all(|it| !it.is_empty()), "{line}");
        }
        assert!(LIST.lines().any(|it| it.starts_with("tantivy\t")));
    }
}
