//! Lists as files: what is written is read back by other programs, text for text.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use skranke::clock::Clock;
use skranke::messages::Lang;
use skranke::sheet::csv::plain;
use skranke::sheet::{Column, Form, Kind, Table, Value};

use crate::harness::town::Town;
use crate::harness::visitor::{Visitor, add};

/// Texts that a spreadsheet could take for something else, or lose.
pub(crate) const TEXTS: [&str; 22] = [
    "=1+1",
    "=HYPERLINK(\"https://example.org\")",
    "+47",
    "-x",
    "@x",
    "\t=1",
    "tab\tin it",
    "line\nin it",
    "\n=2",
    "quote \" and ; and , in it",
    "'ja'",
    "'=1+1",
    "''",
    "blåbær på æøå",
    "svømmehall 🏊‍♀️ 👩🏽‍💻",
    "0047",
    "1e5",
    "2026-03-01",
    "TRUE",
    " space around ",
    "_x0041_ is not A",
    "a & b < c > d",
];

/// A table of those texts and of each other kind.
pub(crate) fn odd() -> Table {
    let kinds = [
        ("text", Kind::Text),
        ("link", Kind::Text),
        ("n", Kind::Integer),
        ("number", Kind::Number(2)),
        ("share", Kind::Share),
        ("day", Kind::Date),
        ("at", Kind::Instant),
    ];
    let column = |(key, kind): (&str, Kind)| Column { key: key.into(), head: key.into(), kind };
    let at: Timestamp = "2026-03-01T23:30:00Z".parse().expect("an instant");
    let zone = TimeZone::get("Europe/Oslo").expect("a zone");
    let rows = TEXTS.iter().zip(1_i64..).map(|(text, n)| {
        vec![
            Value::Text((*text).to_owned()),
            Value::Link(format!("T{n}"), format!("https://skranke.example.org/gaps/T{n}")),
            Value::Integer(n),
            Value::Number(-1.25),
            Value::Number(0.5),
            Value::Date(at.to_zoned(zone.clone()).date()),
            Value::Instant(at),
        ]
    });
    let rows: Vec<_> = rows.collect();
    let (columns, of) = (kinds.map(column).to_vec(), rows.len());
    let mut table = Table::new("gaps", columns).with_rows(rows, of);
    (table.lang, table.zone, table.made) = (Lang::Nb, zone, at);
    table
}

fn book(bytes: &[u8]) -> Vec<Vec<Data>> {
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let name = book.sheet_names()[0].clone();
    let formulas = book.worksheet_formula(&name).expect("read");
    assert_eq!(formulas.used_cells().filter(|it| !it.2.is_empty()).count(), 0, "no formulas");
    let range = book.worksheet_range(&name).expect("a sheet");
    range.rows().map(<[Data]>::to_vec).collect()
}

fn lines(text: &str) -> Vec<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.delimiter(b';').has_headers(false).from_reader(text.as_bytes());
    let rows = reader.records().map(|it| it.expect("a row"));
    rows.map(|it| it.iter().map(|it| plain(it).to_owned()).collect()).collect()
}

#[test]
fn a_workbook_keeps_every_text_and_has_real_numbers_and_days() {
    let rows = book(&odd().write(Form::Xlsx).expect("written"));
    assert_eq!(rows.len(), TEXTS.len() + 1);
    for (row, text) in rows[1..].iter().zip(TEXTS) {
        assert_eq!(row[0], Data::String(text.to_owned()));
    }
    let first = &rows[1];
    assert_eq!((&first[1], &first[2]), (&Data::String("T1".into()), &Data::Float(1.0)));
    assert_eq!((&first[3], &first[4]), (&Data::Float(-1.25), &Data::Float(0.5)));
    let days = |cell: &Data| match cell {
        Data::DateTime(it) => it.as_f64(),
        other => panic!("no day: {other:?}"),
    };
    // The second of March 2026 is day 46083 of the workbook's calendar, half past midnight there.
    assert!((days(&first[5]) - 46_083.0).abs() < 1e-9, "{:?}", first[5]);
    assert!((days(&first[6]) - (46_083.0 + 0.5 / 24.0)).abs() < 1e-6, "{:?}", first[6]);
}

