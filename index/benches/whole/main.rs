//! Stand-in.
mod logs;
fn main() {
    let logs = logs::Logs::new(logs::Size { inquiries: 10, passages: 10, seed: 1 });
    println!("{} {} {:?}", logs.inquiry(0).label, logs.page(0).language, logs.inquiry(0).page);
}
