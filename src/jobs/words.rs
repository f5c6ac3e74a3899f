//! A job in words, for screens and the command line.

use jiff::SignedDuration;

use crate::messages::Lang;
use crate::schedule::{End, Progress, Run, Said, Schedule};

/// When a job runs, in words.
pub fn rhythm(lang: Lang, schedule: &Schedule) -> String {
    if !schedule.is_on {
        return lang.text("jobs.off").trim_end_matches('.').to_owned();
    }
    let at = schedule.rhythm.at;
    let point = if lang == Lang::En { ':' } else { '.' };
    let at = format!("{:02}{point}{:02}", at.hour(), at.minute());
    match schedule.rhythm.day_name() {
        Some(day) => {
            let day = lang.text(&format!("weekday.{day}")).to_owned();
            lang.fill("jobs.every_week", &[("day", day.as_str()), ("at", at.as_str())])
        }
        None => lang.fill("jobs.every_day", &[("at", at.as_str())]),
    }
}

/// How far a run is; empty before its first step.
pub fn progress(lang: Lang, progress: Progress) -> String {
    let Progress { step, done, of, took: _ } = progress;
    if step.is_empty() {
        return String::new();
    }
    let (step, n) = (lang.text(step), done.to_string());
    match of {
        Some(of) => {
            let of = of.to_string();
            lang.fill("jobs.progress_of", &[("step", step), ("n", &n), ("of", &of)])
        }
        None if done == 0 => step.to_owned(),
        None => lang.fill("jobs.progress", &[("step", step), ("n", &n)]),
    }
}

/// How long a step has yet to take, about; none where that cannot be said.
pub fn left(lang: Lang, progress: Progress) -> Option<String> {
    let seconds = progress.left()?.as_secs();
    let (key, n) = match seconds {
        ..45 => return Some(lang.text("jobs.left_soon").to_owned()),
        // Rounded up: nobody minds what ends before it was said to.
        45..5_400 => ("jobs.left_minutes", seconds.div_ceil(60)),
        5_400.. => ("jobs.left_hours", seconds.div_ceil(3_600)),
    };
    Some(lang.count(key, n))
}

/// How a run ended: the code, and what it says.
pub fn end(lang: Lang, run: &Run) -> (&'static str, String) {
    let all = |says: &[Said]| says.iter().map(|it| said(lang, it)).collect::<Vec<_>>().join(" ");
    match run.ended.as_ref().map(|it| &it.1) {
        None => ("running", String::new()),
        Some(End::Done(says)) => ("done", all(says)),
        Some(End::Failed(says)) => ("failed", all(says)),
        Some(End::Stopped) => ("stopped", lang.text("jobs.says.stopped").to_owned()),
        Some(End::CutOff) => ("cut_off", lang.text("jobs.says.cut_off").to_owned()),
    }
}

/// What was said, in a language.
pub fn said(lang: Lang, said: &Said) -> String {
    let values: Vec<(&str, &str)> =
        said.values.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    lang.fill(&said.key, &values)
}

/// How long a run took.
pub fn took(lang: Lang, took: SignedDuration) -> String {
    let seconds = took.as_secs().max(0);
    let (key, n) = match seconds {
        ..120 => ("jobs.seconds", seconds),
        120..7_200 => ("jobs.minutes", seconds / 60),
        7_200.. => ("jobs.hours", seconds / 3_600),
    };
    lang.fill(key, &[("n", &n.to_string())])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[track_caller]
    fn check(seconds: u64, says: &str) {
        let took = Duration::from_secs(seconds);
        let progress = Progress { step: "jobs.step.gaps", done: 50, of: Some(100), took };
        assert_eq!(left(Lang::Nn, progress).as_deref(), Some(says));
    }

    #[test]
    fn the_time_that_is_left_is_told_roughly() {
        check(20, "mindre enn eitt minutt att av steget");
        check(45, "om lag 1 minutt att av steget");
        check(179, "om lag 3 minutt att av steget");
        check(5_399, "om lag 90 minutt att av steget");
        check(5_400, "om lag 2 timar att av steget");
    }
}
