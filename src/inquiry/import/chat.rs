//! Chats to questions: what a visitor wrote first, until somebody answered.

use std::collections::BTreeMap;

use super::names::plain;
use super::own_words::first_paragraphs;
use super::{ImportedRow, QUESTION_CHARS_MAX, Rejected, Table, TableKind};
use crate::inquiry::Channel;

/// Fewer words are a greeting: the question comes after the answer to it.
const QUESTION_WORDS_MIN: usize = 3;

/// Which conversation a message belongs to, and who wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// The conversation's id in the file.
    pub(super) conversation: String,
    /// What the file calls the writer.
    pub(super) role: String,
}

/// Who wrote a message.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Writer {
    Visitor,
    Ours,
}

/// Makes each conversation one question, where a file holds conversations.
pub(super) fn fold(table: &mut Table) {
    if table.rows.iter().all(|it| it.turn.is_none()) {
        return;
    }
    table.kind = TableKind::Chat;
    let mut conversations: BTreeMap<String, Vec<ImportedRow>> = BTreeMap::new();
    for row in std::mem::take(&mut table.rows) {
        match &row.turn {
            Some(turn) => conversations.entry(turn.conversation.clone()).or_default().push(row),
            None => reject(table, row.row, "the message has no conversation or no role"),
        }
    }
    for (id, messages) in conversations {
        one(id, messages, table);
    }
    table.rows.sort_by_key(|it| it.row);
    table.rejected.sort_by_key(|it| it.row);
}

fn one(id: String, mut messages: Vec<ImportedRow>, table: &mut Table) {
    // Where all have a time, their order in the file is not asked.
    if messages.iter().all(|it| it.logged_at.is_some()) {
        messages.sort_by_key(|it| (it.logged_at, it.row));
    }
    let Some(first) = messages.first().map(|it| it.row) else { return };
    let mut asked: Vec<ImportedRow> = vec![];
    for message in messages {
        let role = message.turn.as_ref().map(|it| it.role.as_str()).unwrap_or_default();
        match writer(role) {
            Some(Writer::Visitor) => asked.push(message),
            Some(Writer::Ours) if is_question(&asked) => break,
            Some(Writer::Ours) => {}
            None => {
                let reason = "the role of the message is not known; there are visitor, user, \
                              customer, client, guest, and agent, operator, assistant, bot, system";
                return reject(table, message.row, reason);
            }
        }
    }
    let words: Vec<&str> = asked.iter().map(|it| it.text.trim()).collect();
    let text = first_paragraphs(&words.join("\n\n"), QUESTION_CHARS_MAX);
    if asked.is_empty() {
        table.skipped.own += 1;
    } else if text.is_empty() {
        reject(table, first, "the conversation has no text");
    } else {
        let begun = asked.swap_remove(0);
        let channel = begun.channel.or(Some(Channel::Chat));
        let (id, note) = (Some(id), None);
        table.rows.push(ImportedRow { id, channel, text, note, turn: None, ..begun });
    }
}

fn reject(table: &mut Table, row: u32, reason: &str) {
    table.rejected.push(Rejected { row, reason: reason.to_owned() });
}

fn is_question(asked: &[ImportedRow]) -> bool {
    let words = asked.iter().flat_map(|it| it.text.split_whitespace());
    QUESTION_WORDS_MIN <= words.count()
}

fn writer(role: &str) -> Option<Writer> {
    Some(match plain(role).as_str() {
        "visitor" | "user" | "enduser" | "customer" | "client" | "guest" | "human" | "caller"
        | "besøkjande" | "besøkende" | "brukar" | "bruker" | "kunde" | "gjest" | "innbyggjar"
        | "innbygger" | "publikum" => Writer::Visitor,
        "agent" | "operator" | "assistant" | "bot" | "chatbot" | "robot" | "system" | "staff"
        | "admin" | "employee" | "medarbeidar" | "medarbeider" | "tilsett" | "ansatt"
        | "rettleiar" | "veileder" | "rådgjevar" | "rådgiver" | "saksbehandlar"
        | "saksbehandler" => Writer::Ours,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::super::{Reading, read};
    use super::*;

    fn table(name: &str, text: &str) -> Table {
        read(name, text.as_bytes(), &Reading::plain(TimeZone::UTC)).unwrap()
    }

    #[test]
    fn what_the_visitor_wrote_first_is_the_question() {
        let lines = [
            ("a", "bot", "Hei, kva kan eg hjelpe med?"),
            ("a", "visitor", "Hei"),
            ("b", "user", "Kva kostar plass i SFO?"),
            ("a", "bot", "Spør i veg"),
            ("a", "visitor", "Når opnar badet"),
            ("a", "visitor", "på laurdag?"),
            ("a", "agent", "Klokka ti"),
            ("a", "visitor", "Takk"),
            ("c", "bot", "Er du der?"),
        ];
        let text: String = lines
            .map(|(id, role, text)| {
                format!(r#"{{"conversation_id":"{id}","role":"{role}","text":"{text}"}}"#) + "\n"
            })
            .concat();
        let found = table("a.jsonl", &text);
        let told: Vec<_> =
            found.rows.iter().map(|it| (it.id.as_deref(), it.text.as_str())).collect();
        let a = (Some("a"), "Hei\nNår opnar badet\npå laurdag?");
        assert_eq!(told, [a, (Some("b"), "Kva kostar plass i SFO?")]);
        assert!(found.rows.iter().all(|it| it.channel == Some(Channel::Chat)));
        assert_eq!(found.skipped.own, 1);
    }

    #[test]
    fn a_table_of_messages_is_put_in_the_order_of_their_times() {
        let rows = "Samtale-ID;Rolle;Tidspunkt;Melding\n\
                    7;kunde;2026-03-02 10:01;eller på søndag?\n\
                    7;kunde;2026-03-02 10:00;Er badet ope i dag\n\
                    8;Kari;2026-03-02 10:00;Kven er det\n";
        let found = table("a.csv", rows);
        assert_eq!(found.rows[0].text, "Er badet ope i dag\neller på søndag?");
        assert_eq!(found.rejected.iter().map(|it| it.row).collect::<Vec<_>>(), [4]);
        assert!(!found.rejected[0].reason.contains("Kari"), "a role may be a name");
    }

    #[test]
    fn a_list_without_both_columns_is_no_chat() {
        let found = table("a.csv", "rolle;tekst\nkunde;ein\nbot;to\n");
        assert_eq!((found.rows.len(), found.kind), (2, TableKind::Log));
    }
}
