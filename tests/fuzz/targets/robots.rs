//! robots.txt: the same rules however its lines end, and decisions that another matcher takes too.

use std::time::Duration;

use super::robots::{Robots, matches, octets};

/// A rule and a path in the first two lines, the file in the rest; the file is also read whole.
pub fn holds(input: &[u8]) {
    let robots = Robots::parse(input, "skranke");
    is_within_limits(&robots);
    let text = String::from_utf8_lossy(input);
    let mut lines = text.splitn(3, '\n');
    let mut next = || lines.next().unwrap_or_default();
    let (pattern, path, file) = (next(), next(), next());
    for end in ["\n", "\r\n", "\r", "\n\n", " \n"] {
        let lines: Vec<&str> = file.split(['\n', '\r']).collect();
        let other = Robots::parse(lines.join(end).as_bytes(), "skranke");
        let robots = Robots::parse(file.as_bytes(), "skranke");
        if lines.join(end).len().max(file.len()) < 500 * 1024 {
            assert_eq!(robots, other, "lines end by {end:?}");
        }
    }
    decides(&robots, pattern, path);
}

fn is_within_limits(robots: &Robots) {
    assert!(robots.delay.is_none_or(|it| it <= Duration::from_secs(30)), "{:?}", robots.delay);
    assert!(robots.sitemaps.len() <= 50);
}

fn decides(robots: &Robots, pattern: &str, path: &str) {
    let spelled = octets(path);
    assert_eq!(octets(&spelled), spelled, "one spelling");
    assert!(spelled.is_ascii(), "{spelled:?}");
    assert_eq!(crate::octets(&spelled), crate::octets(path), "{path:?} is {spelled:?}");
    assert_eq!(robots.allows(path), robots.allows(&spelled), "{path:?}");
    if pattern.len() <= 500 && spelled.len() <= 500 {
        let pattern = octets(pattern);
        let found = matches(&pattern, &spelled);
        assert_eq!(found, fits(&pattern, &spelled), "{pattern:?} on {spelled:?}");
        let one = format!("User-agent: skranke\nDisallow: /{pattern}\n");
        let rule = format!("/{}", pattern.split('#').next().unwrap_or_default().trim_end());
        let path = format!("/{spelled}");
        if !pattern.contains(['\n', '\r']) && rule != "/" {
            let allowed = Robots::parse(one.as_bytes(), "skranke").allows(&path);
            assert_eq!(allowed, !fits(&octets(&rule), &octets(&path)), "{rule:?} on {path:?}");
        }
    }
}

/// The same by trying all places of each star.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, is_whole) = pattern.strip_suffix('$').map_or((pattern, false), |it| (it, true));
    let path = path.as_bytes();
    // After each piece of the pattern: where in the path one may stand.
    let mut at: Vec<bool> = (0..=path.len()).map(|it| it == 0).collect();
    for sign in pattern.bytes() {
        if sign == b'*' {
            let first = at.iter().position(|it| *it).unwrap_or(at.len());
            at.iter_mut().skip(first).for_each(|it| *it = true);
        } else {
            let step = |it: usize| it.checked_sub(1).is_some_and(|b| at[b] && path[b] == sign);
            at = (0..=path.len()).map(step).collect();
        }
    }
    if is_whole { at[path.len()] } else { at.contains(&true) }
}
