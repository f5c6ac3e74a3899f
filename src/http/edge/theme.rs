//! The organization's own colors and type: `theme.css` in the data folder, in place of ours.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path as FilePath;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::assets;
use crate::http::Edge;

/// The name of the file, in the data folder and in addresses.
const THEME: &str = "theme.css";
/// The largest theme; the design system's own has a sixth of this.
const THEME_BYTES_MAX: usize = 256 * 1024;

/// A theme that was read from the data folder when the service started.
pub(crate) struct Theme {
    css: String,
    print: String,
}

/// Why a theme cannot be used.
#[derive(Debug, thiserror::Error)]
enum ThemeError {
    #[error("it cannot be read: {0}")]
    Read(#[from] io::Error),
    #[error("it is larger than {} KiB", THEME_BYTES_MAX / 1024)]
    TooLarge,
    #[error("it is not UTF-8 text")]
    NotText,
}

impl Theme {
    /// The theme in a data folder, if there is one. A wrong one is told of and passed over: the
    /// counter stays open in our own colors.
    pub(crate) fn of(data: &FilePath) -> Option<Self> {
        let path = data.join(THEME);
        match read(&path) {
            Ok(css) => css.map(|css| Self { print: assets::print_of_bytes(css.as_bytes()), css }),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error,
                    "the theme is not used: mend or remove the file, then start again");
                None
            }
        }
    }
}

fn read(path: &FilePath) -> Result<Option<String>, ThemeError> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let mut bytes = vec![];
    file.take(THEME_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    if THEME_BYTES_MAX < bytes.len() {
        return Err(ThemeError::TooLarge);
    }
    String::from_utf8(bytes).map(Some).map_err(|_| ThemeError::NotText)
}

/// The address of the theme; changes with its content.
pub(crate) fn href(theme: Option<&Theme>) -> String {
    theme.map_or_else(|| assets::href(THEME), |it| assets::address(&it.print, THEME))
}

/// Gives a file that pages need; the theme is the organization's own where there is one.
pub(crate) async fn serve(
    State(edge): State<Edge>,
    Path(wanted): Path<(String, String)>,
    asked: HeaderMap,
) -> Response {
    match edge.theme.as_ref() {
        Some(theme) if wanted.1 == THEME => {
            let headers = assets::headers(THEME, &theme.print, &wanted.0);
            assets::answer(&asked, headers, theme.css.clone().into_bytes().into())
        }
        Some(_) | None => assets::serve(Path(wanted), asked).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: Result<Option<&str>, &str>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(THEME), bytes).unwrap();
        let found = read(&folder.path().join(THEME)).map_err(|it| it.to_string());
        let expected = expected.map(|it| it.map(str::to_owned)).map_err(str::to_owned);
        assert_eq!(found, expected);
    }

    #[test]
    fn a_theme_has_a_limit_and_is_text() {
        let largest = "a".repeat(THEME_BYTES_MAX);
        check(largest.as_bytes(), Ok(Some(&largest)));
        check(format!("{largest}a").as_bytes(), Err("it is larger than 256 KiB"));
        check(b"\xff", Err("it is not UTF-8 text"));
    }

    #[test]
    fn without_a_file_the_theme_is_ours() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Theme::of(folder.path()).is_none());
        assert_eq!(href(None), assets::href(THEME));
    }
}
