//! Tables that hold data, a line for each row.

use super::tree::Element;

/// A cell with more words is a piece of layout.
const CELL_WORDS_MAX: usize = 60;

/// The rows of a table as lines, each cell with the heading of its column; none for a table that
/// only lays out the page.
pub(super) fn lines(table: &Element) -> Option<Vec<String>> {
    if 1 < table.tally.tables || 0 < table.tally.headings {
        return None;
    }
    let mut rows = vec![];
    table.each(&mut |it| {
        if it.name == "tr" {
            rows.push(cells(it));
        }
    });
    let is_wide = rows.iter().any(|row| 1 < row.len());
    let is_layout = rows.iter().flatten().any(|cell| CELL_WORDS_MAX < cell.tally.words);
    if !is_wide || is_layout {
        return None;
    }
    let mut lines: Vec<String> =
        table.elements().filter(|it| it.name == "caption").map(Element::text).collect();
    let has_headings = rows[0].len() > 1 && rows[0].iter().all(|it| it.name == "th");
    let headings: Vec<String> =
        if has_headings { rows[0].iter().map(|it| it.text()).collect() } else { vec![] };
    lines.extend(rows.iter().skip(usize::from(has_headings)).map(|row| line(row, &headings)));
    lines.retain(|line| !line.is_empty());
    Some(lines)
}

fn cells(row: &Element) -> Vec<&Element> {
    row.elements().filter(|it| matches!(it.name.as_str(), "td" | "th")).collect()
}

fn line(row: &[&Element], headings: &[String]) -> String {
    let cell = |(at, cell): (usize, &&Element)| {
        let text = cell.text();
        match headings.get(at).filter(|heading| 0 < at && !heading.is_empty()) {
            Some(heading) if !text.is_empty() => format!("{heading}: {text}"),
            Some(_) | None => text,
        }
    };
    let cells: Vec<String> =
        row.iter().enumerate().map(cell).filter(|cell| !cell.is_empty()).collect();
    let is_pair = headings.is_empty() && cells.len() == 2 && !cells[0].ends_with(':');
    cells.join(if is_pair {
        ": "
    } else if headings.is_empty() {
        " "
    } else {
        "; "
    })
}
