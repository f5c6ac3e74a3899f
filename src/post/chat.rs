//! A letter as the incoming webhook of a chat takes it.
//!
//! Shapes: Slack's "Sending messages using incoming webhooks", Mattermost's "Incoming webhooks",
//! Teams' "Create incoming webhooks with Workflows" (an Adaptive Card 1.4 in a message).

use serde_json::{Value, json};

use super::reader::ChatKind;

/// So many characters go into one message; all three take more.
const CHARS_MAX: usize = 6_000;

/// The body of the request: a bold first line and plain text.
pub fn chat_body(kind: ChatKind, subject: &str, text: &str) -> Vec<u8> {
    let text: String = text.chars().take(CHARS_MAX).collect();
    let body = match kind {
        ChatKind::Slack => json!({ "text": format!("*{}*\n{}", slack(subject), slack(&text)) }),
        ChatKind::Mattermost => {
            json!({ "text": format!("**{}**\n{}", plain(subject), plain(&text)) })
        }
        ChatKind::Teams => teams(subject, &text),
    };
    body.to_string().into_bytes()
}

/// Slack reads commands between `<` and `>`, such as one that calls everybody.
fn slack(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Names come from others: nothing in them is markup or calls anybody.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            // With nothing to see between, `@all` is no name.
            '@' => out.push_str("@\u{200b}"),
            '*' | '_' | '`' | '~' | '[' | ']' | '#' | '|' | '<' | '>' | '\\' => {
                out.push('\\');
                out.push(sign);
            }
            _ => out.push(sign),
        }
    }
    // An address stays one that can be followed.
    out.split(' ')
        .map(|word| if word.contains("://") { unescaped(word) } else { word.to_owned() })
        .collect::<Vec<_>>()
        .join(" ")
}

fn unescaped(word: &str) -> String {
    word.replace('\\', "")
}

fn teams(subject: &str, text: &str) -> Value {
    let line = |text: &str| json!({ "type": "TextBlock", "text": plain(text), "wrap": true });
    let mut title = line(subject);
    title["weight"] = json!("bolder");
    title["size"] = json!("medium");
    let mut body = vec![title];
    body.extend(text.split("\n\n").map(str::trim).filter(|it| !it.is_empty()).map(line));
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {
                "type": "AdaptiveCard",
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "version": "1.4",
                "body": body,
            },
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(kind: ChatKind, subject: &str, text: &str) -> Value {
        serde_json::from_slice(&chat_body(kind, subject, text)).unwrap()
    }

    #[test]
    fn a_name_calls_nobody() {
        let name = "Bassenget <!channel> @all *no*";
        let slack = body(ChatKind::Slack, name, "");
        assert_eq!(slack["text"], "*Bassenget &lt;!channel&gt; @all *no**\n");
        let mattermost = body(ChatKind::Mattermost, name, "");
        let text = mattermost["text"].as_str().unwrap();
        assert!(!text.contains("@all") && text.contains("\\*no\\*"), "{text}");
    }

    #[test]
    fn an_address_can_be_followed() {
        let text = "1. Bassenget\n   Opne: https://s.example.org/gaps/T_1#a";
        let told = body(ChatKind::Mattermost, "Veke 10", text);
        assert!(told["text"].as_str().unwrap().contains("https://s.example.org/gaps/T_1#a"));
    }

    #[test]
    fn a_card_has_a_block_for_each_part() {
        let told = body(ChatKind::Teams, "Veke 10", "Hei!\n\nTil avgjerd\n\n1. Bassenget\n");
        let card = &told["attachments"][0]["content"];
        assert_eq!(card["type"], "AdaptiveCard");
        let texts: Vec<_> = card["body"].as_array().unwrap().iter().map(|it| &it["text"]).collect();
        assert_eq!(texts, ["Veke 10", "Hei!", "Til avgjerd", "1. Bassenget"]);
    }

    #[test]
    fn a_long_letter_is_cut() {
        let told = body(ChatKind::Slack, "Veke 10", &"a".repeat(50_000));
        assert!(told["text"].as_str().unwrap().len() < CHARS_MAX + 100);
    }
}
