//! The generated website as it stands on a day.

use serde_json::json;
use skranke::page::{FilePage, read_pages};

use super::chance;
use super::content::{Page, Tongue, pages};
use super::truth::{Holds, Known};

/// Where the website is.
pub(super) const SITE: &str = "https://www.storvik.example/";

pub(super) struct Website {
    pages: Vec<Page>,
    seed: u64,
}

impl Website {
    pub(super) fn new(seed: u64) -> Self {
        Self { pages: pages(), seed }
    }

    pub(super) fn address(slug: &str) -> String {
        format!("{SITE}{slug}")
    }

    /// The norm of the page of a need.
    pub(super) fn tongue(&self, known: &Known) -> Tongue {
        let page = self.pages.iter().find(|it| it.slug == known.need.page);
        page.map_or(Tongue::Nb, |it| Tongue::of(&it.lang))
    }

    /// All pages, by what the needs find there.
    pub(super) fn read(&self, world: &[Known]) -> Vec<FilePage> {
        let lines = self.pages.iter().map(|page| {
            let html = self.html(page, world);
            json!({"url": Self::address(&page.slug), "html": html}).to_string()
        });
        let (pages, faults) = read_pages(&lines.collect::<Vec<_>>().join("\n"));
        assert_eq!(faults, []);
        pages
    }

    fn html(&self, page: &Page, world: &[Known]) -> String {
        let parts = world.iter().enumerate().filter(|it| it.1.need.page == page.slug);
        let parts: String = parts.map(|(at, known)| self.part(at, known)).collect();
        let Page { lang, title, intro, .. } = page;
        format!(
            "<!doctype html><html lang={lang}><head><title>{title}</title></head><body>\
             <nav><a href=/>Storvik kommune</a></nav><main><h1>{title}</h1><p>{intro}</p>{parts}\
             </main><footer>Storvik kommune, Storgata 1</footer></body></html>"
        )
    }

    fn part(&self, at: usize, known: &Known) -> String {
        let need = &known.need;
        let (head, says) = (need.head.as_str(), need.says.as_str());
        let touched =
            if known.is_touched { "<p>Sida er gått gjennom av redaksjonen.</p>" } else { "" };
        let part = match known.holds {
            Holds::Answer | Holds::OtherNorm => format!("<h2>{head}</h2><p>{says}</p>"),
            Holds::OtherWords => {
                format!("<h2>{head}</h2><p>{}</p>", need.official.as_deref().unwrap())
            }
            Holds::Part => format!("<p>{}</p>", need.part),
            Holds::Old => format!("<h2>{head} 2024</h2><p>{says}</p>"),
            Holds::Nothing => String::new(),
            Holds::Mended => {
                let mut random = chance::of(self.seed, [2, at, 0]);
                let tongue = self.tongue(known);
                let phrases = [(); 3].map(|()| need.phrase(tongue, &mut random));
                let [first, second, third] = phrases;
                format!("<h2>{first}?</h2><p>{says}</p><p>{second}? {third}?</p>")
            }
        };
        part + touched
    }
}
