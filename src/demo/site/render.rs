//! A page of the municipality's website with all that stands around its text.

use super::{Section, Version};

/// What can be seen of the website in one week.
pub(super) struct View<'a> {
    pub(super) sections: &'a [Section],
    pub(super) pages: &'a [&'a Version],
}

/// The fixed words around a page, in its language.
struct Words {
    skip: &'static str,
    menu: &'static str,
    search: &'static str,
    home: &'static str,
    updated: &'static str,
    related: &'static str,
    found: &'static str,
    yes: &'static str,
    no: &'static str,
    cookies: &'static str,
    accept: &'static str,
    contact: &'static str,
    privacy: &'static str,
    other: &'static str,
}

const NYNORSK: Words = Words {
    skip: "Hopp til innhaldet",
    menu: "Hovudmeny",
    search: "Søk på nettstaden",
    home: "Framside",
    updated: "Sist endra",
    related: "Sjå òg",
    found: "Fann du det du leita etter?",
    yes: "Ja",
    no: "Nei",
    cookies: "Vi bruker berre dei informasjonskapslane som nettstaden treng.",
    accept: "Greitt",
    contact: "Kontakt oss",
    privacy: "Personvern",
    other: "Les sida på",
};

const BOKMAL: Words = Words {
    skip: "Hopp til innholdet",
    menu: "Hovedmeny",
    search: "Søk på nettstedet",
    home: "Forside",
    updated: "Sist endret",
    related: "Se også",
    found: "Fant du det du lette etter?",
    yes: "Ja",
    no: "Nei",
    cookies: "Vi bruker bare de informasjonskapslene som nettstedet trenger.",
    accept: "Greit",
    contact: "Kontakt oss",
    privacy: "Personvern",
    other: "Les siden på",
};

const ENGLISH: Words = Words {
    skip: "Skip to the content",
    menu: "Main menu",
    search: "Search this website",
    home: "Home",
    updated: "Last changed",
    related: "See also",
    found: "Did you find what you were looking for?",
    yes: "Yes",
    no: "No",
    cookies: "We only use the cookies that the website needs.",
    accept: "Fine",
    contact: "Contact us",
    privacy: "Privacy",
    other: "Read this page in",
};

fn words(lang: &str) -> &'static Words {
    match lang {
        "nb" => &BOKMAL,
        "en" => &ENGLISH,
        _ => &NYNORSK,
    }
}

/// A page's own part, and what its frame must know.
struct Framed<'a> {
    lang: &'a str,
    title: &'a str,
    noindex: bool,
    crumbs: String,
    main: String,
    aside: String,
}

/// A page with text of its own.
pub(super) fn page(view: &View<'_>, page: &Version) -> String {
    let words = words(&page.lang);
    let Version { lang, title, main, updated, .. } = page;
    let twin = twin(view, page);
    let main = format!(
        "<h1>{title}</h1>\n{twin}{main}<p class=\"updated\">{} \
         <time datetime=\"{updated}\">{}</time></p>\n",
        words.updated,
        updated.strftime("%d.%m.%Y"),
    );
    let section = view.sections.iter().find(|section| section.key == page.section);
    let crumbs = section.map_or_else(String::new, |section| {
        format!("<li><a href=\"/{}\">{}</a></li>", section.key, section.title)
    });
    frame(
        view,
        &Framed { lang, title, noindex: page.noindex, crumbs, main, aside: aside(view, page) },
    )
}

/// The landing page of a section: its pages as links.
pub(super) fn landing(view: &View<'_>, section: &Section) -> String {
    let Section { key, lang, title, intro } = section;
    let links = links(view.pages.iter().filter(|page| page.section == *key));
    let main = format!("<h1>{title}</h1>\n<p class=\"ingress\">{intro}</p>\n{links}");
    let (crumbs, aside) = (String::new(), String::new());
    frame(view, &Framed { lang, title, noindex: false, crumbs, main, aside })
}

/// The front page.
pub(super) fn front(view: &View<'_>) -> String {
    let mut parts = String::new();
    for Section { key, title, intro, .. } in view.sections {
        parts.push_str(&format!("<li><a href=\"/{key}\">{title}</a> {intro}</li>\n"));
    }
    let news = links(view.pages.iter().filter(|page| page.section == "aktuelt"));
    let main = format!(
        "<h1>Velkomen til Fjordvik kommune</h1>\n<p class=\"ingress\">Her finn du tenester, skjema \
         og nytt frå kommunen ytst i fjorden.</p>\n<ul>\n{parts}</ul>\n<h2 id=\"aktuelt\">Aktuelt\
         </h2>\n{news}"
    );
    let title = "Fjordvik kommune";
    let (crumbs, aside) = (String::new(), String::new());
    frame(view, &Framed { lang: "nn", title, noindex: false, crumbs, main, aside })
}

