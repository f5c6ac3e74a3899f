//! The second crawl of a site that has not changed costs next to nothing.

use super::again::crawl_twice;
use super::traps::letters;
use crate::harness::program::PROGRAM;

/// So many pages the site has.
const PAGES: usize = 300;

/// A page as municipal sites have them: a menu on all, some text of its own.
fn page(n: usize) -> Vec<u8> {
    let links = |range: std::ops::Range<usize>| -> String {
        range.map(|it| format!("<li><a href='/side-{}'>Side {it}</a>", it % PAGES)).collect()
    };
    let text: String = (0..40)
        .map(|part| {
            let word = |it: usize| format!("ord{}{} ", letters(n * 40 + part), letters(it));
            let words: String = (0..40).map(word).collect();
            format!("<h2 id=d{part}>Del {part} av {}</h2><p>{words}.</p>", letters(n))
        })
        .collect();
    let (menu, near) = (links(0..40), links(n * 10..n * 10 + 10));
    format!(
        "<html lang=nn><title>Side {n}</title><nav><ul>{menu}</ul></nav>\
         <main><h1>Side {n}</h1>{text}<ul>{near}</ul></main>"
    )
    .into_bytes()
}

#[test]
fn the_second_crawl_of_an_unchanged_site_costs_next_to_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pages = (0..PAGES).map(|it| (format!("/side-{it}"), page(it))).collect();
    let [first, second] = crawl_twice((folder.path(), PROGRAM), pages, "/side-0");
    println!("{first:?}\n{second:?}");
    assert_eq!((first.pages, second.unchanged), (PAGES as u32, PAGES as u32));
    assert!(second.bytes * 20 <= first.bytes, "{second:?} after {first:?}");
    // Of a build that is not optimised; `make bench` tells the real figure.
    assert!(second.processor_ms * 20 <= first.processor_ms, "{second:?} after {first:?}");
}
