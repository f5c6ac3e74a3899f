//! How much of the websites' text is in which norm.

use super::blocks::columns;
use crate::app::{Figures, NormShare};
use crate::http::pages::{Cell, NormBar, Table, along, percent_of};
use crate::messages::Lang;

fn with_text(figures: &Figures) -> impl Iterator<Item = (&NormShare, f64)> {
    figures.norms.iter().filter_map(|it| Some((it, it.nn_share()?)))
}

/// A site's address as people say it; the table and the file have it whole.
fn shown(address: &str) -> &str {
    address.split_once("://").map_or(address, |it| it.1).trim_end_matches('/')
}

pub(super) fn finding(lang: Lang, figures: &Figures) -> String {
    let Some((site, share)) = with_text(figures).next() else {
        return lang.text("figures.norms.none").to_owned();
    };
    let percents = [share, 1.0 - share].map(|it| percent_of(it, lang));
    let values = [("site", shown(&site.site)), ("nn", &percents[0]), ("nb", &percents[1])];
    match with_text(figures).count() {
        1 => lang.fill("figures.norms.one", &values),
        n => {
            let n = n.to_string();
            lang.fill("figures.norms.many", &[("n", &n)])
        }
    }
}

/// What is still to be counted, in words.
pub(super) fn waits(lang: Lang, figures: &Figures) -> Option<String> {
    let waiting: u32 = figures.norms.iter().map(|it| it.waiting).sum();
    (0 < waiting).then(|| lang.fill("figures.norms.waits", &[("n", &waiting.to_string())]))
}

pub(super) fn bars(lang: Lang, figures: &Figures) -> Vec<NormBar> {
    let bar = |(it, share): (&NormShare, f64)| {
        let percents = [share, 1.0 - share].map(|it| percent_of(it, lang));
        let values = [("nn", &*percents[0]), ("nb", &percents[1])];
        NormBar {
            site: shown(&it.site).to_owned(),
            says: lang.fill("figures.norms.says", &values),
            nn: along(share, NormBar::WIDTH),
            quarter: NormBar::WIDTH / 4,
        }
    };
    with_text(figures).map(bar).collect()
}

pub(super) fn table(lang: Lang, figures: &Figures) -> Table {
    #[expect(clippy::cast_precision_loss, reason = "no site has so many words")]
    let count = |n: u64| Cell::Number(n as f64, 0);
    let row = |it: &NormShare| {
        let share = |of: Option<f64>| of.map_or(Cell::None, Cell::Percent);
        let mut row = vec![Cell::Text(it.site.clone()), Cell::count(it.pages)];
        row.extend([it.nn, it.nb, it.other, it.unsure].map(count));
        row.extend([share(it.nn_share()), share(it.nn_share().map(|it| 1.0 - it))]);
        row
    };
    Table {
        columns: columns(
            lang,
            &["site", "pages", "words_nn", "words_nb", "words_other", "words_unsure", "nn", "nb"],
        ),
        rows: figures.norms.iter().map(row).collect(),
    }
}
