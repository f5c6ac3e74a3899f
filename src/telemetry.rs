//! Log lines: text for a terminal or JSON for a collector, on standard error.
//!
//! A line never holds a question's text, a name or an address of a person or a machine. Nothing
//! here can hold a careless caller back: the rule stands at the call, and tests search the lines.

use std::io;

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

use crate::config::LogForm;

/// What is written: our own lines from `info` up, and what libraries warn of.
///
/// Libraries stay at `warn`, because below it some of them quote what they are given.
const LINES: &str = "warn,skranke=info,skranke_index=info";

/// Sends the lines of this process to standard error; fails when they already go somewhere.
pub fn start(form: LogForm) -> Result<(), TryInitError> {
    match form {
        LogForm::Text => text(io::stderr).try_init(),
        LogForm::Json => json(io::stderr).try_init(),
    }
}

fn text(
    writer: impl for<'a> MakeWriter<'a> + Send + Sync + 'static,
) -> impl Subscriber + Send + Sync {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(LINES))
        .with_writer(writer)
        .with_ansi(false)
        .with_target(false)
        .finish()
}

fn json(
    writer: impl for<'a> MakeWriter<'a> + Send + Sync + 'static,
) -> impl Subscriber + Send + Sync {
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(EnvFilter::new(LINES))
        .with_writer(writer)
        .finish()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Keeps the written bytes for the test to read.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no writer panics").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Kept {
        fn text(&self) -> String {
            let bytes = self.0.lock().expect("no writer panics");
            String::from_utf8(bytes.clone()).expect("log lines are text")
        }
    }

    #[test]
    fn a_json_line_carries_its_values_as_fields() {
        let kept = Kept::default();
        let writer = kept.clone();
        tracing::subscriber::with_default(json(move || writer.clone()), || {
            tracing::info!(target: "skranke::topic", n_inquiries = 3, "grouped 3 inquiries");
        });
        let line: serde_json::Value = serde_json::from_str(&kept.text()).unwrap();
        assert_eq!(line["n_inquiries"], 3);
        assert_eq!(line["message"], "grouped 3 inquiries");
        assert_eq!(line["level"], "INFO");
    }

    #[test]
    fn a_text_line_reads_alone_and_has_no_colors() {
        let kept = Kept::default();
        let writer = kept.clone();
        tracing::subscriber::with_default(text(move || writer.clone()), || {
            tracing::info!(target: "skranke::topic", n_inquiries = 3, "grouped 3 inquiries");
        });
        let line = kept.text();
        assert!(line.contains("grouped 3 inquiries n_inquiries=3"), "{line}");
        assert!(!line.contains('\u{1b}'), "{line}");
    }

    #[test]
    fn details_and_the_chatter_of_libraries_are_left_out() {
        let kept = Kept::default();
        let writer = kept.clone();
        tracing::subscriber::with_default(text(move || writer.clone()), || {
            tracing::debug!(target: "skranke::topic", "a detail");
            tracing::info!(target: "hyper", "a request line");
            tracing::warn!(target: "hyper", "a warning");
        });
        let lines = kept.text();
        assert!(!lines.contains("detail") && !lines.contains("request"), "{lines}");
        assert!(lines.contains("a warning"), "{lines}");
    }
}
