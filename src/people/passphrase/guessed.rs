//! What is tried first by whoever guesses: names at hand, favourite words, years, runs on the
//! keyboard, one thing again and again. What is left without all that must be worth something.

use super::{Passphrase, PassphraseError};

/// So many signs must be left.
const LEFT_MIN: usize = 8;
/// So many different ones among them.
const DIFFERENT_MIN: usize = 5;
/// A run has so many signs at the least.
const RUN_MIN: usize = 4;
/// Shorter runs are chance, as in `trestolpe`, unless there are several.
const SHORT_RUN_MIN: usize = 3;
/// So many short runs are no chance.
const SHORT_RUNS: usize = 3;
/// A way from key to neighbouring key has so many at the least; shorter ones are in many words.
const WALK_MIN: usize = 5;
/// So many signs in a row that stood there before are worth nothing the second time.
const AGAIN_MIN: usize = 3;
/// Shorter parts of names are in too many words.
const NAME_CHARS_MIN: usize = 3;

/// Shorter words stand within too many others.
const WORD_CHARS_MIN: usize = 4;

/// The product's own name, and what the place that it opens is called.
const HERE: [&str; 3] = ["skranke", "kommune", "kommunen"];

/// Words that people choose for passwords, in our languages and English; each is matched with
/// digits and signs for letters as well. Written by hand: those of the seasons, of what a password
/// is called, of what opens, of clubs, pets, food and feelings, and of what is called out loud.
const FAVOURITES: &str = "\
    passord passordet passphrase passfrase password passwort passwd pass hemmelig hemmeleg \
    hemmelighet hemmelegheit secret topsecret private privat kodeord losen admin administrator \
    root superuser user bruker brukar brukarnamn brukernavn gjest guest login logginn logginne \
    innlogging signin welcome velkommen velkomen welcomeback letmein slippmeginn apne opne open \
    sesam sesame change changeme changeit endre endremeg bytte byttmeg byttpassord default \
    standard test testing tester prove demo example temp temporary midlertidig foreløpig internet \
    internett computer datamaskin server nettverk network wifi office outlook microsoft windows \
    google apple iphone samsung facebook instagram snapchat netflix youtube spotify minecraft \
    pokemon starwars batman superman spiderman matrix hogwarts harrypotter \
    våren spring sommer sommar sommeren sommaren summer haust hausten høst høsten autumn \
    vinter vinteren winter jula julaften christmas påske paske easter ferie ferien holiday \
    januar februar mars april juni juli august september oktober november desember january \
    february march june july october december mandag måndag tirsdag tysdag onsdag torsdag fredag \
    lørdag laurdag søndag sundag monday tuesday wednesday thursday friday saturday sunday \
    norge noreg norway norsk norwegian oslo bergen trondheim stavanger tromsø kristiansand \
    drammen fredrikstad bodø ålesund haugesund molde hamar skien arendal harstad narvik sverige \
    sweden danmark denmark \
    fotball football soccer handball handboll hockey basketball baseball skiing langrenn \
    brann rosenborg vålerenga viking lillestrøm molde aalesund liverpool arsenal chelsea everton \
    tottenham manchester united manutd leeds barcelona realmadrid juventus bayern \
    elsker elskar love iloveyou loveyou lover jegelskerdeg egelskardeg kjærlighet kjærleik skatt \
    skatten kjære darling sweetheart baby babygirl honey angel engel princess prinsesse prins \
    prince queen king konge dronning hjerte heart smile happy glad lykke lykkelig sunshine \
    solskinn rainbow regnbue star stjerne flower blomst rose summerlove forever alltid always \
    mamma pappa mormor morfar farmor farfar mother father brother sister familie family hund \
    hunden katt katten kattepus valp hest hesten puppy kitty kitten horse pony monkey \
    dragon tiger lion løve bjørn wolf ulv eagle ørn panda dolphin delfin shadow master ninja \
    killer hunter ranger pirate cowboy soldier freedom fridom frihet whatever trustno nothing \
    sjokolade chocolate cookie kake pizza cheese banana banan apple eple orange appelsin \
    lemon sitron pepper kaffe coffee brunost potet taco \
    jordan michael jessica ashley daniel charlie thomas robert andrew joshua matthew anders \
    morten jonas martin kristian marius henrik andreas magnus mohammed emma nora sara ingrid \
    maria anna kari hansen johansen olsen larsen andersen pedersen nilsen \
    blink metallica nirvana abcd qwerty qwertz azerty asdf zxcv \
    faen helvete satan fuck shit dritt idiot";

