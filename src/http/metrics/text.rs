//! The text that Prometheus reads: families with their help, samples with their labels.

use std::fmt::Write;

use crate::durations::Durations;

/// The kind of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number that only grows.
    Count,
    /// A number that goes up and down.
    Level,
    /// How long things took.
    Durations,
}

/// The text so far.
#[derive(Debug, Default)]
pub(super) struct Text(String);

impl Text {
    /// Begins a family.
    pub(super) fn family(&mut self, name: &str, kind: Kind, help: &str) {
        let kind = match kind {
            Kind::Count => "counter",
            Kind::Level => "gauge",
            Kind::Durations => "histogram",
        };
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
    }

    /// A family of one sample.
    pub(super) fn one(&mut self, name: &str, (kind, help): (Kind, &str), value: f64) {
        self.family(name, kind, help);
        self.sample(name, &[], value);
    }

    /// A family of one count.
    pub(super) fn one_count(&mut self, name: &str, help: &str, value: u64) {
        self.family(name, Kind::Count, help);
        self.count(name, &[], value);
    }

    /// A sample.
    pub(super) fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        let labels = labelled(labels);
        self.line(format_args!("{name}{labels} {value}"));
    }

    /// A sample that is a count.
    pub(super) fn count(&mut self, name: &str, labels: &[(&str, &str)], value: u64) {
        let labels = labelled(labels);
        self.line(format_args!("{name}{labels} {value}"));
    }

    /// The samples of how long things took.
    pub(super) fn durations(&mut self, name: &str, labels: &[(&str, &str)], took: &Durations) {
        let (buckets, seconds, count) = took.told();
        for (end, so_far) in buckets {
            let labels = labelled(&[labels, &[("le", end)]].concat());
            self.line(format_args!("{name}_bucket{labels} {so_far}"));
        }
        let all = labelled(&[labels, &[("le", "+Inf")]].concat());
        let labels = labelled(labels);
        self.line(format_args!("{name}_bucket{all} {count}"));
        self.line(format_args!("{name}_sum{labels} {seconds}"));
        self.line(format_args!("{name}_count{labels} {count}"));
    }

    /// The whole text.
    pub(super) fn finish(self) -> String {
        self.0
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{line}");
    }
}

fn labelled(labels: &[(&str, &str)]) -> String {
    if labels.is_empty() {
        return String::new();
    }
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let labels: Vec<String> =
        labels.iter().map(|(name, value)| format!("{name}=\"{}\"", quoted(value))).collect();
    format!("{{{}}}", labels.join(","))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_text_is_as_prometheus_reads_it() {
        let mut text = Text::default();
        text.family("a_total", Kind::Count, "What is counted.");
        text.count("a_total", &[("route", "/gaps/{number}"), ("odd", "a\"b\\\n")], 3);
        text.one("b_bytes", (Kind::Level, "A level."), 1.5);
        let expected = "# HELP a_total What is counted.\n# TYPE a_total counter\n\
            a_total{route=\"/gaps/{number}\",odd=\"a\\\"b\\\\\\n\"} 3\n\
            # HELP b_bytes A level.\n# TYPE b_bytes gauge\nb_bytes 1.5\n";
        assert_eq!(text.finish(), expected);
    }

    #[test]
    fn durations_end_with_all_their_sum_and_their_count() {
        let took = Durations::default();
        took.took(Duration::from_secs(60));
        let mut text = Text::default();
        text.durations("a_seconds", &[], &took);
        let text = text.finish();
        assert!(text.contains("a_seconds_bucket{le=\"10\"} 0\n"), "{text}");
        let end = "a_seconds_bucket{le=\"+Inf\"} 1\na_seconds_sum 60\na_seconds_count 1\n";
        assert!(text.ends_with(end), "{text}");
    }
}
