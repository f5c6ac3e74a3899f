//! Small files of PDF and Word's DOCX for tests.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

/// A PDF with a page for each list of lines: size in points, place from the left and from the
/// foot, text. A page without lines holds a picture.
pub(crate) fn pdf(title: &str, pages: &[&[(u32, u32, u32, &str)]]) -> Vec<u8> {
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        vec![],
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_vec(),
        [b"<< /ModDate (D:20240303120000) /Title (".to_vec(), latin(title), b") >>".to_vec()]
            .concat(),
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray \
          /BitsPerComponent 8 /Length 1 >>\nstream\n\x80\nendstream"
            .to_vec(),
    ];
    let mut kids = String::new();
    for lines in pages {
        let mut content = vec![];
        for (size, x, y, text) in *lines {
            content.extend(format!("BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm (").bytes());
            content.extend(latin(text));
            content.extend(b") Tj ET\n");
        }
        if lines.is_empty() {
            content.extend(b"q 500 0 0 700 50 50 cm /I1 Do Q\n");
        }
        let page = objects.len() + 1;
        write!(kids, "{page} 0 R ").expect("a string takes all");
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R /Resources \
                 << /Font << /F1 3 0 R >> /XObject << /I1 5 0 R >> >> >>",
                page + 1
            )
            .into_bytes(),
        );
        let head = format!("<< /Length {} >>\nstream\n", content.len()).into_bytes();
        objects.push([head, content, b"\nendstream".to_vec()].concat());
    }
    objects[1] = format!("<< /Type /Pages /Count {} /Kids [{kids}] >>", pages.len()).into_bytes();
    file(&objects)
}

/// The objects behind each other, and a table of where they begin.
fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut places = String::new();
    for (at, object) in objects.iter().enumerate() {
        writeln!(places, "{:010} 00000 n ", file.len()).expect("a string takes all");
        file.extend(format!("{} 0 obj\n", at + 1).bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let (start, count) = (file.len(), objects.len() + 1);
    file.extend(format!("xref\n0 {count}\n0000000000 65535 f \n{places}").bytes());
    let trailer = format!("<< /Size {count} /Root 1 0 R /Info 4 0 R >>");
    file.extend(format!("trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n").bytes());
    file
}

fn latin(text: &str) -> Vec<u8> {
    let text = text.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
    text.chars().map(|it| u8::try_from(u32::from(it)).expect("a letter of Latin-1")).collect()
}

/// A file of Word with these parts of a document's body.
pub(crate) fn docx(title: &str, body: &str) -> Vec<u8> {
    let styles = "<w:styles xmlns:w='w'>\
        <w:style w:styleId='Overskrift1'><w:name w:val='heading 1'/></w:style>\
        <w:style w:styleId='Overskrift2'><w:name w:val='heading 2'/></w:style></w:styles>";
    let core = format!(
        "<cp:coreProperties><dc:title>{title}</dc:title>\
         <dcterms:modified>2024-03-03T10:00:00Z</dcterms:modified></cp:coreProperties>"
    );
    let document = format!("<w:document xmlns:w='w'><w:body>{body}</w:body></w:document>");
    let parts = [
        ("word/document.xml", &*document),
        ("word/styles.xml", styles),
        ("docProps/core.xml", &core),
    ];
    let mut archive = zip::ZipWriter::new(Cursor::new(vec![]));
    for (name, text) in parts {
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(name, options).expect("it is kept in memory");
        archive.write_all(text.as_bytes()).expect("it is kept in memory");
    }
    archive.finish().expect("it is kept in memory").into_inner()
}

/// A paragraph of Word.
pub(crate) fn paragraph(style: &str, text: &str) -> String {
    let style = if style.is_empty() { "" } else { &format!("<w:pStyle w:val='{style}'/>") };
    format!("<w:p><w:pPr>{style}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}
