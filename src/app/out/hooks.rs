//! Webhooks: made with a secret that is shown once, told of news, stopped when nothing is taken.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;
use url::{Host, Url};
use uuid::Uuid;

use super::OutError;
use crate::app::{App, Noted};
use crate::hook::{
    Hook, HookAnswer, HookEvent, HookFacts, HookFault, HookRow, NewsRow, Next, next, secret_text,
    sign,
};
use crate::id::Id;
use crate::journal::JournalError;
use crate::net::{Client, Guard, IpRange, NetError, Post, Said};
use crate::people::By;
use crate::record::Change;
use crate::rows::Stored;

/// What a webhook's receiver checks signatures by, shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct HookSecret(String);

impl HookSecret {
    /// The text to be given to the receiver.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for HookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HookSecret(***)")
    }
}

/// One telling, ready to be sent.
#[derive(Clone, Debug)]
pub struct HookMessage {
    /// By which webhook.
    pub hook: Id<Hook>,
    /// Of which piece of news; none for a test.
    pub news: Option<Uuid>,
    /// Where to.
    address: String,
    allow_private: bool,
    id: String,
    signed_at: i64,
    signature: String,
    body: Vec<u8>,
}

impl App {
    /// The webhooks that were not taken away.
    pub fn hooks(&self) -> Vec<Arc<Stored<HookRow>>> {
        self.state.hooks.all().into_iter().filter(|it| !it.row.removed).collect()
    }

    /// Makes a webhook, which tells what is noticed from now on. Blocks.
    pub fn make_hook(&self, facts: HookFacts, by: By) -> Result<HookSecret, OutError> {
        self.make_hook_under(Id::new(self.now()), facts, by)
    }

    /// Adds a webhook under an id; the same once more adds nothing and tells the same secret.
    /// Blocks.
    pub fn make_hook_under(
        &self,
        id: Id<Hook>,
        facts: HookFacts,
        by: By,
    ) -> Result<HookSecret, OutError> {
        let facts = checked(facts)?;
        let is_new = self.journal.version_of(id.uuid()).is_none();
        // Its secret of the beginning holds no more, or nothing does.
        let has_changed = |it: &Stored<HookRow>| it.row.removed || 0 < it.row.renewed;
        if self.state.hooks.get(id.uuid()).is_some_and(|it| has_changed(&it)) {
            return Err(OutError::MadeBefore);
        }
        if is_new && HookFacts::HOOKS_MAX <= self.hooks().len() {
            return Err(OutError::TooMany);
        }
        // What happened before is no news to whoever begins to listen.
        self.notice_news()?;
        let secret = self.secret_of(id, 0)?;
        self.tell_of_hook(id, Some(0), (&HookEvent::Made { facts, by }, "hook.made", by))?;
        Ok(secret)
    }

    /// Makes a webhook's secret anew; the one before is worth nothing from then on. Blocks.
    pub fn renew_hook(&self, id: Id<Hook>, by: By) -> Result<HookSecret, OutError> {
        let row = self.hook(id)?;
        let secret = self.secret_of(id, row.row.renewed + 1)?;
        let told = (&HookEvent::Renewed { by }, "hook.renewed", by);
        self.tell_of_hook(id, Some(row.version), told)?;
        Ok(secret)
    }

    /// Lets a webhook go on that has stopped. Blocks.
    pub fn resume_hook(&self, id: Id<Hook>, by: By) -> Result<(), OutError> {
        self.hook(id)?;
        self.tell_of_hook(id, None, (&HookEvent::Resumed { by }, "hook.resumed", by))
    }

    /// Takes a webhook away, for good. Blocks.
    pub fn remove_hook(&self, id: Id<Hook>, by: By) -> Result<(), OutError> {
        self.hook(id)?;
        self.tell_of_hook(id, None, (&HookEvent::Removed { by }, "hook.removed", by))
    }

    fn hook(&self, id: Id<Hook>) -> Result<Arc<Stored<HookRow>>, OutError> {
        self.state.hooks.get(id.uuid()).filter(|it| !it.row.removed).ok_or(OutError::Unknown)
    }

    fn tell_of_hook(
        &self,
        id: Id<Hook>,
        version: Option<u32>,
        (event, action, by): (&HookEvent, &str, By),
    ) -> Result<(), OutError> {
        let change = Change { entity: id.uuid(), version, now: self.now() };
        let noted = Noted { by, action, target: id.to_string() };
        self.append_noted(change.batch(event), noted)?;
        Ok(())
    }

    fn secret_of(&self, id: Id<Hook>, renewed: u32) -> Result<HookSecret, OutError> {
        let key = self.browser_keys.signing_key(id.uuid(), renewed).map_err(OutError::Secret)?;
        Ok(HookSecret(secret_text(&key)))
    }

    /// What a webhook is to send now, of news that is written down. One that has to stop is
    /// stopped here. Blocks.
    ///
    /// # Errors
    /// When the view cannot be read or the journal does not take it.
    pub fn next_message(&self, id: Id<Hook>, base: &Url) -> Result<Option<HookMessage>, OutError> {
        let hook = self.hook(id)?;
        let news = self.state.news.all();
        match next(&hook.row, news.iter().map(AsRef::as_ref), self.now()) {
            Next::Rest => Ok(None),
            Next::Stop => {
                let address = &hook.row.facts.address;
                tracing::error!(
                    hook.id = %id,
                    "the webhook to {address} took nothing for three days and has stopped"
                );
                self.tell_of_hook(id, None, (&HookEvent::Stopped, "hook.stopped", None))?;
                Ok(None)
            }
            Next::Send(news) => {
                let Some(stored) = self.state.news.get(news) else { return Ok(None) };
                let body = self.body_of(&stored.row, base)?;
                self.message(&hook, (Some(news), stored.id), body).map(Some)
            }
        }
    }

