//! Tables that hold data, a line for each row.

use std::collections::BTreeMap;

use super::tree::Element;

/// A cell with more words is a piece of layout.
const CELL_WORDS_MAX: usize = 60;

/// A cell reaches over at most so many rows or columns.
const SPAN_MAX: usize = 100;
/// A table has at most so many cells when those that reach over several are counted each time.
const CELLS_MAX: usize = 200_000;

/// A cell where it stands, or where one reaches to.
#[derive(Clone, Copy, Debug)]
struct Cell<'a> {
    element: &'a Element,
    /// It begins in this column.
    is_first: bool,
}

/// The rows of a table as lines, each cell with the heading of its column; none for a table that
/// only lays out the page.
pub(super) fn lines(table: &Element) -> Option<Vec<String>> {
    if 1 < table.tally.tables || 0 < table.tally.headings {
        return None;
    }
    let (rows, n_head) = rows(table)?;
    let is_wide = rows.iter().any(|row| 1 < row.len());
    let is_layout = rows.iter().flatten().any(|it| CELL_WORDS_MAX < it.element.tally.words);
    if !is_wide || is_layout {
        return None;
    }
    let is_heading =
        |row: &&Vec<Cell<'_>>| 1 < row.len() && row.iter().all(|it| it.element.name == "th");
    let n_head = n_head.max(rows.iter().take_while(is_heading).count());
    // A table of headings alone has its text in them.
    let n_head = if n_head < rows.len() { n_head } else { 0 };
    let headings = headings(&rows[..n_head]);
    let captions = table.elements().filter(|it| it.name == "caption").map(Element::text);
    let mut lines: Vec<String> = captions.collect();
    lines.extend(rows[n_head..].iter().map(|row| line(row, &headings)));
    lines.retain(|line| !line.is_empty());
    Some(lines)
}

/// The cells of each row in their columns, and how many rows stand in the table's head; none for
/// a table without rows or beyond the limit.
fn rows(table: &Element) -> Option<(Vec<Vec<Cell<'_>>>, usize)> {
    let mut rows = vec![];
    let mut n_head = 0;
    // What reaches down into the next row: by column, with how many rows it has left.
    let mut down: BTreeMap<usize, (usize, &Element)> = BTreeMap::new();
    let mut n_cells = 0;
    for (row, is_head) in all_rows(table) {
        let mut cells: Vec<Cell<'_>> = vec![];
        let mut own = row.elements().filter(|it| matches!(it.name.as_str(), "td" | "th"));
        loop {
            let at = cells.len();
            if let Some((left, element)) = down.remove(&at) {
                cells.push(Cell { element, is_first: true });
                if 1 < left {
                    down.insert(at, (left - 1, element));
                }
                continue;
            }
            let Some(element) = own.next() else { break };
            let (right, below) = (span(element, "colspan"), span(element, "rowspan"));
            for column in 0..right {
                cells.push(Cell { element, is_first: column == 0 });
                if 1 < below {
                    down.insert(at + column, (below - 1, element));
                }
            }
        }
        n_cells += cells.len();
        if CELLS_MAX < n_cells {
            return None;
        }
        n_head += usize::from(is_head && n_head == rows.len());
        rows.push(cells);
    }
    (!rows.is_empty()).then_some((rows, n_head))
}

fn all_rows(table: &Element) -> Vec<(&Element, bool)> {
    let mut rows = vec![];
    for part in table.elements() {
        match part.name.as_str() {
            "tr" => rows.push((part, false)),
            name => {
                let inside = part.elements().filter(|it| it.name == "tr");
                rows.extend(inside.map(|it| (it, name == "thead")));
            }
        }
    }
    rows
}

fn span(cell: &Element, name: &str) -> usize {
    let told = cell.attribute(name).and_then(|it| it.parse().ok());
    told.unwrap_or(1_usize).clamp(1, SPAN_MAX)
}

/// What stands above each column, from the top down.
fn headings(rows: &[Vec<Cell<'_>>]) -> Vec<String> {
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    let of_column = |at: usize| {
        let mut texts: Vec<String> = vec![];
        for cell in rows.iter().filter_map(|row| row.get(at)) {
            let text = cell.element.text();
            if !text.is_empty() && texts.last() != Some(&text) {
                texts.push(text);
            }
        }
        texts.join(", ")
    };
    (0..width).map(of_column).collect()
}

fn line(row: &[Cell<'_>], headings: &[String]) -> String {
    let cell = |(at, cell): (usize, &Cell<'_>)| {
        let text = cell.element.text();
        match headings.get(at).filter(|heading| 0 < at && !heading.is_empty()) {
            Some(heading) if !text.is_empty() => format!("{heading}: {text}"),
            Some(_) | None => text,
        }
    };
    let first = row.iter().enumerate().filter(|(_, it)| it.is_first);
    let cells: Vec<String> = first.map(cell).filter(|cell| !cell.is_empty()).collect();
    let is_pair = headings.is_empty() && cells.len() == 2 && !cells[0].ends_with(':');
    cells.join(if is_pair {
        ": "
    } else if headings.is_empty() {
        " "
    } else {
        "; "
    })
}
