//! Pages of random and of harmed bytes: each is read or refused, and soon.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::Index;

use crate::page::worker::Parser;

/// A page with a little of everything.
const WHOLE: &str = "<!DOCTYPE html><html lang=nn><head><meta charset=utf-8><title>Sfo</title>\
    <link rel=canonical href='/sfo'><link rel=alternate hreflang=nb href='/nb/sfo'>\
    <meta name=robots content=index><script type='application/ld+json'>{\"@type\":\"FAQPage\",\
    \"mainEntity\":[{\"name\":\"Når?\",\"acceptedAnswer\":{\"text\":\"Sju.\"}}]}</script></head>\
    <body><nav><a href=/a>a</a></nav><main><h1 id=s>Sfo</h1><p>Ope frå sju.<details><summary>Pris\
    </summary>3 000 kroner</details><table><tr><th>Dag<th>Tid<tr><td>Måndag<td>7</table><dl><dt>\
    Telefon<dd>00 00 00 00</dl><ul><li>Mat<li>Leik</ul></main><footer>Fjordvik</footer>";

/// No page of this size may take longer, on a machine that does other work as well.
const TIME_MAX: Duration = Duration::from_secs(5);

fn read(body: Vec<u8>, content_type: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let began = Instant::now();
    let page = runtime.block_on(Parser::InProcess.parse(body, Some(content_type)));
    if let Ok(page) = page {
        assert!(page.passages.iter().all(|it| !it.text.trim().is_empty()));
    }
    assert!(began.elapsed() < TIME_MAX);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_in_any_charset_are_read_or_refused(
        bytes in proptest::collection::vec(any::<u8>(), 0..600),
        charset in "(utf-(8|16|16be)|windows-1252|iso-8859-10|iso-2022-jp|gbk|[a-z0-9\"' ;-]{0,9})"
    ) {
        read(bytes, &format!("text/html; charset={charset}"));
    }

    #[test]
    fn a_page_with_harmed_places_is_read_or_refused(
        places in proptest::collection::vec((any::<Index>(), any::<u8>()), 1..12),
        cut in any::<Index>(), again in any::<Index>()
    ) {
        let mut bytes = WHOLE.as_bytes().to_vec();
        for (place, byte) in places {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.extend_from_slice(&WHOLE.as_bytes()[again.index(WHOLE.len())..]);
        bytes.truncate(cut.index(bytes.len()) + 1);
        read(bytes, "text/html");
    }

    #[test]
    fn tags_in_any_order_are_read_or_refused(
        tags in "(<(/?)(b|p|table|tr|td|li|ul|a href=x|h1|main|dl|dt|svg|details)>|x ){0,99}"
    ) {
        read(tags.into_bytes(), "text/html; charset=utf-8");
    }
}