/// What is long enough and comes to mind at once: what everybody knows by heart, and counting in
/// words. Matched as one word each, without the spaces.
const BY_HEART: [&str; 16] = [
    "correct horse battery staple",
    "the quick brown fox",
    "jumps over the lazy dog",
    "to be or not to be",
    "may the force be with you",
    "once upon a time",
    "let me in please",
    "det var en gang",
    "det var ein gong",
    "ja vi elsker dette landet",
    "bæ bæ lille lam",
    "alle fugler små de er",
    "hurra for deg som fyller",
    "en to tre fire",
    "ein to tre fire",
    "one two three four",
];

/// The keys of three rows and the digits above, and how far each row stands to the right, in
/// quarters of a key.
const ROWS: [(i64, &str); 4] =
    [(0, "1234567890"), (2, "qwertyuiopå"), (3, "asdfghjkløæ"), (5, "zxcvbnm")];

/// Keys that lie side by side.
const KEYS: [&str; 9] = [
    "1234567890",
    "qwertyuiopå",
    "asdfghjkløæ",
    "zxcvbnm",
    "qwertzuiop",
    "1qaz2wsx3edc4rfv",
    "qazwsxedcrfv",
    // Down the block of digits, and across it.
    "147258369",
    "159753",
];

/// Refuses what is easily guessed.
pub(super) fn check(text: &str, names: &[&str]) -> Result<(), PassphraseError> {
    let mut left = Left::of(text);
    if left.repeats() {
        return Err(PassphraseError::Pattern);
    }
    left.take_runs(RUN_MIN, 1);
    left.take_runs(SHORT_RUN_MIN, SHORT_RUNS);
    left.take_walks();
    left.take_what_comes_again();
    if left.is_little() {
        return Err(PassphraseError::Pattern);
    }
    let own = names.iter().flat_map(|it| it.split(|sign: char| !sign.is_alphanumeric()));
    let own: Vec<Vec<char>> = own.chain(HERE).map(signs).collect();
    left.take_words(own.iter().filter(|it| NAME_CHARS_MIN <= it.len()));
    if left.is_little() {
        return Err(PassphraseError::Own);
    }
    let favourites = BY_HEART.into_iter().chain(FAVOURITES.split_whitespace());
    let favourites: Vec<Vec<char>> = favourites.map(signs).collect();
    left.take_words(favourites.iter().filter(|it| WORD_CHARS_MIN <= it.len()));
    left.take_years();
    if left.is_little() { Err(PassphraseError::Common) } else { Ok(()) }
}

/// Letters and digits in small letters, and the signs that stand for letters.
fn signs(text: &str) -> Vec<char> {
    let counts =
        |it: &char| it.is_alphanumeric() || matches!(it, '@' | '$' | '!' | '€' | '+' | '|');
    text.chars().flat_map(char::to_lowercase).filter(counts).collect()
}

/// The signs of a passphrase, and which of them are worth nothing.
struct Left {
    signs: Vec<char>,
    taken: Vec<bool>,
}

impl Left {
    fn of(text: &str) -> Self {
        let signs = signs(text);
        // A text of other signs alone is looked at as it is.
        let signs = if signs.is_empty() { text.chars().collect() } else { signs };
        Self { taken: vec![false; signs.len()], signs }
    }

    /// Whether it is one thing twice or more, with what is said once shorter than a passphrase.
    fn repeats(&self) -> bool {
        let signs = &self.signs;
        (1..Passphrase::CHARS_MIN.min(signs.len() / 2 + 1))
            .any(|part| signs[part..].iter().zip(signs).all(|(one, before)| one == before))
    }

    fn is_little(&self) -> bool {
        let left = self.signs.iter().zip(&self.taken).filter(|it| !it.1).map(|it| *it.0);
        let mut left: Vec<char> = left.collect();
        let words = left.iter().filter(|it| it.is_alphanumeric()).count();
        left.sort_unstable();
        left.dedup();
        // Three exclamation marks are worth no more than one.
        let others = left.iter().filter(|it| !it.is_alphanumeric()).count();
        words + others < LEFT_MIN || left.len() < DIFFERENT_MIN
    }

