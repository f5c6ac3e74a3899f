//! Tests of the reading of files, on small ones of our own.

use super::super::tests::shown_page;
use super::super::{ExtractError, extract};

#[path = "../../../../tests/it/harness/files.rs"]
mod made;

use made::{docx, paragraph, pdf};

#[track_caller]
fn check(body: &[u8], expected: &[&str]) {
    assert_eq!(shown_page(&extract(body, None).unwrap()), expected);
}

#[test]
fn a_pdf_is_read_page_by_page_under_what_is_set_larger() {
    let first = [
        (20, 50, 780, "Betalingssatsar 2024"),
        (11, 50, 740, "Satsane gjeld fr\u{e5} 1. januar og vert"),
        (11, 50, 726, "regulerte kvart \u{e5}r."),
        (15, 50, 680, "Barnehage"),
        (11, 50, 650, "Heil plass"),
        (11, 300, 650, "2 000 kr"),
        (11, 50, 636, "Halv plass"),
        (11, 300, 636, "1 200 kr"),
        (9, 280, 30, "Side 1 av 2"),
    ];
    let second = [
        (11, 50, 780, "Syskenmoderasjon er 30 prosent."),
        (15, 50, 740, "Sfo"),
        (11, 50, 710, "Ein plass kostar 1 500 kr."),
        (9, 280, 30, "Side 2 av 2"),
    ];
    let file = pdf("satsar_endeleg.docx", &[&first, &second]);
    check(
        &file,
        &[
            "Betalingssatsar 2024 #page=1: Satsane gjeld fr\u{e5} 1. januar og vert regulerte \
             kvart \u{e5}r.",
            "Betalingssatsar 2024 > Barnehage #page=1: Heil plass 2 000 kr / Halv plass 1 200 kr",
            "Betalingssatsar 2024 > Barnehage #page=2: Syskenmoderasjon er 30 prosent.",
            "Betalingssatsar 2024 > Sfo #page=2: Ein plass kostar 1 500 kr.",
        ],
    );
    let read = extract(&file, Some("application/pdf")).unwrap();
    assert_eq!(read.title, "Betalingssatsar 2024");
    assert_eq!(read.modified.as_deref(), Some("2024-03-03"));
    assert!(!read.has_only_pictures);
    let named = extract(&pdf("Satsar", &[&first]), None).unwrap();
    assert_eq!(named.title, "Satsar");
}

#[test]
fn a_pdf_of_pictures_is_told() {
    let read = extract(&pdf("Skanna", &[&[], &[]]), Some("application/pdf")).unwrap();
    assert!(read.has_only_pictures && read.passages.is_empty());
}

#[test]
fn what_stands_on_every_page_is_left_out() {
    let page = |text: &'static str, number: &'static str| {
        [
            (9, 50, 810, "Fjordvik kommune"),
            (11, 50, 700, text),
            (11, 50, 600, "Meir om dette."),
            (11, 50, 500, "Ta kontakt."),
            (9, 280, 30, number),
        ]
    };
    let pages = [page("Ein", "1"), page("To", "2"), page("Tre", "3")];
    let pages: Vec<&[_]> = pages.iter().map(<[_; 5]>::as_slice).collect();
    let read = extract(&pdf("Plan", &pages), None).unwrap();
    let texts: Vec<&str> = read.passages.iter().map(|it| it.text.lines().next().unwrap()).collect();
    assert_eq!(texts, ["Ein", "To", "Tre"]);
}

#[test]
fn a_file_of_word_is_read_with_its_headings_tables_and_pages() {
    let row = |cells: &[&str]| {
        let cells = cells.iter().map(|it| format!("<w:tc>{}</w:tc>", paragraph("", it)));
        format!("<w:tr>{}</w:tr>", cells.collect::<String>())
    };
    let body = [
        paragraph("Overskrift1", "Ordensreglar &amp; plikter"),
        paragraph("", "Reglane gjeld alle."),
        paragraph("Overskrift2", "Prisar"),
        format!("<w:tbl>{}{}</w:tbl>", row(&["Vaksen", "80 kr"]), row(&["Barn", "40 kr"])),
        "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Klipp</w:t><w:tab/><w:t>600 kr</w:t></w:r></w:p>"
            .to_owned(),
        "<w:p><w:del><w:r><w:delText>bort</w:delText><w:t>bort</w:t></w:r></w:del></w:p>"
            .to_owned(),
    ];
    let file = docx("reglar.docx", &body.concat());
    check(
        &file,
        &[
            "Ordensreglar & plikter #page=1: Reglane gjeld alle.",
            "Ordensreglar & plikter > Prisar #page=1: Vaksen: 80 kr / Barn: 40 kr",
            "Ordensreglar & plikter > Prisar #page=2: Klipp 600 kr",
        ],
    );
    let read = extract(&file, None).unwrap();
    assert_eq!(read.title, "Ordensreglar & plikter");
    assert_eq!(read.modified.as_deref(), Some("2024-03-03"));
}

#[test]
fn without_breaks_nobody_says_on_which_page_of_word_it_stands() {
    let file = docx("", &paragraph("", "Berre tekst."));
    check(&file, &["Berre tekst.: Berre tekst."]);
}

#[test]
fn damaged_and_hostile_files_are_refused_or_read_in_part() {
    let whole = pdf("Satsar", &[&[(11, 50, 700, "Ein plass kostar 2 000 kroner i m\u{e5}naden")]]);
    assert_eq!(extract(b"%PDF-1.7 and nothing", None), Err(ExtractError::Damaged("PDF")));
    assert_eq!(extract(b"%PDF", Some("application/pdf")), Err(ExtractError::Damaged("PDF")));
    assert!(extract(b"<p>Ikkje funne", Some("application/pdf")).is_ok());
    for end in (0..whole.len()).step_by(7) {
        drop(extract(&whole[..end], None));
    }
    let nested = "<w:tbl><w:tr><w:tc>".repeat(400);
    assert_eq!(extract(&docx("", &nested), None), Err(ExtractError::TooDeep));
    let bomb = "<w:p/>".repeat(6 * 1024 * 1024);
    assert_eq!(extract(&docx("", &bomb), None), Err(ExtractError::TooLarge));
    let word = docx("", &paragraph("", "Tekst"));
    for end in (0..word.len()).step_by(7) {
        drop(extract(&word[..end], None));
    }
}
