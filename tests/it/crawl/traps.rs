//! A website full of traps, with two hundred real pages in between.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// So many pages are real.
pub(super) const PAGES: usize = 200;
const SECTIONS: usize = 20;
/// 64 MB of spaces, by the reference tool for brotli.
const BROTLI_BOMB: &str = "\
    cbffff3ff82540e2b14020f7fe8fffff7ff04b00c4611180eefd1fffffffe0970088c30200ddfb\
    3ffeffffc12f0110870500baf77ffcffff835f02200e0b0074effff8ffff07bf04401c1600e8de\
    fff1ffff0f7e0980382c00d0bdffcbffff3ffc1200715800a07bff07";
/// What a bomb of the other kinds unpacks to.
const BOMB_BYTES: usize = 256 * 1024 * 1024;
const HTML: &str = "Content-Type: text/html; charset=utf-8\r\n";

/// The website. It ends with the process.
pub(super) struct Trapped {
    /// Its address without a path.
    pub(super) address: String,
    asked: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Trapped {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        let asked: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
        let (seen, own) = (Arc::clone(&asked), address.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, own) = (Arc::clone(&seen), own.clone());
                std::thread::spawn(move || serve(stream, &own, &seen));
            }
        });
        Self { address, asked }
    }

    /// How often each trap was asked for, by the first piece of its path.
    pub(super) fn asked(&self) -> BTreeMap<String, usize> {
        self.asked.lock().expect("no test panics with it").clone()
    }
}

/// A counter in letters: numbers in addresses would be told apart too easily.
pub(super) fn letters(n: usize) -> String {
    n.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect()
}

fn link(to: &str) -> String {
    format!("<a href='{to}'>{to}</a> ")
}

fn page(title: &str, text: &str, links: &str) -> Vec<u8> {
    let html = format!("<title>{title}</title><nav>{links}</nav><main><h1>{title}</h1>{text}");
    html.into_bytes()
}

/// A real page: words that no other page has, and links to every kind of trap.
fn real(n: usize, count: usize) -> Vec<u8> {
    let words: String = (0..40).map(|it| format!("ord{}x{} ", letters(n), letters(it))).collect();
    let mut links = String::new();
    if n < SECTIONS {
        (0..PAGES).filter(|it| it % SECTIONS == n).for_each(|it| {
            links += &link(&format!("/side/{}", letters(it)));
        });
    }
    // A session of a name that nobody knows, new in each answer.
    for next in [n + 1, n + 7] {
        let _ = write!(links, "{}", link(&format!("/side/{}?zz={count}", letters(next % PAGES))));
    }
    for trap in [
        format!("/kalender/2026/{}", n % 12 + 1),
        format!("/liste?sort={}&filter=a&side=1", letters(n)),
        format!("/lenke/{}/", letters(n % 3)),
        format!("/borte/{}", letters(n)),
    ] {
        links += &link(&trap);
    }
    page(&format!("Side {}", letters(n)), &format!("<p>{words}</p>"), &links)
}

/// Addresses that no page stands behind.
const ODD: [&str; 28] = [
    "/ring/seg-sjolv",
    "/ring/ein",
    "/kjede/0",
    "/ring/tls",
    "/bombe/gzip",
    "/bombe/deflate",
    "/bombe/br",
    "/bombe/zstd",
    "/bombe/gzip-gzip",
    "/stor/side",
    "/stor/skript",
    "/evig/kropp",
    "/lengd/kort",
    "/lengd/lang",
    "/hovud/stort",
    "/hovud/mange",
    "/dryp/kropp",
    "/dryp/hovud",
    "/stille/ei",
    "/stille/to",
    "/djup/tagg",
    "/djup/attributt",
    "/djup/tabell",
    "/teikn/1252",
    "/teikn/utf16",
    "/teikn/utf16-utan",
    "/teikn/meta",
    "/teikn/nul",
];

fn serve(stream: TcpStream, own: &str, asked: &Mutex<BTreeMap<String, usize>>) {
    static COUNT: AtomicUsize = AtomicUsize::new(1);
    let mut request = String::new();
    let mut reader = BufReader::new(&stream);
    while !request.ends_with("\r\n\r\n") {
        if reader.read_line(&mut request).map_or(0, |it| it) == 0 {
            return;
        }
    }
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let family = path.split(['/', '?']).nth(1).unwrap_or_default().to_owned();
    *asked.lock().expect("no test panics with it").entry(family).or_default() += 1;
    // The other end may have had enough; that is what it is about.
    drop(answer(&stream, (&path, own), count));
}

