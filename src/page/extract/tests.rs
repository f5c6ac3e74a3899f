//! Tests of the reading of HTML, on small pages of our own.

use super::*;

/// Heading path, heading, anchor and text in one line for each passage.
fn shown(html: &str) -> Vec<String> {
    shown_page(&extract_text(html).unwrap())
}

pub(super) fn shown_page(page: &Extracted) -> Vec<String> {
    let passages = page.passages.iter().map(|it| {
        let mut above = it.heading_path.clone();
        above.push(it.heading.clone());
        let anchor = it.anchor.as_ref().map(|it| format!(" #{it}")).unwrap_or_default();
        format!("{}{anchor}: {}", above.join(" > "), it.text.replace('\n', " / "))
    });
    passages.collect()
}

#[track_caller]
fn check(html: &str, expected: &[&str]) {
    assert_eq!(shown(html), expected);
}

const POOL: &str = r##"<!doctype html><html lang="nn-NO"><head>
    <title>Symjehallen | Fjordvik kommune</title><link rel="canonical" href="/symjehallen">
    <meta name="description" content=" Opningstider og  prisar "><style>p{}</style></head><body>
    <a class="skip-link" href="#main">Hopp til hovudinnhald</a>
    <div class="cookieBar"><p>Vi bruker informasjonskapslar.</p><button>Greitt</button></div>
    <header><a href="/">Fjordvik kommune</a><nav><ul><li><a href="/skule">Skule</a></li></ul></nav>
    <button aria-expanded="false">Meny</button></header>
    <main id="main"><ol class="breadcrumb"><li><a href="/">Heim</a></li><li>Symjehallen</li></ol>
    <article><header><h1>Symjehallen</h1><p class="ingress">Hallen er open for alle.</p></header>
    <p>Ta med <b>hand</b>kle.<br>Du kan låne hengelås.</p>
    <h2 id="opning">Opningstider</h2>
    <table><caption>Vinter</caption><tr><th>Dag</th><th>Bading</th><th>Trening</th></tr>
    <tr><td>Laurdag</td><td>10–16</td><td></td></tr>
    <tr><th>Søndag</th><td>11–15</td><td>9–11</td></tr></table>
    <h3><a name="helg"></a>Heilagdagar</h3>
    <ul><li>Stengt 1. mai</li><li>Ope <em>andre</em> dagar</li></ul>
    <h2>Prisar</h2>
    <dl><dt>Vaksen</dt><dd>80 kroner</dd><dt>Barn</dt><dt>Honnør</dt><dd><p>40 kroner</p></dd></dl>
    <details><summary>Kan eg betale med kort?</summary><p>Ja.</p></details>
    <details id="klipp"><summary>Finst det klippekort?</summary>
    Ja, ti klipp kostar 600 kroner.</details>
    <p>Prisane gjeld frå 1. januar.</p>
    <section id="kontakt"><h2>Kontakt oss</h2><address>Telefon 00 00 00 00</address></section>
    </article><aside><h2>Relatert innhald</h2><p>Idrettshallen</p></aside>
    <div class="tilbakemelding"><h2>Fann du det du leita etter?</h2><p>Ja Nei</p></div></main>
    <footer><p>Org.nr. 000 000 000</p></footer>
    <script>var a = "<p>hei</p>";</script></body></html>"##;

#[test]
fn a_page_is_read_as_a_reader_reads_it() {
    check(
        POOL,
        &[
            "Symjehallen: Hallen er open for alle. / Ta med handkle. Du kan låne hengelås.",
            "Symjehallen > Opningstider #opning: Vinter / Laurdag; Bading: 10–16 / \
             Søndag; Bading: 11–15; Trening: 9–11",
            "Symjehallen > Opningstider > Heilagdagar #helg: Stengt 1. mai / Ope andre dagar",
            "Symjehallen > Prisar: Vaksen: 80 kroner / Barn, Honnør: 40 kroner",
            "Symjehallen > Prisar > Kan eg betale med kort?: Ja.",
            "Symjehallen > Prisar > Finst det klippekort?: Ja, ti klipp kostar 600 kroner.",
            "Symjehallen > Prisar: Prisane gjeld frå 1. januar.",
            "Symjehallen > Kontakt oss #kontakt: Telefon 00 00 00 00",
        ],
    );
}

