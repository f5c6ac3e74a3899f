//! Throw-away.
use skranke_index::*;
fn main() {
    let file = std::env::args().nth(1).unwrap();
    let body = std::fs::read_to_string(file).unwrap();
    let rows: Vec<(String, String)> = body
        .lines()
        .map(|l| {
            let v: serde_json::Value = serde_json::from_str(l).unwrap();
            (v["text"].as_str().unwrap().to_owned(), v["label"].as_str().unwrap_or("").to_owned())
        })
        .collect();
    let start = std::time::Instant::now();
    let texts = (0..).zip(&rows).map(|(key, r)| Text { key, text: &r.0, pages: vec![] }).collect();
    let groups = group(&GroupInput { texts, ..GroupInput::default() });
    println!(
        "{} texts, {} groups, largest {:?}, {:?}",
        rows.len(),
        groups.len(),
        groups.iter().take(5).map(|g| g.members.len()).collect::<Vec<_>>(),
        start.elapsed()
    );
    let mut pure = 0;
    let mut all = 0;
    let mut frag: std::collections::HashMap<&str, usize> = Default::default();
    let mut big: std::collections::HashMap<&str, usize> = Default::default();
    for g in &groups {
        let mut c: std::collections::HashMap<&str, usize> = Default::default();
        for m in &g.members {
            *c.entry(&rows[*m as usize].1).or_default() += 1;
        }
        let best = c.iter().max_by_key(|x| x.1).unwrap();
        pure += best.1;
        all += g.members.len();
        for (l, n) in c {
            *frag.entry(l).or_default() += 1;
            let e = big.entry(l).or_default();
            *e = (*e).max(n)
        }
    }
    println!("grouped {all}, purity {:.3}", pure as f64 / all as f64);
    let mut tot: std::collections::HashMap<&str, usize> = Default::default();
    for r in &rows {
        *tot.entry(&r.1).or_default() += 1
    }
    let mut top: Vec<_> = tot.iter().filter(|x| !x.0.is_empty()).collect();
    top.sort_by_key(|x| std::cmp::Reverse(*x.1));
    for (l, n) in top.iter().take(12) {
        println!(
            "{l}: {n}, in {} groups, largest {}",
            frag.get(**l).unwrap_or(&0),
            big.get(**l).unwrap_or(&0)
        )
    }
    for g in groups.iter().take(4).chain(groups.iter().skip(40).take(4)) {
        println!("-- {} {}", g.members.len(), rows[g.exemplar as usize].0);
        for m in g.members.iter().step_by(g.members.len() / 7 + 1) {
            println!("     [{}] {}", rows[*m as usize].1, rows[*m as usize].0)
        }
    }
    let mem = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", mem.lines().find(|l| l.starts_with("VmHWM")).unwrap());
}
