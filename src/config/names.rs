//! The names that settings have.

use std::collections::BTreeSet;

/// What the environment has under a name like a setting's that is none: a slip, as a rule.
pub fn unknown() -> BTreeSet<String> {
    const SETTINGS: &str = include_str!("../../deploy/skranke.env");
    let name_of = |line: &'static str| line.trim_start_matches('#').split('=').next();
    let is_known = |name: &str| SETTINGS.lines().any(|line| name_of(line) == Some(name));
    let set = std::env::vars_os().filter_map(|it| it.0.into_string().ok());
    let is_ours = |it: &String| it.strip_prefix("SKRANKE").is_some_and(|it| it.starts_with('_'));
    set.filter(|it| is_ours(it) && !is_known(it)).collect()
}