#[test]
fn the_head_says_what_the_page_is() {
    let page = extract_text(POOL).unwrap();
    assert_eq!(page.title, "Symjehallen");
    assert_eq!(page.language.as_deref(), Some("nn-no"));
    assert_eq!(page.canonical.as_deref(), Some("/symjehallen"));
    assert_eq!(page.description.as_deref(), Some("Opningstider og prisar"));
    assert_eq!(page.links, ["/", "/skule"]);
    assert!(!page.noindex && !page.nofollow);
}

#[test]
fn wishes_to_robots_are_read() {
    for (content, expected) in [
        ("noindex", (true, false)),
        ("NoIndex, nofollow", (true, true)),
        ("none", (true, true)),
        ("index, follow", (false, false)),
        ("skranke: noindex", (true, false)),
        ("max-snippet:-1", (false, false)),
    ] {
        let html = format!("<meta name=Robots content='{content}'>");
        let page = extract_text(&html).unwrap();
        assert_eq!((page.noindex, page.nofollow), expected, "{content}");
        assert_eq!(head::wishes(content), expected, "{content}");
    }
}

#[test]
fn titles_lose_the_name_of_the_site_only() {
    for (title, heading, expected) in [
        ("Frist - Fjordvik", "Frist", "Frist"),
        ("Fjordvik | Frist", "Frist", "Frist"),
        ("Frist – søk no | Fjordvik", "Frister", "Frist – søk no | Fjordvik"),
        ("", "Frist", "Frist"),
        ("Frist", "", "Frist"),
        ("Kapittel 1. Om søknad", "Om søknad", "Kapittel 1. Om søknad"),
        (
            "A \u{2014} slik gjer du - Fjordvik",
            "A \u{2014} slik gjer du",
            "A \u{2014} slik gjer du",
        ),
        ("Fjordvik", "<main>Frist", "Frist"),
    ] {
        let html = match heading.strip_prefix("<main>") {
            Some(heading) => format!("<title>{title}</title><main><h1>{heading}</h1>"),
            None => format!("<title>{title}</title><h1>{heading}</h1>"),
        };
        assert_eq!(extract_text(&html).unwrap().title, expected);
    }
}

#[test]
fn what_stands_before_the_first_heading_stands_under_the_title() {
    check(
        "<title>Om oss</title><p>Vi er til for deg.</p><h2>Historie</h2><p>Fra 1964.</p>",
        &["Om oss: Vi er til for deg.", "Historie: Fra 1964."],
    );
}

#[test]
fn menus_are_left_out_and_links_in_text_are_not() {
    check(
        "<title>T</title><div><a href=a>Skole</a> <a href=b>Helse</a> | <a href=c>Bygg</a></div>\
         <p>Søk <a href=d>her</a> eller <a href=e>der</a>, og \
         ring <a href=f>oss</a> ved spørsmål.</p>\
         <p><a href=g>Slik søker du om plass i barnehagen</a></p>",
        &["T: Søk her eller der, og ring oss ved spørsmål. / Slik søker du om plass i barnehagen"],
    );
}

#[test]
fn frames_around_everything_are_no_boilerplate() {
    let text = "Dette er innhold. ".repeat(60);
    let html = |name: &str| format!("<title>T</title><div class='{name}'><p>{text}</p></div>");
    for name in ["page with-sidebar", "has-cookie", "sidebar-layout"] {
        assert_eq!(shown(&html(name)).len(), 1, "{name}");
    }
    check("<div class='side-menu sidebar'><p>Meny</p></div><p>Tekst</p>", &[": Tekst"]);
    check(
        "<form><h1>Frist</h1><p>1. mars</p><input><label>E-post</label></form>",
        &["Frist: 1. mars"],
    );
    check("<form><label>E-post</label><p>Skriv her</p></form><p>Tekst</p>", &[": Tekst"]);
}

#[test]
fn openers_are_headings() {
    check(
        "<main><h1>Sfo</h1><h2><button aria-expanded=false>Kva kostar det?</button></h2>\
         <div hidden><p>3 000 kroner.</p></div><div>\
         <button aria-expanded=true>Når er det ope?</button>\
         <div><p>Frå klokka 7.</p></div></div><button>Skriv ut</button></main>",
        &[
            "Sfo > Kva kostar det?: 3 000 kroner.",
            "Sfo > Kva kostar det? > Når er det ope?: Frå klokka 7.",
        ],
    );
}