#[test]
fn csv_and_json_keep_every_text() {
    let table = odd();
    let csv = String::from_utf8(table.write(Form::Csv).expect("written")).expect("UTF-8");
    let rows = lines(&csv);
    assert_eq!(rows.iter().skip(1).map(|it| it[0].as_str()).collect::<Vec<_>>(), TEXTS);
    assert_eq!(rows[1][1..], ["T1", "1", "-1,25", "0,500", "2026-03-02", "2026-03-02 00:30"]);
    let raw = csv::ReaderBuilder::new().delimiter(b';').from_reader(csv.as_bytes());
    for cell in raw.into_records().filter_map(|it| it.ok()?.get(0).map(str::to_owned)) {
        assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell:?}");
    }
    let json: serde_json::Value =
        serde_json::from_slice(&table.write(Form::Json).expect("written")).expect("JSON");
    let rows = json["rows"].as_array().expect("rows");
    let texts: Vec<&str> = rows.iter().filter_map(|it| it["text"].as_str()).collect();
    assert_eq!(texts, TEXTS);
    assert_eq!(rows[0]["at"], "2026-03-01T23:30:00Z");
    assert_eq!(json["columns"][4]["kind"], "share");
}

fn log(visitor: &mut Visitor, text: &str) {
    let key = visitor.get("/").hidden("key");
    let fields = [("key", key.as_str()), ("text", text), ("channel", "phone")];
    assert_eq!(visitor.submit("/", "/log", &fields).status, 303, "{text}");
}

#[test]
fn a_file_holds_all_pages_of_what_the_filter_shows_and_the_audit_says_who_took_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed("2026-03-06T11:00:00Z".parse().expect("an instant"));
    let town = Town::open(folder.path(), &clock);
    let mut admin = town.set_up();
    for n in 0..60 {
        log(&mut admin, &format!("=kor er kvervling {n}"));
    }
    log(&mut admin, "ring meg på 91234567 om hyttetomt");
    town.app.settle().expect("folded");
    let mut editor = add(&mut admin, "editor");
    let page = editor.get("/inquiries").body;
    let link = page.split("/lists/inquiries.csv").nth(1).and_then(|it| it.split('"').next());
    assert_eq!(link, Some(""), "{page}");
    let file = editor.get("/lists/inquiries.csv");
    let name = file.headers.iter().find(|it| it.0 == "content-disposition").expect("a name");
    assert_eq!(name.1, "attachment; filename=\"skranke-inquiries-2026-03-06.csv\"");
    let rows = lines(&file.body);
    assert_eq!(rows.len(), 62, "the head and all of two pages");
    assert_eq!(rows[1][1], "ring meg på [telefon] om hyttetomt", "{:?}", rows[1]);
    assert_eq!((rows[2][0].as_str(), rows[2][1].as_str()), ("2026-03-06", "=kor er kvervling 59"));
    assert_eq!(rows[2][2], "Telefon");
    let none = lines(&editor.get("/lists/inquiries.csv?channel=desk&page=2").body);
    assert_eq!(none.len(), 1, "the same filter as the page");
    let json = editor.get("/lists/inquiries.json?channel=phone").json();
    assert_eq!(json["rows"].as_array().map(Vec::len), Some(61));
    assert_eq!(
        (&json["rows"][1]["channel"], &json["filter"]),
        (&"phone".into(), &"channel=phone".into())
    );
    for list in ["gaps", "topics", "words"] {
        for form in Form::ALL {
            let answer = editor.get(&format!("/lists/{list}.{}", form.ending()));
            assert_eq!(answer.status, 200, "{list}");
            if form == Form::Xlsx {
                assert!(!book(&answer.bytes).is_empty(), "{list}");
            }
        }
    }
    assert_eq!(editor.get("/lists/topics.csv?q=Kari+91234567").status, 200);
    assert_eq!(editor.get("/lists/people.csv").status, 404);
    assert_eq!(editor.get("/lists/gaps.pdf").status, 404);
    assert_eq!(add(&mut admin, "reception").get("/lists/gaps.csv").status, 403);
    let audit = town.app.state.audit.all();
    let said: Vec<_> = audit.iter().filter(|it| it.row.action == "list.file").collect();
    let targets: Vec<&str> = said.iter().map(|it| it.row.target.as_str()).collect();
    assert_eq!(targets[0], "inquiries.csv 61");
    assert!(targets.contains(&"inquiries.json 61 channel=phone"), "{targets:?}");
    assert!(targets.contains(&"topics.csv 0 q=Kari [telefon]"), "{targets:?}");
    assert!(said.iter().all(|it| it.row.who.is_some()));
}
