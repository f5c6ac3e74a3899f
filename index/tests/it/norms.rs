//! The same word in Bokmål and Nynorsk gets one key.

use skranke_index::analyzer;

/// The least share of the pairs that differ in writing and have one key.
const AGREE_MIN: f64 = 0.97;

fn keys(text: &str) -> Vec<String> {
    analyzer().words(text).into_iter().map(|it| it.key).collect()
}

#[test]
fn common_words_have_one_key_in_both_norms() {
    let rows = include_str!("../norms.tsv").lines().skip(1);
    let pairs: Vec<(&str, &str)> =
        rows.map(|row| row.split_once('\t').unwrap()).filter(|it| it.0 != it.1).collect();
    let apart: Vec<String> = pairs
        .iter()
        .filter(|(nb, nn)| keys(nb) != keys(nn))
        .map(|(nb, nn)| format!("{nb} {:?}, {nn} {:?}", keys(nb), keys(nn)))
        .collect();
    let (all, agree) = (pairs.len(), pairs.len() - apart.len());
    println!("{agree} of {all} pairs agree; apart are {apart:#?}");
    let [all, agree] = [all, agree].map(|it| f64::from(u32::try_from(it).unwrap()));
    assert!(200.0 <= all && AGREE_MIN * all <= agree, "apart are {apart:#?}");
}