#[test]
fn what_stands_after_what_can_be_unfolded_is_no_part_of_it() {
    check(
        "<main><h1>Sfo</h1><div><button aria-expanded=false>Pris?</button>\
         <p>3 000 kroner.</p></div><p>Ring oss.</p></main>",
        &["Sfo > Pris?: 3 000 kroner.", "Sfo: Ring oss."],
    );
    check(
        "<main><h1>Sfo</h1><details><summary>Pris</summary><h2>Heil plass</h2><p>3 000 kr</p>\
         </details><p>Ring oss.</p></main>",
        &["Sfo > Pris > Heil plass: 3 000 kr", "Sfo: Ring oss."],
    );
}

#[test]
fn a_list_of_links_that_is_announced_is_text() {
    let list = "<ul><li><a href=a>Barnehage</a><li><a href=b>Skule</a><li><a href=c>Sfo</a></ul>";
    check(
        &format!("<p>Du kan søkje om:</p>{list}"),
        &[": Du kan søkje om: / Barnehage / Skule / Sfo"],
    );
    check(&format!("<p>Velkomen.</p>{list}"), &[": Velkomen."]);
    check(
        &format!(
            "<ul><li>Plassar som ein kan søkje om heile året: {list}\
             <li><a href=d>Anna</a>{list}</ul>"
        ),
        &[": Plassar som ein kan søkje om heile året: / Barnehage / Skule / Sfo / Anna"],
    );
}

#[test]
fn a_panel_stands_under_what_its_tab_says() {
    check(
        "<main><h1>Basseng</h1><div role=tablist><button role=tab id=a>Vinter</button>\
         <button role=tab id=b>Sommar</button></div>\
         <div role=tabpanel aria-labelledby=a><p>10\u{2013}16</p></div>\
         <div role=tabpanel aria-labelledby=b hidden><h2>Sommar</h2><p>Stengt</p></div></main>",
        &["Basseng > Vinter: 10\u{2013}16", "Basseng > Sommar: Stengt"],
    );
}

#[test]
fn questions_of_schema_org_are_answers_under_questions() {
    check(
        "<main><h1>Sfo</h1><div itemscope itemtype='https://schema.org/Question'>\
         <div itemprop=name>N\u{e5}r er det ope?</div><div itemprop=acceptedAnswer>\
         <div itemprop=text>Fr\u{e5} klokka 7.</div></div></div><p>Velkomen.</p></main>",
        &["Sfo > N\u{e5}r er det ope?: Fr\u{e5} klokka 7.", "Sfo: Velkomen."],
    );
    let data = r#"<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
        {"@type": "FAQPage", "dateModified": "2024-03-03", "mainEntity": [
        {"@type": "Question", "name": "Kva kostar det?", "acceptedAnswer":
        {"@type": "Answer", "text": "<p>3 000 <b>kroner</b>.</p><p>Per m\u00e5nad.</p>"}},
        {"@type": ["Question"], "name": "N\u00e5r?", "acceptedAnswer": [{"text": "Klokka 7."}]}]}]}
        </script>"#;
    let html = format!("{data}<main><h1>Sfo</h1><p>Det opnar: Klokka 7.</p></main>");
    check(
        &html,
        &["Sfo: Det opnar: Klokka 7.", "Kva kostar det?: 3 000 kroner. / Per m\u{e5}nad."],
    );
    assert_eq!(extract_text(&html).unwrap().modified.as_deref(), Some("2024-03-03"));
    check("<script type=application/ld+json>{\"@type\": [</script><p>Tekst</p>", &[": Tekst"]);
}

#[test]
fn the_day_of_the_last_change_is_read_and_is_no_text() {
    for html in [
        "<p>Sist oppdatert: <time>3. mars 2024</time></p>",
        "<meta property=article:modified_time content=2024-03-03T10:00:00Z>",
        "<p itemprop=dateModified>03.03.2024</p>",
        "<time itemprop=dateModified datetime=2024-03-03>i g\u{e5}r</time>",
        "<footer><span>Last updated March 3, 2024</span></footer>",
    ] {
        let page = extract_text(&format!("{html}<main><p>Tekst</p></main>")).unwrap();
        assert_eq!(page.modified.as_deref(), Some("2024-03-03"), "{html}");
    }
    check(
        "<p>Sist oppdatert 3. mars 2024</p><p>Fristen er 3. mars 2024</p>",
        &[": Fristen er 3. mars 2024"],
    );
}

