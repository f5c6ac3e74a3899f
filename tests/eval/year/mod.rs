//! A scripted year whose truth is known: do gaps surface, and does only what is mended verify?

mod chance;
mod content;
mod editors;
mod effects;
mod life;
mod measures;
mod truth;
mod website;

use std::time::Instant;

use editors::Desk;
use life::{Life, Scale};
use measures::{Measures, Outcome};

/// The seeds of whole years that `make eval` names, none else.
#[expect(clippy::disallowed_methods, reason = "a test's own setting")]
fn seeds() -> Vec<u64> {
    let named = std::env::var("SKRANKE_EVAL_YEARS").unwrap_or_default();
    named.split_whitespace().map(|it| it.parse().unwrap()).collect()
}

fn live(scale: Scale) -> Outcome {
    let mut life = Life::begin(scale);
    let (mut desk, mut measures) = (Desk::default(), Measures::default());
    for day in 0..scale.weeks * 7 {
        life.day = day;
        // The nights to Wednesday and to Saturday; editors work on Wednesdays.
        if matches!(day % 7, 2 | 5) {
            life.night();
            desk.look(&life);
            measures.look(&life);
            measures.look_for(&life);
        }
        if day % 7 == 2 {
            desk.work(&mut life);
        }
        life.ask();
        measures.count(&life);
    }
    measures.outcome(&life, &desk)
}

fn print(scale: Scale, it: &Outcome, seconds: f64) {
    println!(
        "year of seed {}: {} weeks, {} notes, {seconds:.0} s",
        scale.seed, scale.weeks, it.notes
    );
    println!("  notes in the other norm        {:.3}   (>= 0.30)", it.shares.0);
    println!("  notes asked by one only        {:.3}   (>= 0.20)", it.shares.1);
    println!("  gaps seen within 7 days        {:16} (>= 0.90)", it.surfaced);
    println!("  listed and answered, by look   {:16} (<= 0.10)", it.wrong);
    println!("    of them reopened, for calls keep coming {:5}", it.reopened);
    println!("  listed and answered, by topic  {:16}", it.wrong_topics);
    println!("  listed, answered in other words or norm, and not said so {}", it.wrong_kind);
    println!("  listed without a main need     {}", it.mixed);
    println!("  mended verified at next crawl  {:16} (>= 0.95)", it.mended);
    println!("  unmended verified              {:16} (0)", it.unmended);
    println!("  dismissed that stayed away     {:16} (1, {} nights at most)", it.stayed, it.nights);
    println!("    of whose need others are listed {:15}", it.siblings);
    println!("  effect intervals that hold     {:16} (>= 0.90)", it.effects);
    it.late.iter().for_each(|it| println!("    late: {it}"));
}

fn measured(scale: Scale) -> Outcome {
    let begun = Instant::now();
    let outcome = live(scale);
    print(scale, &outcome, begun.elapsed().as_secs_f64());
    let (other_norm, alone) = outcome.shares;
    assert!(0.30 <= other_norm, "{other_norm:.3} are in the other norm");
    assert!(0.20 <= alone, "{alone:.3} are asked by one only");
    outcome
}

#[test]
fn a_short_year_is_made_as_it_is_told_to_be() {
    let outcome = measured(Scale { seed: 1, weeks: 12, needs: 30 });
    // What has been reached, less a margin; the targets lie far higher and are told by the table.
    assert!(outcome.wrong.value() <= 0.45, "{}", outcome.wrong);
    assert!(0.95 <= outcome.stayed.value(), "{}", outcome.stayed);
}

#[test]
fn years_that_are_named_are_lived_through() {
    for seed in seeds() {
        drop(measured(Scale { seed, weeks: 53, needs: 52 }));
    }
}