    /// Takes what counts on, stays the same, or follows the keys, forwards or backwards, in runs of
    /// at least `least` signs, where there are `often` of them.
    fn take_runs(&mut self, least: usize, often: usize) {
        let mut runs = vec![];
        let mut from = 0;
        while from < self.signs.len() {
            let end = self.run_from(from);
            if least <= end - from {
                runs.push(from..end);
                from = end;
            } else {
                from += 1;
            }
        }
        if often <= runs.len() {
            runs.into_iter().for_each(|run| self.taken[run].fill(true));
        }
    }

    /// Takes ways over the keyboard, each key beside the one before, up and down too.
    fn take_walks(&mut self) {
        let mut from = 0;
        while from < self.signs.len() {
            let pairs = self.signs[from..].windows(2);
            let end = from + 1 + pairs.take_while(|it| are_neighbours(it[0], it[1])).count();
            if WALK_MIN <= end - from {
                self.taken[from..end].fill(true);
            }
            from = end;
        }
    }

    /// Takes what has stood there before, such as the word in `sol1 sol2 sol3`.
    fn take_what_comes_again(&mut self) {
        for from in AGAIN_MIN..=self.signs.len().saturating_sub(AGAIN_MIN) {
            let here = &self.signs[from..from + AGAIN_MIN];
            if self.signs[..from].windows(AGAIN_MIN).any(|it| it == here) {
                self.taken[from..from + AGAIN_MIN].fill(true);
            }
        }
    }

    fn run_from(&self, from: usize) -> usize {
        let keys = KEYS.map(|it| it.chars().collect::<Vec<char>>());
        let steps = [-1_i64, 0, 1];
        let counted = steps.map(|step| self.run(from, |one, next| next - one == step));
        let place = |row: &[char], it: i64| {
            let at = row.iter().position(|key| i64::from(u32::from(*key)) == it);
            at.and_then(|at| i64::try_from(at).ok())
        };
        let along = |row: &[char], step: i64| {
            self.run(from, |one, next| {
                place(row, one).zip(place(row, next)).is_some_and(|(one, next)| next - one == step)
            })
        };
        let typed = keys.iter().flat_map(|row| [along(row, 1), along(row, -1)]);
        counted.into_iter().chain(typed).max().unwrap_or(from)
    }

    /// Where the run ends that begins at `from` and goes on while `goes_on`.
    fn run(&self, from: usize, goes_on: impl Fn(i64, i64) -> bool) -> usize {
        let number = |it: char| i64::from(u32::from(it));
        let pairs = self.signs[from..].windows(2);
        from + 1 + pairs.take_while(|it| goes_on(number(it[0]), number(it[1]))).count()
    }

    /// Takes every place at which one of the words stands.
    fn take_words<'a>(&mut self, words: impl Iterator<Item = &'a Vec<char>>) {
        for word in words {
            for from in 0..self.signs.len().saturating_sub(word.len() - 1) {
                let here = &self.signs[from..from + word.len()];
                if here.iter().zip(word).all(|(typed, meant)| stands_for(*typed, *meant)) {
                    self.taken[from..from + word.len()].fill(true);
                }
            }
        }
    }

    /// Takes years of the last hundred and the next.
    fn take_years(&mut self) {
        for from in 0..self.signs.len().saturating_sub(3) {
            let here = &self.signs[from..from + 4];
            let begins = matches!(here[..2], ['1', '9'] | ['2', '0']);
            if begins && here.iter().all(char::is_ascii_digit) {
                self.taken[from..from + 4].fill(true);
            }
        }
    }
}

/// Whether two keys lie side by side, in a row or above each other.
fn are_neighbours(one: char, next: char) -> bool {
    let place = |key: char| {
        (0_i64..).zip(ROWS).find_map(|(y, (from, keys))| {
            let at = keys.chars().position(|it| it == key)?;
            Some((y, from + 4 * i64::try_from(at).ok()?))
        })
    };
    let (Some((y, x)), Some((next_y, next_x))) = (place(one), place(next)) else { return false };
    one != next && (y - next_y).abs() <= 1 && (x - next_x).abs() <= 4
}

