//! Makes labelled texts from phrasings and synthetic values; the same ones in every run.

use crate::personal::texts::{
    FIRST, HARMLESS, LAST, MASKED, NAMES, NOBODIES, PLACES, STREET_ENDINGS, STREETS,
};

/// A text and what is personal in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) gold: Vec<Gold>,
}

/// A passage that must be found, in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gold {
    pub(crate) kind: &'static str,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Numbers that look random and are not.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((it ^ (it >> 31)) % n as u64).unwrap()
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    fn digits(&mut self, n: usize) -> String {
        (0..n).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap())).collect()
    }
}

/// Makes `n` texts.
pub(crate) fn texts(seed: u64, n: usize) -> Vec<Text> {
    let mut random = Random::new(seed);
    (0..n).map(|_| text(&mut random)).collect()
}

fn text(random: &mut Random) -> Text {
    let mut text = Text::default();
    let n_parts = 1 + random.below(2);
    for part in 0..n_parts {
        let pattern = match random.below(10) {
            0..5 => random.pick(MASKED),
            5..7 => random.pick(NAMES),
            _ => random.pick(HARMLESS),
        };
        if 0 < part {
            text.text.push_str(random.pick(&[". ", "; ", " - ", "\n"]));
        }
        fill(pattern, random, &mut text);
    }
    text
}

fn fill(pattern: &str, random: &mut Random, text: &mut Text) {
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (slot, after) = after.split_once('}').unwrap();
        text.text.push_str(before);
        let start = text.text.len();
        text.text.push_str(&value(slot, random));
        if let Some(kind) = kind_of(slot) {
            text.gold.push(Gold { kind, start, end: text.text.len() });
        }
        rest = after;
    }
    text.text.push_str(rest);
}

/// The kind of a slot; none when what fills it is nothing personal.
fn kind_of(slot: &str) -> Option<&'static str> {
    let kinds = [
        "national",
        "account",
        "iban",
        "duf",
        "birth",
        "phone",
        "mail",
        "address",
        "property",
        "case",
        "plate",
        "name",
        "reference",
        "trader",
    ];
    kinds.into_iter().find(|it| *it == slot)
}

fn value(slot: &str, random: &mut Random) -> String {
    match slot {
        "national" => {
            shaped(&national(random), &[&[6, 5], &[11], &[2, 2, 2, 5], &[6, 3, 2]], random)
        }
        "account" => shaped(&account(random), &[&[4, 2, 5], &[11]], random),
        "iban" => iban(random),
        "duf" => shaped(&duf(random), &[&[12], &[4, 6, 2]], random),
        "birth" => date(random),
        "phone" => phone(random),
        "mail" => mail(random),
        "address" => address(random),
        "property" => property(random),
        "case" => format!("20{}/{}", 20 + random.below(7), 100 + random.below(90_000)),
        "plate" => plate(random),
        "name" => name(random),
        "reference" => {
            let length = 13 + random.below(12);
            random.digits(length)
        }
        "trader" | "organisation" => organisation(random),
        other => harmless(other, random),
    }
}

fn harmless(slot: &str, random: &mut Random) -> String {
    let n = random.below(900) + 100;
    match slot {
        "money" => [format!("{n} 000 kr"), format!("kr {n}.000"), format!("NOK {n},50")]
            [random.below(3)]
        .clone(),
        "hours" => format!("0{}.00-1{}.30", 7 + random.below(3), 4 + random.below(4)),
        "date" => format!("{:02}.{:02}.2026", 1 + random.below(28), 1 + random.below(12)),
        "meter" => format!("{}{}", 4 + random.below(5), random.digits(7)),
        "nobody" => random.pick(NOBODIES).to_owned(),
        "short" => random.pick(&["110", "112", "116 117", "02800", "1881"]).to_owned(),
        "years" => random.pick(&["2025/2026", "2025-26", "2026/27"]).to_owned(),
        "thousands" => format!("{} {n}", 10 + random.below(80)),
        "room" => format!("{n}"),
        _ => unreachable!("no phrasing has the slot {slot}"),
    }
}

/// The digits in one of the shapes, with one of the signs that people put between.
fn shaped(digits: &str, shapes: &[&[usize]], random: &mut Random) -> String {
    let separator = random.pick(&[" ", " ", " ", "-", ".", "\u{a0}", "_", "  "]);
    let mut rest = digits;
    let mut parts = vec![];
    for length in shapes[random.below(shapes.len())] {
        let (part, after) = rest.split_at(*length);
        parts.push(part);
        rest = after;
    }
    parts.join(separator)
}

fn weighed(digits: &str, weights: &[usize]) -> usize {
    digits.bytes().zip(weights).map(|(byte, weight)| usize::from(byte - b'0') * weight).sum()
}

