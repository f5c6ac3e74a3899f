//! A log of short notes to judge things in: the demo's own and made ones.

use std::collections::BTreeSet;
use std::path::Path;

/// Subjects in Bokmål and Nynorsk that stand in no row of `pairs.tsv`.
const SUBJECTS: [(&str, &str); 48] = [
    ("kulturskolen", "kulturskulen"),
    ("ungdomsklubben", "ungdomsklubben"),
    ("skolemelk", "skulemjølk"),
    ("spesialundervisning", "spesialundervisning"),
    ("foreldremøtet", "foreldremøtet"),
    ("voksenopplæring", "vaksenopplæring"),
    ("logoped", "logoped"),
    ("helsestasjonen", "helsestasjonen"),
    ("fysioterapi", "fysioterapi"),
    ("dagsenter for demente", "dagsenter for demente"),
    ("matombringing", "matlevering"),
    ("omsorgsbolig", "omsorgsbustad"),
    ("støttekontakt", "støttekontakt"),
    ("kommunal bolig", "kommunal bustad"),
    ("bostøtte", "bustøtte"),
    ("gjeldsrådgivning", "gjeldsrådgjeving"),
    ("utslippstillatelse", "utsleppsløyve"),
    ("ferdigattest", "ferdigattest"),
    ("bruksendring", "bruksendring"),
    ("seksjonering", "seksjonering"),
    ("graving i vei", "graving i veg"),
    ("avkjørsel", "avkøyrsle"),
    ("skilting", "skilting"),
    ("veilys", "veglys"),
    ("feilparkering", "feilparkering"),
    ("bilopptauing", "bilborttauing"),
    ("gebyr for tilsyn", "gebyr for tilsyn"),
    ("restavfall", "restavfall"),
    ("glass og metall", "glas og metall"),
    ("hageavfall", "hageavfall"),
    ("vannlekkasje", "vasslekkasje"),
    ("kloakkstopp", "kloakkstopp"),
    ("stoppekran", "stoppekran"),
    ("reguleringsplanen", "reguleringsplanen"),
    ("politisk møteplan", "politisk møteplan"),
    ("budsjettet", "budsjettet"),
    ("næringsfondet", "næringsfondet"),
    ("torgplass", "torgplass"),
    ("salgsbevilling", "salsløyve"),
    ("idrettshallen", "idrettshallen"),
    ("turstien", "turstien"),
    ("kirkelig vigsel", "kyrkjeleg vigsel"),
    ("urnenedsettelse", "urnenedsetjing"),
    ("landbrukskontoret", "landbrukskontoret"),
    ("skogsveier", "skogsvegar"),
    ("viltpåkjørsel", "viltpåkøyrsle"),
    ("brannsyn", "brannsyn"),
    ("fyrverkeri", "fyrverkeri"),
];

/// How a desk notes a question, in both norms.
const FRAMES: [(&str, &str); 20] = [
    ("når er fristen for {}", "når er fristen for {}"),
    ("hva koster {}", "kva kostar {}"),
    ("hvem har ansvar for {}", "kven har ansvar for {}"),
    ("hvordan klager jeg på {}", "korleis klagar eg på {}"),
    ("hvor finner jeg skjema for {}", "kvar finn eg skjema for {}"),
    ("er det ventetid på {}", "er det ventetid på {}"),
    ("innringer spør om {}", "innringar spør om {}"),
    ("telefonnummer til {}", "telefonnummer til {}"),
    ("kan man søke om {} på nett", "kan ein søkje om {} på nett"),
    ("misfornøyd med {}", "misnøgd med {}"),
    ("har ikke hørt noe om {}", "har ikkje høyrt noko om {}"),
    ("hvilke regler gjelder for {}", "kva reglar gjeld for {}"),
    ("vil snakke med noen om {}", "vil snakke med nokon om {}"),
    ("når åpner {}", "når opnar {}"),
    ("fikk regning for {}, hva er det", "fekk rekning for {}, kva er det"),
    ("må vi ha {}", "må me ha {}"),
    ("hvor lang tid tar {}", "kor lang tid tek {}"),
    ("finnes det tilskudd til {}", "finst det tilskot til {}"),
    ("endring av {}", "endring av {}"),
    ("trenger {} før jul", "treng {} før jul"),
];

/// `n` different notes, the same ones every time.
pub(crate) fn others(n: usize) -> Vec<String> {
    let made = FRAMES.iter().zip(0..).flat_map(|(frame, row)| {
        SUBJECTS.iter().zip(row..).map(move |(subject, at)| match at % 2 {
            0 => frame.0.replace("{}", subject.0),
            _ => frame.1.replace("{}", subject.1),
        })
    });
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut notes: Vec<String> = demo().into_iter().chain(made).collect();
    notes.retain(|it| seen.insert(it.clone()));
    assert!(n <= notes.len(), "there are {} notes", notes.len());
    notes.truncate(n);
    notes
}

/// The wordings of the demo's log.
fn demo() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/demo/inquiries");
    let names = ["answered.toml", "elsewhere.toml", "missing.toml", "own.toml", "once.txt"];
    names.iter().flat_map(|name| wordings(&folder.join(name))).collect()
}

/// The lines of a text file, or what stands between the triple quotes of a table.
fn wordings(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    if file.extension().is_some_and(|it| it == "txt") {
        return text.lines().map(str::to_owned).collect();
    }
    let blocks = text.split("\"\"\"").skip(1).step_by(2);
    blocks.flat_map(str::lines).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// The demo's notes with the norm or language that they are written in.
pub(crate) fn told() -> Vec<(&'static str, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/demo/inquiries");
    let names = ["answered.toml", "elsewhere.toml", "missing.toml", "own.toml"];
    let texts = names.map(|name| std::fs::read_to_string(folder.join(name)).unwrap());
    let blocks = ["nb", "nn", "en"].into_iter().flat_map(|lang| {
        let start = format!("\n{lang} = \"\"\"");
        let starts = texts.iter().flat_map(move |it| it.split(&start).skip(1).collect::<Vec<_>>());
        starts.filter_map(|it| it.split("\"\"\"").next()).map(move |it| (lang, it))
    });
    let notes = blocks.flat_map(|(lang, it)| it.lines().map(move |note| (lang, note.to_owned())));
    notes.filter(|it| !it.1.is_empty()).collect()
}