    /// A test for a webhook, which is no news and is not tried again.
    ///
    /// # Errors
    /// When there is no such webhook, or its secret cannot be read.
    pub fn test_message(&self, id: Id<Hook>) -> Result<HookMessage, OutError> {
        let hook = self.hook(id)?;
        let body = json!({ "type": "test", "timestamp": self.now().to_string(), "data": {} });
        self.message(&hook, (None, Id::<Hook>::new(self.now()).uuid()), body)
    }

    fn message(
        &self,
        hook: &Stored<HookRow>,
        (news, id): (Option<Uuid>, Uuid),
        body: serde_json::Value,
    ) -> Result<HookMessage, OutError> {
        let key = self.browser_keys.signing_key(hook.id, hook.row.renewed);
        let key = key.map_err(OutError::Secret)?;
        let body = body.to_string().into_bytes();
        let (id, signed_at) = (format!("msg_{}", id.simple()), self.now().as_second());
        Ok(HookMessage {
            hook: Id::from_uuid(hook.id),
            news,
            address: hook.row.facts.address.clone(),
            allow_private: hook.row.facts.allow_private,
            signature: sign(&key, (&id, signed_at), &body),
            id,
            signed_at,
            body,
        })
    }

    /// What is told of a gap: counts and codes, nothing of callers but the topic's name.
    fn body_of(&self, news: &NewsRow, base: &Url) -> Result<serde_json::Value, OutError> {
        let number = self.resolve(news.topic).unwrap_or(news.topic);
        let topic = self.topic(number)?;
        let mut address = base.clone();
        address.set_path(&format!("/gaps/{number}"));
        let verdict = topic.as_ref().and_then(|it| it.verdict()).map(|it| it.name());
        let counts = topic.as_ref().map(|it| {
            json!({ "last_28_days": it.demand.last_28_days, "inquiries": it.demand.inquiries })
        });
        Ok(json!({
            "type": format!("gap.{}", news.what.name()),
            "timestamp": news.at.to_string(),
            "data": {
                "number": number.to_string(),
                "heading": topic.as_ref().map(|it| it.name.clone()),
                "state": topic.as_ref().map(|it| it.state.name().name()),
                "kind": verdict,
                "counts": counts,
                "address": address.as_str(),
            },
        }))
    }

    /// Sends a message within the guard's limits, and tells what came back. No redirect is
    /// followed; the answer's beginning comes with it.
    pub async fn send_message(&self, message: &HookMessage) -> (HookAnswer, String) {
        let asked = match Url::parse(&message.address) {
            Ok(address) => self.post(address, message).await,
            Err(_) => return (HookAnswer::None(HookFault::Refused), String::new()),
        };
        match asked {
            Ok(Said { status, beginning }) => (HookAnswer::Status(status), beginning),
            Err(NetError::Refused { .. }) => (HookAnswer::None(HookFault::Refused), String::new()),
            Err(NetError::TimedOut { .. }) => {
                (HookAnswer::None(HookFault::TimedOut), String::new())
            }
            Err(_) => (HookAnswer::None(HookFault::Unreachable), String::new()),
        }
    }

    async fn post(&self, address: Url, message: &HookMessage) -> Result<Said, NetError> {
        let ranges: &[IpRange] = if message.allow_private { &IpRange::INSIDE } else { &[] };
        let manner = self.manner();
        let client = Client::with(Guard::opening(ranges), address.as_str(), &manner)?;
        let headers = [
            ("webhook-id", message.id.clone()),
            ("webhook-timestamp", message.signed_at.to_string()),
            ("webhook-signature", message.signature.clone()),
        ];
        client.post(Post { address: &address, headers: &headers, json: &message.body }).await
    }

    /// Keeps what came back for a piece of news. Blocks.
    ///
    /// # Errors
    /// When the journal does not take it; then the same is sent again.
    pub fn note_try(&self, message: &HookMessage, answer: HookAnswer) -> Result<(), JournalError> {
        let Some(news) = message.news else { return Ok(()) };
        let change = Change { entity: message.hook.uuid(), version: None, now: self.now() };
        change.tell(&self.journal, &HookEvent::Tried { news, answer }).map(drop)
    }

    /// The webhooks that have stopped by themselves, since when.
    pub fn stopped_hooks(&self) -> Vec<(Id<Hook>, Timestamp)> {
        let hooks = self.state.hooks.read();
        let stopped = hooks.iter().filter(|it| !it.row.removed);
        stopped.filter_map(|it| Some((Id::from_uuid(it.id), it.row.stopped?))).collect()
    }
}

/// An address as it is kept: `https`, or `http` on this very machine, and no name or secret in it.
fn checked(facts: HookFacts) -> Result<HookFacts, OutError> {
    if facts.of.is_empty() {
        return Err(OutError::Nothing);
    }
    let text = facts.address.trim();
    let url = Url::parse(text).map_err(|_| OutError::Address)?;
    let is_here = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_here);
    let is_bare = url.username().is_empty() && url.password().is_none();
    if !is_safe || !is_bare || HookFacts::ADDRESS_CHARS_MAX < text.chars().count() {
        return Err(OutError::Address);
    }
    Ok(HookFacts { address: url.into(), ..facts })
}
