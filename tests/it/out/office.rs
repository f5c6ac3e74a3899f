//! What LibreOffice makes of our files, where it is installed (`make sheets`).

use std::path::Path;
use std::process::Command;

use skranke::sheet::Form;

use super::files::{TEXTS, odd};

/// The program, by the name that Debian's package gives it.
const OFFICE: &str = "soffice";
/// Semicolons, quotes, UTF-8, from the first line on; every cell as it is shown, quoted.
const AS_CSV: &str = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,true,true,false";
/// How a file of ours is opened: the same, with what begins as a formula left to the program.
const OPENED: &str = "59,34,76,1,,0,false,true,false";

/// Where texts stand that look like numbers.
const NUMBERS: std::ops::Range<usize> = 15..17;

fn convert(folder: &Path, file: &str, to: &str, more: &[&str]) -> bool {
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let out = folder.join("out");
    let told = Command::new(OFFICE)
        .args([profile.as_str(), "--headless", "--norestore"])
        .args(more)
        .args(["--convert-to", to, "--outdir"])
        .args([&out, &folder.join(file)])
        .output();
    told.is_ok_and(|it| it.status.success())
}

fn column(text: &str) -> Vec<String> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.delimiter(b';').flexible(true).from_reader(text.as_bytes());
    let rows = reader.records().map(|it| it.expect("a row"));
    rows.map(|it| it.get(0).unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_spreadsheet_opens_our_files_text_for_text_and_computes_nothing() {
    if std::env::var_os("SKRANKE_SHEETS").is_none() {
        return;
    }
    if Command::new(OFFICE).arg("--version").output().is_err() {
        println!("skipped: LibreOffice is missing (apt-get install libreoffice-calc-nogui)");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let opened = format!("--infilter=CSV:{OPENED}");
    for (form, more) in [(Form::Xlsx, vec![]), (Form::Csv, vec![opened.as_str()])] {
        let ending = form.ending();
        let file = format!("odd-{ending}.{ending}");
        std::fs::write(folder.join(&file), odd().write(form).expect("written")).expect("kept");
        assert!(convert(folder, &file, AS_CSV, &more), "{file} to CSV");
        assert!(convert(folder, &file, "fods", &more), "{file} to flat XML");
        let read = |to: &str| {
            let path = folder.join(format!("out/odd-{ending}.{to}"));
            std::fs::read_to_string(path).expect("converted")
        };
        let mut texts = column(&read("csv"));
        if form == Form::Csv {
            // CSV has no types: a text of digits alone is a number to whoever opens it.
            let digits: Vec<String> =
                texts.splice(NUMBERS, ["0047", "1e5"].map(Into::into)).collect();
            assert_eq!(digits, ["47", "100000"]);
        }
        let expected = TEXTS.map(|it| match form {
            // The mark that keeps a formula from firing stands in the cell of a CSV file.
            Form::Csv => skranke::sheet::csv::cell(it),
            Form::Xlsx | Form::Json => it.to_owned(),
        });
        assert_eq!(texts, expected, "{ending}");
        let formulas = read("fods").matches("table:formula").count();
        assert_eq!(formulas, 0, "{ending}");
        println!("{ending}: {} texts equal, {formulas} formulas", texts.len());
    }
}
