//! Endings that the Norwegian stemmer leaves, because it looks at Bokmål's longer words alone.

/// A word in -kj or -gj is as long at least; the j is Nynorsk's.
const J_CHARS_MIN: usize = 4;
/// What is left of a word in -mm, which no Norwegian word ends in, has at least so many letters:
/// "sommer" is not "som".
const M_CHARS_MIN: usize = 4;
/// What is left of a word that ends in two vowels has at least so many letters.
const VOWEL_CHARS_MIN: usize = 3;
/// What is left of a word for doers has at least so many letters.
const DOER_CHARS_MIN: usize = 3;

/// A stem as it is when these endings are off too; `word` is what the stemmer was given.
pub(super) fn finished(word: &str, stem: String) -> String {
    let long = |it: &str, min: usize| min <= it.chars().count();
    if stem.ends_with("kj") || stem.ends_with("gj") {
        if long(&stem, J_CHARS_MIN) {
            return stem[..stem.len() - 1].to_owned();
        }
    } else if stem.ends_with("mm") {
        if long(&stem[..stem.len() - 1], M_CHARS_MIN) {
            return stem[..stem.len() - 1].to_owned();
        }
    } else if matches!(word.strip_prefix(&stem), Some("" | "e")) {
        return after_vowel(word).map_or(stem, str::to_owned);
    }
    stem
}

/// A word whose ending follows a vowel, which the stemmer takes for a part of the word: veien,
/// veier, leie, sjøen.
fn after_vowel(word: &str) -> Option<&str> {
    ["ene", "en", "er", "et", "e"].iter().find_map(|ending| {
        let rest = word.strip_suffix(ending)?;
        let fits = rest.ends_with(['a', 'e', 'i', 'o', 'u', 'y', 'æ', 'ø', 'å'])
            && VOWEL_CHARS_MIN <= rest.chars().count();
        fits.then_some(rest)
    })
}

/// Words for doers in a form that the stemmer leaves apart (lærerne, lærarar, lærarane, læraren) in
/// one that it knows (lærere, læreren); `known` tells Bokmål's word for one of them.
pub(super) fn doers(word: &str, known: impl Fn(&str) -> Option<String>) -> Option<String> {
    /// They end like doers and are none.
    const NONE: [&str; 8] =
        ["jerne", "oderne", "nterne", "sterne", "klarar", "svarar", "varar", "sparar"];
    // "arbeidsgiverne" are doers, "verne" alone is not.
    if word == "verne" || NONE.iter().any(|it| word.ends_with(it)) {
        return None;
    }
    let forms = [("arar", "e"), ("arane", "e"), ("aren", "en"), ("erne", "e")];
    let (base, ending) =
        forms.iter().find_map(|(form, ending)| Some((word.strip_suffix(form)?, *ending)))?;
    if base.chars().count() < DOER_CHARS_MIN {
        return None;
    }
    let one = known(&format!("{base}ar")).unwrap_or_else(|| format!("{base}er"));
    Some(one + ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_after_a_vowel_come_off() {
        assert_eq!(after_vowel("veien"), Some("vei"));
        assert_eq!(after_vowel("veiene"), Some("vei"));
        assert_eq!(after_vowel("leie"), Some("lei"));
        assert_eq!(after_vowel("hver"), None);
        assert_eq!(after_vowel("vie"), None);
    }

    #[test]
    fn doers_have_one_plural() {
        let known = |one: &str| (one == "leiar").then(|| "leder".to_owned());
        assert_eq!(doers("lærarane", known).as_deref(), Some("lærere"));
        assert_eq!(doers("læraren", known).as_deref(), Some("læreren"));
        assert_eq!(doers("lærerne", known).as_deref(), Some("lærere"));
        assert_eq!(doers("leiarar", known).as_deref(), Some("ledere"));
        assert_eq!(doers("arbeidsgiverne", known).as_deref(), Some("arbeidsgivere"));
        for word in ["gjerne", "moderne", "verne", "forklarar", "varane", "svarar"] {
            assert_eq!(doers(word, known), None, "{word}");
        }
    }

    #[test]
    fn no_stem_ends_in_two_m() {
        assert_eq!(finished("eiendommer", "eiendomm".to_owned()), "eiendom");
        assert_eq!(finished("sommer", "somm".to_owned()), "somm");
        assert_eq!(finished("stengjer", "stengj".to_owned()), "steng");
    }
}