/// Whether a sign is the letter, or one that is written for it.
fn stands_for(typed: char, meant: char) -> bool {
    typed == meant
        || matches!(
            (typed, meant),
            ('0', 'o' | 'ø')
                | ('1' | '!' | '|', 'i' | 'l')
                | ('2', 'z')
                | ('3' | '€', 'e')
                | ('4' | '@', 'a' | 'å')
                | ('5' | '$', 's')
                | ('6' | '9', 'g')
                | ('7' | '+', 't')
                | ('8', 'b')
                | ('o', 'ø')
                | ('ø', 'o')
                | ('a', 'å' | 'æ')
                | ('å', 'a')
                | ('ö', 'ø')
                | ('ä', 'æ')
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = ["kari.nes@fjordvik.example", "Kari Nes", "Fjordvik kommune"];

    #[track_caller]
    fn check_all(expected: Result<(), PassphraseError>, texts: &[&str]) {
        let wrong = texts.iter().map(|it| (it, check(it, &NAMES)));
        let wrong: Vec<_> = wrong.filter(|it| it.1 != expected).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn what_repeats_counts_on_or_follows_the_keys_is_refused() {
        check_all(
            Err(PassphraseError::Pattern),
            &[
                "aaaaaaaaaaaa",
                "abababababab",
                "kake kake kake",
                "bussenbussen",
                "123456789012",
                "abcdefghijkl",
                "lkjihgfedcba",
                "qwertyuiopå1",
                "asdfghjkløæ!",
                "1qaz2wsx3edc",
                "1234abcd5678",
                "............",
                "!!!!!!!!!!!!",
                "aaaabbbbcccc",
                "Passord1234567",
                "1234Passord5678",
                // Over the keyboard in other ways than along its rows.
                "qweasdzxc123",
                "zaq12wsxcde3",
                "1q2w3e4r5t6y",
                "qawsedrftgyh",
                "qwertgfdsazx",
                "poiuytrewq11",
                "147258369147",
                "789456123789",
                "ghjkløæå 123",
                // A word again and again, with something that changes.
                "sol1 sol2 sol3 sol4",
                "katt-katt-katt!",
                "hei1hei2hei3hei",
                "Bil01Bil02Bil03",
                "snøsnøsnø2026",
                "010190010190",
                "abc123abc123abc",
                "111222333444",
            ],
        );
    }

    #[test]
    fn names_of_the_person_the_place_and_the_product_are_refused() {
        check_all(
            Err(PassphraseError::Own),
            &[
                "kari.nes.fjordvik",
                "Fjordvik kommune",
                "fjordvik-2026",
                "Skranke-i-Skranken",
                "Karikarinesnes1",
                "fj0rdv1k k0mmun3",
                "Fj0rdv!k + Kari",
                "n3s k@r! fj0rdv!k",
                "kari@fjordvik.example",
            ],
        );
    }

    #[test]
    fn the_words_that_everybody_chooses_are_refused() {
        check_all(
            Err(PassphraseError::Common),
            &[
                "Sommeren2026!",
                "sommer-haust-vinter",
                "P@ssw0rd2026!!",
                "hemmelegpassord",
                "V3lk0mm3n2026",
                "iloveyou iloveyou2",
                "Rosenborg 1969",
                "letmein-welcome!",
                "liverpool-2024",
                "jegelskerdeg",
                "Høsten 2025 !!",
                "admin-admin-123",
                "Desember.2026",
                "P@$$w0rd!P@$$w0rd?1",
                "adm!n!strator",
                "$ommeren+26!!!",
                "Kari Nes 12031985",
                "v!nt€r 24/25 !!!",
                "Sommar1Vinter2",
                "passord til jul",
                "Hemmelig 17. mai",
                "Rosenborg-Brann 2-1",
                "Liverpool4ever!!",
                "min hund 2019",
                "faen i helvete",
                "pizza og taco 7",
                "correct horse battery staple",
                "Ja, vi elsker dette landet!",
                "en-to-tre-fire-fem",
                "Det var en gang...",
                "qwerty-passord-1",
            ],
        );
    }

    #[test]
    fn a_few_words_in_a_row_pass_and_no_kind_of_sign_is_asked_for() {
        check_all(
            Ok(()),
            &[
                "fire raude bussar i regn",
                "kua på beite",
                "korleis er veret",
                "kari syklar til arbeid",
                "bytt dekk før jul",
                "83618293746150",
                "dT9!xm2#Lq0z",
                "пароль для входа",
                "mange sommerfuglar flyg",
                // Words that a way over the keys or a short run happens to be in.
                "tre desserter i fredags",
                "konsert med strykarar",
                "vi reiser oss etter regnet",
                "bord under bord og over",
                // As a vault makes them.
                "x$K@9!pQ2&vL",
                "h7!Rk+2z|Wm4",
                "tgn4-xv8w-kq2p",
            ],
        );
    }
}
