//! What watchers read: complete, well formed, of nobody, and for this machine alone.

use std::collections::BTreeSet;
use std::path::Path;

use super::send;
use crate::harness::visitor::{Service, Visitor};
use crate::machine::token;

fn deploy(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(file);
    std::fs::read_to_string(path).expect("it is there")
}

/// The names of metrics in a text, without what a histogram adds.
fn names(text: &str) -> BTreeSet<String> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = text.split(|c: char| !is_of_name(c));
    let ours = words.filter(|it| it.starts_with("skranke_") || it.starts_with("process_"));
    let bare = |it: &str| {
        let ends = ["_bucket", "_sum", "_count"];
        ends.iter().find_map(|end| it.strip_suffix(end)).unwrap_or(it).to_owned()
    };
    ours.map(bare).collect()
}

#[test]
fn each_metric_is_described_and_named_by_the_custom() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    let mut admin = service.set_up();
    admin.get("/gaps/T1");
    let answer = Visitor::new(service.address).get("/metrics");
    assert_eq!(answer.status, 200);
    let kind = answer.headers.iter().find(|it| it.0 == "content-type").expect("a kind");
    assert_eq!(kind.1, "text/plain; version=0.0.4; charset=utf-8");
    let mut family = String::new();
    let mut seen = BTreeSet::new();
    for line in answer.body.lines() {
        if let Some(told) = line.strip_prefix("# HELP ") {
            let (name, help) = told.split_once(' ').expect("a sentence");
            assert!(help.ends_with('.'), "{line}");
            family = name.to_owned();
            assert!(seen.insert(family.clone()), "{family} stands twice");
        } else if let Some(told) = line.strip_prefix("# TYPE ") {
            let (name, kind) = told.split_once(' ').expect("a kind");
            assert_eq!(name, family);
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
        } else {
            assert!(line.starts_with(&family), "{line} under {family}");
            let value = line.rsplit(' ').next().expect("a value");
            assert!(value.parse::<f64>().is_ok(), "{line}");
        }
    }
    for name in [
        "skranke_http_requests_total\
         {method=\"GET\",route=\"/gaps/{number}\",status_class=\"4xx\"} 1",
        "skranke_http_request_duration_seconds_count{method=\"GET\",route=\"/gaps/{number}\"} 1",
        "skranke_sign_in_attempts_total{result=\"passed\"} 0",
        "skranke_build_info{version=",
        "skranke_journal_append_duration_seconds_bucket{le=\"+Inf\"}",
        "skranke_job_needs_a_look{job=\"crawl\"} 0",
        "process_resident_memory_bytes ",
    ] {
        assert!(answer.body.contains(name), "{name}: {}", answer.body);
    }
    assert!(!answer.body.contains("marit") && !answer.body.contains("Fjordvik"));
}

#[test]
fn the_dashboard_and_the_alerts_name_only_what_there_is() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    service.set_up();
    let told = Visitor::new(service.address).get("/metrics").body;
    let described: BTreeSet<String> = told
        .lines()
        .filter_map(|it| it.strip_prefix("# TYPE ")?.split(' ').next().map(str::to_owned))
        .collect();
    for file in ["grafana.json", "prometheus.yml", "alerts.yml"] {
        let named = names(&deploy(file));
        let missing: Vec<_> = named.difference(&described).collect();
        assert!(missing.is_empty(), "{file} names {missing:?}");
        assert!(file == "prometheus.yml" || 3 <= named.len(), "{file}");
    }
    let dashboard: serde_json::Value = serde_json::from_str(&deploy("grafana.json")).expect("JSON");
    assert!(dashboard["panels"].as_array().is_some_and(|it| 8 <= it.len()));
}

#[test]
fn nobody_else_reads_them() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let settings = [("SKRANKE_METRICS_ALLOW", "192.0.2.0/24")];
    let mut service = Service::start_with(&data, &settings).expect("it starts");
    let mut admin = service.set_up();
    let token = token(&mut admin, &[("name", "Vakt"), ("scope", "metrics")]);
    let watch = Visitor::new(service.address).from("198.51.100.1").with_token(&token);
    assert_eq!(watch.clone().get("/metrics").status, 200, "a token is enough from anywhere");
    assert_eq!(watch.clone().get("/").status, 403, "and opens nothing else");
    let ask = |from: &str| Visitor::new(service.address).from(from).get("/metrics").status;
    assert_eq!(ask("198.51.100.1"), 404);
    assert_eq!(ask("127.0.0.1"), 404, "a proxy asks for others");
    assert_eq!(ask("192.0.2.9"), 200);
    let other = b"GET /metrics HTTP/1.1\r\nhost: skranke.example.org\r\nconnection: close\r\n\r\n";
    assert_eq!(send(service.address, other).map(|it| it.status), Some(404));
}