#[test]
fn how_to_reach_somebody_is_kept_beside_the_text() {
    check(
        "<main><h1>Bibliotek</h1><p>Velkomen.</p><aside class=sidebar><h2>Opningstider</h2>\
         <p itemprop=openingHours>10\u{2013}16</p><a href='tel:00000000'>00 00 00 00</a>\
         <ul><li><a href=a>B\u{f8}ker</a><li><a href=b>Film</a><li><a href=c>Spel</a></ul></aside>\
         <aside><h2>Sj\u{e5} ogs\u{e5}</h2><p>Kino</p></aside>\
         <aside><p>Lån er gratis.</p></aside></main>",
        &[
            "Bibliotek: Velkomen.",
            "Bibliotek > Opningstider: 10\u{2013}16 / 00 00 00 00 / Lån er gratis.",
        ],
    );
}

#[test]
fn an_id_made_of_the_heading_names_no_box() {
    let html = |id: &str| {
        format!(
            "<main><h1>A</h1><section id={id}><h2>Related bugs</h2><p>Tekst</p></section></main>"
        )
    };
    check(&html("related-bugs"), &["A > Related bugs #related-bugs: Tekst"]);
    assert!(shown(&html("sidebar-box")).is_empty());
}

#[test]
fn a_page_of_links_alone_says_where_they_lead() {
    let links = "<ul><li><a href=a>Barnehage</a><li><a href=b>Skule</a><li><a href=c>Sfo</a></ul>";
    check(&format!("<h1>Oppvekst</h1>{links}"), &["Oppvekst: Barnehage / Skule / Sfo"]);
    check(&format!("<h1>Oppvekst</h1><p>Tekst</p>{links}"), &["Oppvekst: Tekst"]);
}

#[test]
fn tables_that_lay_out_are_read_through() {
    check(
        "<table><tr><td><h2>Frist</h2><p>1. mars</p></td><td>Ring oss</td></tr></table>",
        &["Frist: 1. mars / Ring oss"],
    );
    check("<table><tr><td>Pris</td><td>80</td></tr></table>", &[": Pris: 80"]);
}

#[test]
fn cells_that_reach_over_rows_and_columns_stand_in_each() {
    check(
        "<table><thead><tr><td></td><th colspan=2>Pris</tr><tr><td>Plass</td><td>Heil</td>\
         <td>Halv</td></tr></thead><tr><th rowspan=2>Barnehage<td>2 000<td>1 200\
         <tr><td>1 800<td>1 000</table>",
        &[": Barnehage; Pris, Heil: 2 000; Pris, Halv: 1 200 / \
           Barnehage; Pris, Heil: 1 800; Pris, Halv: 1 000"],
    );
    check("<table><tr><th>Dag<th>Tid</table>", &[": Dag: Tid"]);
    check(
        "<table><tr><td colspan=1000000>a<td rowspan=99999999>b<tr><td>c</table>",
        &[": a: b / c"],
    );
}

#[test]
fn passages_are_small_enough_to_be_an_answer() {
    let sizes = |html: String| -> Vec<usize> {
        let page = extract_text(&html).unwrap();
        page.passages.iter().map(|it| it.text.split_whitespace().count()).collect()
    };
    let paragraph = |words: usize| format!("<p>{}</p>", "ord ".repeat(words));
    assert_eq!(sizes(paragraph(200)), [200]);
    assert_eq!(sizes(paragraph(201)), [200, 1]);
    assert_eq!(sizes(paragraph(80).repeat(3)), [160, 80]);
    assert_eq!(sizes(paragraph(130) + &paragraph(20)), [150]);
    assert_eq!(sizes(format!("<p>{}</p>", "ord ord ord ord slutt. ".repeat(60))), [120, 120, 60]);
}