/// What an unknown address gets.
pub(super) fn not_found(view: &View<'_>) -> String {
    let title = "Vi finn ikkje sida";
    let main = format!(
        "<h1>{title}</h1>\n<p>Sida kan ha fått ny adresse, eller ho er teken bort. Prøv søket, \
         eller ring <a href=\"/om/kontakt\">kommunen</a>.</p>\n"
    );
    let (crumbs, aside) = (String::new(), String::new());
    frame(view, &Framed { lang: "nn", title, noindex: true, crumbs, main, aside })
}

fn links<'a>(pages: impl Iterator<Item = &'a &'a Version>) -> String {
    let mut list = "<ul class=\"links\">\n".to_owned();
    for Version { path, lang, title, .. } in pages {
        list.push_str(&format!(
            "<li><a href=\"{path}\" hreflang=\"{lang}\" lang=\"{lang}\">{title}</a></li>\n"
        ));
    }
    list.push_str("</ul>\n");
    list
}

/// The pages that follow in the same section, round its end.
fn aside(view: &View<'_>, page: &Version) -> String {
    let own: Vec<&&Version> =
        view.pages.iter().filter(|other| other.section == page.section).collect();
    let place = own.iter().position(|other| other.path == page.path).unwrap_or(0);
    let others = own.iter().cycle().skip(place + 1).take(own.len().saturating_sub(1).min(4));
    let Words { related, .. } = words(&page.lang);
    format!("<aside class=\"related\"><h2>{related}</h2>\n{}</aside>\n", links(others.copied()))
}

fn twin(view: &View<'_>, page: &Version) -> String {
    let twin = view.pages.iter().find(|other| Some(&other.path) == page.twin.as_ref());
    let Words { other, .. } = words(&page.lang);
    twin.map_or_else(String::new, |Version { path, lang, .. }| {
        let name = match lang.as_str() {
            "nb" => "bokmål",
            "en" => "English",
            _ => "nynorsk",
        };
        format!(
            "<p class=\"other-form\">{other} <a href=\"{path}\" hreflang=\"{lang}\" \
             lang=\"{lang}\" rel=\"alternate\">{name}</a></p>\n"
        )
    })
}

fn frame(view: &View<'_>, framed: &Framed<'_>) -> String {
    let Framed { lang, title, noindex, main, aside, .. } = framed;
    let words = words(lang);
    let robots = if *noindex { "<meta name=\"robots\" content=\"noindex\">\n" } else { "" };
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n{robots}\
         <title>{title} | Fjordvik kommune</title>\n\
         <link rel=\"stylesheet\" href=\"/site.css\">\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#innhald\">{skip}</a>\n{cookies}{header}{crumbs}\
         <main id=\"innhald\" class=\"body\">\n{main}</main>\n{aside}{feedback}{footer}\
         </body>\n</html>\n",
        skip = words.skip,
        cookies = cookies(words),
        header = header(view, words),
        crumbs = breadcrumb(framed, words),
        feedback = feedback(words),
        footer = footer(words),
    )
}

fn cookies(words: &Words) -> String {
    let Words { cookies, accept, .. } = words;
    format!(
        "<div class=\"cookies\" role=\"region\" aria-label=\"Cookies\"><p>{cookies}</p>\
         <button type=\"button\">{accept}</button></div>\n"
    )
}

fn header(view: &View<'_>, words: &Words) -> String {
    let mut menu = String::new();
    for Section { key, lang, title, .. } in view.sections {
        menu.push_str(&format!("<li><a href=\"/{key}\" lang=\"{lang}\">{title}</a></li>\n"));
    }
    let Words { search, menu: name, .. } = words;
    format!(
        "<header class=\"top\">\n<a class=\"logo\" href=\"/\">Fjordvik kommune</a>\n\
         <form role=\"search\" action=\"/sok\"><label for=\"q\">{search}</label> \
         <input id=\"q\" name=\"q\" type=\"search\"></form>\n\
         <nav class=\"menu\" aria-label=\"{name}\"><ul>\n{menu}</ul></nav>\n</header>\n"
    )
}

fn breadcrumb(framed: &Framed<'_>, words: &Words) -> String {
    let Framed { crumbs, title, .. } = framed;
    format!(
        "<nav class=\"crumbs\" aria-label=\"breadcrumb\"><ol><li><a href=\"/\">{}</a></li>{crumbs}\
         <li aria-current=\"page\">{title}</li></ol></nav>\n",
        words.home
    )
}

fn feedback(words: &Words) -> String {
    let Words { found, yes, no, .. } = words;
    format!(
        "<section class=\"feedback\"><h2>{found}</h2><p><button type=\"button\">{yes}</button> \
         <button type=\"button\">{no}</button></p></section>\n"
    )
}

fn footer(words: &Words) -> String {
    let Words { contact, privacy, .. } = words;
    format!(
        "<footer class=\"foot\"><p>Fjordvik kommune, Rådhusplassen 1. Telefon 68 05 10 00. \
         post@fjordvik.example</p>\n<p><a href=\"/om/kontakt\">{contact}</a> \
         <a href=\"/om/personvern\">{privacy}</a></p></footer>\n"
    )
}