/// A number of the tax authority's synthetic series, now and then with a slip of the pen.
fn national(random: &mut Random) -> String {
    loop {
        let day = 1 + random.below(28) + [0, 40][random.below(2)];
        let month = 81 + random.below(12);
        let nine = format!("{day:02}{month:02}{:02}{}", random.below(100), random.digits(3));
        let k1 = (11 - weighed(&nine, &[3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11) % 11;
        let ten = format!("{nine}{k1}");
        let k2 = (11 - weighed(&ten, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
        if k1 < 10 && k2 < 10 {
            let slip = usize::from(random.below(20) == 0);
            return format!("{ten}{}", (k2 + slip) % 10);
        }
    }
}

fn account(random: &mut Random) -> String {
    loop {
        let ten = format!("99{}", random.digits(8));
        let k = (11 - weighed(&ten, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
        if k < 10 {
            return format!("{ten}{k}");
        }
    }
}

fn iban(random: &mut Random) -> String {
    let account = account(random);
    let moved = format!("{account}232400");
    let rest = moved.bytes().fold(0, |rest, byte| (10 * rest + usize::from(byte - b'0')) % 97);
    let whole = format!("NO{:02}{account}", 98 - rest);
    match random.below(2) {
        0 => whole,
        _ => format!("{} {} {} {}", &whole[..4], &whole[4..8], &whole[8..12], &whole[12..]),
    }
}

fn duf(random: &mut Random) -> String {
    let (year, six) = (format!("20{:02}", 60 + random.below(39)), random.digits(6));
    let control = weighed(&format!("{six}{year}"), &[4, 6, 3, 2, 7, 5, 4, 6, 3, 2]) % 11;
    format!("{year}{six}{control:02}")
}

fn organisation(random: &mut Random) -> String {
    loop {
        let eight = format!("3{}", random.digits(7));
        let k = (11 - weighed(&eight, &[3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
        if k < 10 {
            let all = format!("{eight}{k}");
            return shaped(&all, &[&[9], &[3, 3, 3]], &mut Random::new(2));
        }
    }
}

fn date(random: &mut Random) -> String {
    let (day, month, year) = (1 + random.below(28), 1 + random.below(12), 1940 + random.below(85));
    let names = ["januar", "mars", "juni", "august", "oktober", "desember"];
    match random.below(5) {
        0 => format!("{day}.{month}.{year}"),
        1 => format!("{day:02}.{month:02}.{:02}", year % 100),
        2 => format!("{day:02}{month:02}{:02}", year % 100),
        3 => format!("{year}-{month:02}-{day:02}"),
        _ => format!("{day}. {} {year}", random.pick(&names)),
    }
}

/// Norwegian numbers of a range kept for fiction, and such of Sweden and Britain.
fn phone(random: &mut Random) -> String {
    let (a, b) = (random.digits(2), random.digits(2));
    match random.below(8) {
        0 => format!("6805{a}{b}"),
        1 => format!("680 5{} {}{b}", &a[..1], &a[1..]),
        2 => format!("+47 68 05 {a} {b}"),
        3 => format!("0047 6805{a}{b}"),
        4 => format!("(+47) 6805{a}{b}"),
        5 => format!("+46 70 174 06 {a}"),
        6 => format!("+44 20 7946 0{}", &format!("{a}{b}")[..3]),
        _ => format!("68 05 {a} {b}"),
    }
}

fn mail(random: &mut Random) -> String {
    let (first, last) = (random.pick(FIRST).to_lowercase(), random.pick(LAST).to_lowercase());
    let domain = random.pick(&["example.org", "post.example.net", "example.com"]);
    match random.below(6) {
        0 => format!("{first}(at){domain}"),
        1 => format!("{first} krøllalfa {domain}"),
        2 => format!("{first}{}@{domain}", random.digits(2)),
        3 => format!("{first}_{}@{domain}", &last[..1]),
        4 => format!("{}@{domain}", last.replace('\'', "")),
        _ => format!("{first}.{}@{domain}", last.replace('\'', "")),
    }
}

fn address(random: &mut Random) -> String {
    if random.below(5) == 0 {
        return format!("{} {}", 3000 + random.below(6_900), random.pick(PLACES));
    }
    let ending = random.pick(STREET_ENDINGS);
    let genitive = if ending.starts_with(' ') { "s" } else { "" };
    let letter = random.pick(&["", "", "", "A", "b", " C"]);
    let house = 1 + random.below(180);
    format!("{}{genitive}{ending} {house}{letter}", random.pick(STREETS))
}

fn property(random: &mut Random) -> String {
    let (farm, part) = (1 + random.below(200), 1 + random.below(900));
    match random.below(5) {
        0 => format!("gnr {farm} bnr {part}"),
        1 => format!("gnr. {farm}, bnr. {part}"),
        2 => format!("gardsnr {farm} bruksnr {part}"),
        3 => format!("gnr/bnr {farm}/{part}"),
        _ => format!("g.nr. {farm} b.nr. {part}"),
    }
}

fn plate(random: &mut Random) -> String {
    let letters = random.pick(&["EL", "EK", "SV", "RJ", "PT", "XD", "HB", "ZN"]);
    let digits = 10_000 + random.below(89_999);
    let gap = random.pick(&[" ", "", " "]);
    format!("{letters}{gap}{digits}")
}

fn name(random: &mut Random) -> String {
    let (first, last) = (random.pick(FIRST), random.pick(LAST));
    match random.below(6) {
        0 => format!("{first} {} {last}", random.pick(FIRST)),
        _ => format!("{first} {last}"),
    }
}