fn send(mut to: &TcpStream, head: &str, body: &[u8]) -> std::io::Result<()> {
    write!(to, "HTTP/1.1 {head}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
    to.write_all(body)
}

fn ok(to: &TcpStream, body: &[u8]) -> std::io::Result<()> {
    send(to, &format!("200 OK\r\n{HTML}"), body)
}

fn answer(to: &TcpStream, (path, own): (&str, &str), count: usize) -> std::io::Result<()> {
    let (bare, _) = path.split_once('?').unwrap_or((path, ""));
    let pieces: Vec<&str> = bare.split('/').skip(1).collect();
    match pieces.as_slice() {
        [""] => {
            let sections = (0..SECTIONS).map(|it| link(&format!("/side/{}", letters(it))));
            let odd = ODD.iter().map(|it| link(it));
            ok(to, &page("Fram", "<p>Velkomen.</p>", &sections.chain(odd).collect::<String>()))
        }
        ["side", name] => match (0..PAGES).find(|it| letters(*it) == *name) {
            Some(n) => ok(to, &real(n, count)),
            None => send(to, "404 X\r\n", b""),
        },
        ["kalender", year, month] => ok(to, &calendar(year, month)),
        ["liste"] => ok(to, &list(count)),
        // A wrong relative link: each answer leads one folder deeper.
        ["lenke", ..] => {
            let links = link("a/") + &link("b/") + &link("../b/a/");
            ok(to, &page("Lenke", "<p>Vel noko under.</p>", &links))
        }
        ["ring" | "kjede", which] => redirect(to, which, own),
        ["bombe", kind] => bomb(to, kind),
        ["stor" | "evig" | "lengd" | "hovud" | "dryp" | "stille", which] => slow(to, which),
        ["djup", which] => ok(to, &deep(which)),
        ["teikn", which] => signs(to, which),
        ["robots.txt" | "sitemap.xml"] => send(to, "404 X\r\n", b""),
        // Whatever is asked for is there, says that it is not, and leads on.
        _ => {
            let links: String = (0..5)
                .map(|it| link(&format!("/borte/{}-{}", letters(count), letters(it))))
                .collect();
            ok(to, &page("Sida finst ikkje", "<p>Sida finst ikkje. Prøv å søkje.</p>", &links))
        }
    }
}

fn calendar(year: &str, month: &str) -> Vec<u8> {
    let (year, month) = (year.parse().unwrap_or(2026), month.parse().unwrap_or(1));
    let months = year * 12 + month - 1;
    let to = |it: i64| link(&format!("/kalender/{}/{}", it / 12, it % 12 + 1));
    let links = to(months + 1) + &to(months - 1) + &to(months + 12);
    page(&format!("Kalender {year}-{month}"), "<p>Ingen hende.</p>", &links)
}

fn list(count: usize) -> Vec<u8> {
    let rows: String =
        (0..10).map(|it| format!("<li>Rad {}</li>", (it * 7 + count) % 10)).collect();
    let links: String = (0..6)
        .map(|it| link(&format!("/liste?sort={it}&filter={count}&side={}", count + it)))
        .collect();
    page("Liste", &format!("<ul>{rows}</ul>"), &links)
}

fn redirect(to: &TcpStream, which: &str, own: &str) -> std::io::Result<()> {
    let target = match which {
        "ein" => "/ring/to".to_owned(),
        "to" => "/ring/ein".to_owned(),
        "tls" => own.replace("http:", "https:") + "/ring/tls",
        "seg-sjolv" => "/ring/seg-sjolv".to_owned(),
        n => format!("/kjede/{}", n.parse::<u32>().unwrap_or(0) + 1),
    };
    send(to, &format!("302 X\r\nLocation: {target}\r\n"), b"")
}

fn bomb(to: &TcpStream, kind: &str) -> std::io::Result<()> {
    let (coding, body) = match kind {
        "gzip" => ("gzip", gzip(&deflate(BOMB_BYTES))),
        "deflate" => ("deflate", deflate(BOMB_BYTES)),
        "zstd" => ("zstd", zstd(BOMB_BYTES)),
        "br" => ("br", hex(BROTLI_BOMB)),
        _ => ("gzip, gzip", gzip(&stored(&gzip(&deflate(BOMB_BYTES / 16))))),
    };
    send(to, &format!("200 OK\r\n{HTML}Content-Encoding: {coding}\r\n"), &body)
}

fn hex(text: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex");
    (0..text.len()).step_by(2).map(byte).collect()
}

fn gzip(deflated: &[u8]) -> Vec<u8> {
    [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255], deflated, &[0; 8]].concat()
}

/// Bytes in blocks as they are (RFC 1951, 3.2.4).
fn stored(bytes: &[u8]) -> Vec<u8> {
    let pieces = bytes.chunks(65_535);
    let last = pieces.len() - 1;
    let blocks = pieces.enumerate().flat_map(|(at, piece)| {
        let size = u16::try_from(piece.len()).expect("a piece is small");
        let head = [u8::from(at == last), size.to_le_bytes()[0], size.to_le_bytes()[1]];
        let check = (!size).to_le_bytes();
        [&head[..], &check, piece].concat()
    });
    blocks.collect()
}