#[test]
fn a_page_has_at_most_so_much_text_and_no_endless_words() {
    let long = "<p>".to_owned() + &"a".repeat(401) + "</p>";
    let words = extract_text(&long).unwrap().passages.remove(0).text;
    assert_eq!(words.split(' ').map(str::len).collect::<Vec<_>>(), [200, 200, 1]);
    let heading = format!("<h2>{}</h2><p>x</p>", "b".repeat(1_000));
    let page = extract_text(&heading.repeat(3_000)).unwrap();
    assert_eq!(page.passages.len(), 2_000);
    assert_eq!(page.passages[0].heading.len(), 300);
    let much = format!("<h2>x</h2><p>{}</p>", "c".repeat(190_000)).repeat(50);
    let kept: usize = extract_text(&much).unwrap().passages.iter().map(|it| it.text.len()).sum();
    assert!((1_900_000..=2 * 1024 * 1024).contains(&kept), "{kept}");
    // What a page tells search engines counts as well.
    let answer = |it: usize| {
        let text = format!("d{it} ").repeat(40_000);
        format!(
            r#"<script type="application/ld+json">{{"@type": "Question", "name": "Nr. {it}",
            "acceptedAnswer": {{"@type": "Answer", "text": "{text}"}}}}</script>"#
        )
    };
    let page = extract_text(&(0..30).map(answer).collect::<String>()).unwrap();
    let kept: usize = page.passages.iter().map(|it| it.text.len()).sum();
    assert!((100_000..=2 * 1024 * 1024).contains(&kept), "{kept}");
}

#[test]
fn what_is_written_as_it_stands_keeps_its_lines() {
    check(
        "<pre>Måndag 8-15\n<b>Tysdag</b> 8-15\n\n</pre><p>to\nord</p>",
        &[": Måndag 8-15 / Tysdag 8-15 / to ord"],
    );
}

#[test]
fn plain_text_is_parted_at_blank_lines() {
    let read = of_paragraphs("Sfo", "Ope frå 7.\n\nPris\n3 000 kroner.\r\n\r\nNeste\n\n \n");
    let shown: Vec<(&str, &str)> =
        read.iter().map(|it| (it.heading.as_str(), it.text.as_str())).collect();
    assert_eq!(shown, [("Sfo", "Ope frå 7."), ("Pris", "3 000 kroner."), ("Pris", "Neste")]);
}

#[test]
fn hostile_pages_are_refused_or_read_fast() {
    assert_eq!(extract_text(&"<div>".repeat(50_000)), Err(ExtractError::TooDeep));
    assert_eq!(extract(&vec![b' '; HTML_BYTES_MAX + 1], None), Err(ExtractError::TooLarge));
    assert!(extract_text(&"<div>".repeat(DEPTH_MAX)).is_ok());
    assert!(extract_text(&"<table><tr><td>".repeat(150)).is_ok());
    for html in ["", "<", "</", "<!", "<a href", "<table></p><td>x", "\0<p>\0", "<title>"] {
        assert!(extract_text(html).is_ok(), "{html:?}");
    }
    assert_eq!(extract(b"<p>s\xf8k", Some("text/html")).unwrap().passages[0].text, "s\u{f8}k");
}

#[test]
fn the_foot_tells_how_to_reach_somebody_and_nothing_else() {
    let page = extract_text(
        "<main><h1>Hei</h1><p>Tekst.</p></main>\
         <footer class=site-footer><nav><a href=/a>Snarveg</a></nav>\
         <div class=footer-box><h2>Kontakt</h2><p>Telefon 68 05 00 00</p>\
         <p>Rådhuset er ope måndag til fredag 9-15.</p></div>\
         <div class=footer-box><h2>Om oss</h2><p>Organisasjonsnummer 000 000 000</p>\
         <a href=/personvern>Personvern</a></div></footer>",
    )
    .unwrap();
    let texts = |all: &[ExtractedPassage]| -> Vec<String> {
        all.iter().map(|it| it.text.clone()).collect()
    };
    assert_eq!(texts(&page.passages), ["Tekst."]);
    let hours = "Telefon 68 05 00 00\nRådhuset er ope måndag til fredag 9-15.";
    assert_eq!(texts(&page.foot), [hours]);
    assert_eq!(page.foot[0].heading, "Kontakt");
}
