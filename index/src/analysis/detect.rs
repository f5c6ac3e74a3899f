//! The norm or language of a text, told from its function words; unsure without evidence.

use super::tokens;

/// A norm of Norwegian, or another language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Bokmål.
    Nb,
    /// Nynorsk.
    Nn,
    /// English.
    En,
    /// Another language.
    Other,
    /// Too little to tell.
    #[default]
    Unsure,
}

/// Words that stand in Bokmål and not in Nynorsk.
const NB: &str = "jeg ikke hva hvordan hvor hvorfor hvem hvilken hvilke noe noen fra også bare mye \
    være vært ble blitt gjøre gjør kommer dere deres henne hun eller-ikke hjem hjemme hvis siden \
    uten innen selv samme uke uken uker søker koster åpner åpent åpningstider skole barnehagen \
    kommunen boligen søknaden saken tillatelse virksomhet mulig måned flere enn-nå nå en et";
/// Words that stand in Nynorsk and not in Bokmål.
const NN: &str = "eg ikkje kva korleis kor kvar kvifor kven noko nokon nokre frå òg berre mykje vere \
    vore vart gjere gjer kjem dykk dykkar ho heim heime viss sidan utan innan sjølv same veke veka \
    veker søkjer kostar opnar ope opningstider skule kommunar løyve verksemd mogleg månad fleire no \
    ein eit dei me vert skal-me ynskjer ønskjer tenester innbyggjarar";
/// English function words that are not Norwegian ones.
const EN: &str = "the and you your what how where when why who which does is are was were with this \
    that of to it can could would should my we they there please need want not be or if";
/// Function words and letters of neighbours: Northern Sámi, Swedish, Danish, German, Polish.
const OTHER: &str = "lea leat dahje mun don son ja-mun gos mii leage och inte jag är att från eller-om \
    hur vad af ikke-af und ist nicht wie wo kann ich ein-e der die das jak gdzie czy nie jest";

/// Guesses the language of a text.
pub fn detect(text: &str) -> Language {
    const WORDS_LOOKED_AT: usize = 400;
    let words: Vec<String> =
        tokens::split(text).into_iter().take(WORDS_LOOKED_AT).map(|it| it.lower).collect();
    let count = |list: &str| {
        let listed: Vec<&str> = list.split_whitespace().collect();
        words.iter().filter(|word| listed.contains(&word.as_str())).count()
    };
    let (nb, nn, en) =
        (count(NB) + endings(&words, NB_ENDINGS), nn_count(&words, count(NN)), count(EN));
    let norwegian = nb.max(nn);
    let other = count(OTHER);
    if 2 <= other && norwegian.max(en) * 2 < other {
        Language::Other
    } else if 2 <= en && norwegian * 2 < en {
        Language::En
    } else if 0 < nb && nn * 2 < nb {
        Language::Nb
    } else if 0 < nn && nb * 2 < nn {
        Language::Nn
    } else {
        Language::Unsure
    }
}

/// Endings that only Bokmål has, on longer words.
const NB_ENDINGS: [&str; 4] = ["ene", "heten", "elsen", "het"];
/// Endings that only Nynorsk has, on longer words.
const NN_ENDINGS: [&str; 5] = ["ane", "leg", "legare", "heita", "ingane"];

fn endings<const N: usize>(words: &[String], endings: [&str; N]) -> usize {
    const CHARS_MIN: usize = 7;
    let long = words.iter().filter(|word| CHARS_MIN <= word.chars().count());
    long.filter(|word| endings.iter().any(|it| word.ends_with(it))).count()
}

fn nn_count(words: &[String], listed: usize) -> usize {
    listed + endings(words, NN_ENDINGS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Language) {
        assert_eq!(detect(text), expected, "{text}");
    }

    #[test]
    fn function_words_tell_the_norm() {
        check("korleis søkjer eg om barnehageplass", Language::Nn);
        check("hvordan søker jeg om barnehageplass", Language::Nb);
        check("what are the opening hours of the library", Language::En);
        check("frist sfo", Language::Unsure);
        check("", Language::Unsure);
    }

    #[test]
    fn longer_texts_are_told_by_all_their_words() {
        check(
            "Kommunen har eit hovudopptak i året. Borna som fyller eitt år innan november, har \
             rett til plass frå august. Du må søkje innan 1. mars, og svaret kjem i veke 14.",
            Language::Nn,
        );
        check(
            "Kommunen har ett hovedopptak i året. Barna som fyller ett år innen november, har \
             rett til plass fra august. Du må søke innen 1. mars, og svaret kommer i uke 14.",
            Language::Nb,
        );
    }
}