/// One letter, repeated by the longest run that deflate knows: thirteen bits for 258 bytes.
fn deflate(bytes: usize) -> Vec<u8> {
    let (mut file, mut buffer, mut held) = (vec![], 0_u32, 0);
    let start = [(0b1, 1), (0b01, 2), (0b0000_1100, 8)];
    let runs = std::iter::repeat_n((0b1010_0011, 13), bytes / 258);
    for (bits, count) in start.into_iter().chain(runs).chain([(0, 7), (0, 7)]) {
        buffer |= bits << held;
        held += count;
        while 8 <= held {
            file.push((buffer & 0xff) as u8);
            buffer >>= 8;
            held -= 8;
        }
    }
    file
}

/// A frame of blocks that repeat one byte (RFC 8878, 3.1.1.2).
fn zstd(bytes: usize) -> Vec<u8> {
    const BLOCK: usize = 128 * 1024;
    let mut file = vec![0x28, 0xb5, 0x2f, 0xfd, 0, 0x38];
    for at in 0..bytes / BLOCK {
        let head = usize::from(at + 1 == bytes / BLOCK) | 1 << 1 | BLOCK << 3;
        file.extend(&head.to_le_bytes()[..3]);
        file.push(b' ');
    }
    file
}

fn slow(mut to: &TcpStream, which: &str) -> std::io::Result<()> {
    let head = format!("HTTP/1.1 200 OK\r\n{HTML}");
    match which {
        "side" | "skript" => {
            write!(to, "{head}\r\n<title>Stor</title><script>")?;
            (0..500).try_for_each(|_| to.write_all(&vec![b'x'; 1024 * 1024]))
        }
        "kort" => {
            write!(to, "{head}Content-Length: 20\r\nConnection: close\r\n\r\n")?;
            to.write_all(&page("Kort", "<p>Meir enn det som er sagt.</p>", ""))
        }
        "lang" => {
            write!(to, "{head}Content-Length: 9999\r\nConnection: close\r\n\r\n<p>Lite.")
        }
        "stort" => {
            write!(to, "{head}X: {}\r\n\r\n<p>x", "x".repeat(1024 * 1024))
        }
        "mange" => {
            write!(to, "{head}{}\r\n<p>x", "X: x\r\n".repeat(5_000))
        }
        "kropp" => endless(to, &head),
        "hovud" => {
            write!(to, "HTTP/1.1 200 OK\r\nX: ")?;
            (0..60).try_for_each(|_| drip(to, b"x"))
        }
        // Taken and never answered.
        _ => (0..60).try_for_each(|_| drip(to, b"")),
    }
}

/// Pieces of a body that has no end, a byte every now and then.
fn endless(mut to: &TcpStream, head: &str) -> std::io::Result<()> {
    write!(to, "{head}Transfer-Encoding: chunked\r\n\r\n")?;
    (0..600).try_for_each(|_| drip(to, b"1\r\nx\r\n"))
}

#[expect(clippy::disallowed_methods, reason = "a server that is slow on purpose")]
fn drip(mut to: &TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    to.write_all(bytes)?;
    std::thread::sleep(Duration::from_millis(100));
    Ok(())
}

fn deep(which: &str) -> Vec<u8> {
    match which {
        "tagg" => "<div>".repeat(50_000).into_bytes(),
        "attributt" => {
            let all: String = (0..200_000).map(|it| format!("a{it}=x ")).collect();
            format!("<p {all}>x").into_bytes()
        }
        _ => "<table><tr><td><b><i>".repeat(20_000).into_bytes(),
    }
}

/// The word that every way of writing it must give.
pub(super) const WORD: &str = "blåbærgraut på bøen";

fn signs(to: &TcpStream, which: &str) -> std::io::Result<()> {
    let text = format!("<title>Teikn {which}</title><p>{WORD}, {which}</p>");
    let latin =
        |text: &str| text.chars().map(|it| u8::try_from(it as u32).unwrap_or(b'?')).collect();
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let (charset, body): (&str, Vec<u8>) = match which {
        "1252" => ("; charset=utf-8", latin(&text)),
        "utf16" => ("", [vec![0xff, 0xfe], wide(&text)].concat()),
        "utf16-utan" => ("; charset=utf-16le", wide(&text)),
        "meta" => ("", format!("<meta charset=iso-8859-1>{text}").into_bytes()),
        _ => ("; charset=utf-8", text.replace(", nul", ",\0 nul").into_bytes()),
    };
    send(to, &format!("200 OK\r\nContent-Type: text/html{charset}\r\n"), &body)
}
