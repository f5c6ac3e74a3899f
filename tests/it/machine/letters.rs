//! Mails and chats that are brought in: counted once, without who wrote them.

use std::path::Path;

use serde_json::Value;

use crate::harness::program::{run, told, tried};

/// A mailbox: a question by a person, an answer to her from our house, one by a program, one that
/// is damaged, and a question that quotes.
const MAILBOX: &str = "\
From tuva@mail.example Mon Mar  2 09:00:00 2026
From: \"Tuva Testesen\" <tuva@mail.example>
To: Post <post@fjordvik.example>
Subject: Badet
Date: Mon, 2 Mar 2026 09:00:00 +0100
Message-ID: <20260302.1@mail.example>
Content-Type: text/plain; charset=utf-8

Hei!

Når opnar badet på laurdag? Ring meg på 68 05 01 23.

Mvh
Tuva Testesen

From post@fjordvik.example Mon Mar  2 10:00:00 2026
From: Post <post@fjordvik.example>
Subject: Sv: Badet
Message-ID: <20260302.2@fjordvik.example>

Klokka ti.

From borte@mail.example Mon Mar  2 11:00:00 2026
From: borte@mail.example
Subject: Automatisk svar
Auto-Submitted: auto-replied
Message-ID: <20260302.3@mail.example>

Eg er på ferie.

From nobody Mon Mar  2 12:00:00 2026
Subject: utan avsendar

Kven skreiv dette?

From odd@mail.example Mon Mar  2 13:00:00 2026
From: odd@mail.example
Subject: SFO
Message-ID: <20260302.4@mail.example>

Kva kostar ein plass?

Den 1. mars 2026 kl. 10:12 skrev Post <post@fjordvik.example>:
> Vi svarer innan tre dagar
";

const CHAT: &str = r#"
{"chatid":"c-1","role":"bot","time":"2026-03-02T09:00:00Z","text":"Kva gjeld det?"}
{"chatid":"c-1","role":"visitor","time":"2026-03-02T09:00:10Z","text":"Er Kari Nordmann der?"}
{"chatid":"c-1","role":"agent","time":"2026-03-02T09:01:00Z","text":"Ja"}
{"chatid":"c-2","role":"Kari","text":"Er dette ein prat?"}
"#;

fn inquiries(data: &Path) -> Vec<Value> {
    let out = data.with_file_name("out");
    run(data, &["export", &out.to_string_lossy()]);
    let lines = std::fs::read_to_string(out.join("inquiries.jsonl")).expect("a file");
    lines.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect()
}

#[test]
fn a_mailbox_is_brought_in_once_whatever_it_is_called() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let [one, two] = ["post.mbox", "kopi.mbox"].map(|it| folder.path().join(it));
    std::fs::write(&one, MAILBOX).expect("written");
    // The same mails in another file, which has one more.
    std::fs::write(&two, format!("{MAILBOX}\n{}", MAILBOX.replace("<2026", "<2027")))
        .expect("written");
    let said = run(&data, &["import", &one.to_string_lossy(), "--own", "fjordvik.example"]);
    assert!(said.starts_with("2 added, 0 known before, 1 not read"), "{said}");
    assert!(said.contains("left out: 1 that a program sent, 1 from our own house"), "{said}");
    assert!(said.contains("row 4: the mail does not say who sent it"), "{said}");
    let again = run(&data, &["import", &two.to_string_lossy(), "--own", "fjordvik.example"]);
    assert!(again.starts_with("2 added, 2 known before, 2 not read"), "{again}");

    let kept = inquiries(&data);
    assert_eq!(kept.len(), 4);
    assert_eq!(kept[0]["text"], "Badet\nNår opnar badet på laurdag? Ring meg på [telefon].");
    assert_eq!(kept[0]["asked"], "2026-03-02T08:00:00Z");
    assert_eq!(kept[1]["text"], "SFO\nKva kostar ein plass?");
    for row in &kept {
        assert_eq!(
            (row["channel"].as_str(), row["source"].as_str()),
            (Some("email"), Some("import"))
        );
        let told = row.to_string();
        let tells = ["Tuva", "Testesen", "mail.example", "20260302.1", "68 05", "tre dagar"];
        assert!(!tells.iter().any(|it| told.contains(it)), "{told}");
    }
    let journal = run(&data, &["journal", "show"]);
    assert!(!journal.contains("Testesen") && !journal.contains("mail.example"), "{journal}");
}

#[test]
fn one_mail_is_a_question_and_a_file_of_another_kind_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("ein.eml"));
    let mail = MAILBOX.split_once('\n').expect("lines").1;
    std::fs::write(&file, mail.split("\nFrom post@").next().expect("a mail")).expect("written");
    let said = run(&data, &["import", &file.to_string_lossy()]);
    assert!(said.starts_with("1 added, 0 known before, 0 not read"), "{said}");
    let pst = folder.path().join("post.pst");
    std::fs::write(&pst, "!BDN").expect("written");
    let refused = tried(&data, &["import", &pst.to_string_lossy()]);
    assert!(told(&refused).contains("is not a .csv, .xlsx, .jsonl, .mbox or .eml file"));
}

#[test]
fn a_chat_is_one_question_for_each_conversation() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("prat.jsonl"));
    std::fs::write(&file, CHAT).expect("written");
    let said = run(&data, &["import", &file.to_string_lossy()]);
    assert!(said.starts_with("1 added, 0 known before, 1 not read"), "{said}");
    assert!(said.contains("row 5: the role of the message is not known"), "{said}");
    // A later export holds the same conversation and one more.
    let more = CHAT.replace("c-2", "c-3").replace("\"Kari\"", "\"visitor\"");
    std::fs::write(&file, CHAT.to_owned() + &more).expect("written");
    let again = run(&data, &["import", &file.to_string_lossy()]);
    assert!(again.starts_with("1 added, 1 known before"), "{again}");
    let kept = inquiries(&data);
    assert_eq!(kept[0]["text"], "Er [person] der?");
    assert_eq!(kept[0]["channel"], "chat");
    assert_eq!(kept[0]["asked"], "2026-03-02T09:00:10Z");
}
