//! The mail server: whether one is set, what waits for it, and a mail to try it out.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::http::admin::system::mail as screen;
use crate::http::api::op::{Call, Given, Nothing, Wrong};

/// How letters go.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct MailSeen {
    /// The server with its port; null where none is set, and letters lie in the outbox.
    server: Option<String>,
    /// The address that letters come from.
    from: String,
    /// Letters that wait.
    waiting: usize,
    /// Since when the oldest of them waits.
    oldest: Option<Timestamp>,
    /// Readers whose address the server has refused.
    refused: usize,
    /// What keeps letters from going; null while nothing does.
    trouble: Option<TroubleSeen>,
}

/// What keeps letters from going.
#[derive(Debug, Serialize, JsonSchema)]
struct TroubleSeen {
    since: Timestamp,
    /// When it is tried anew.
    until: Timestamp,
    /// What the server has said.
    says: String,
}

/// A mail to try the server out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct TrialSent {
    /// The mail address.
    #[schemars(length(min = 3, max = 200))]
    to: String,
}

/// What the server did with it.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct TrialSeen {
    /// `accepted`, or what kept it: `refused`, `silent`, `tls`, `sign_in`, `connection`, `busy`,
    /// `sender`.
    how: &'static str,
    /// What the server has said, word for word.
    says: String,
}

pub(in crate::http) async fn show(call: Call) -> Result<Given<MailSeen>, Wrong> {
    let edge = &call.edge;
    let waiting = edge.app.waiting_letters();
    let trouble = edge.jobs.post_trouble();
    Ok(Given::new(MailSeen {
        server: edge.mail.as_ref().as_ref().map(|it| format!("{}:{}", it.host, it.port)),
        from: edge.jobs.options().from.clone(),
        waiting: waiting.len(),
        oldest: waiting.first().map(|it| it.row.written),
        refused: edge.app.readers().iter().filter(|it| it.row.refused.is_some()).count(),
        trouble: trouble.map(|it| TroubleSeen { since: it.since, until: it.until, says: it.says }),
    }))
}

pub(in crate::http) async fn send(
    call: Call<Nothing, TrialSent>,
) -> Result<Given<TrialSeen>, Wrong> {
    let to = call.body.to.trim().to_owned();
    let tried = screen::try_server(&call.edge, &call.caller, to).await?;
    match tried {
        Ok(tried) => Ok(Given::new(TrialSeen { how: tried.how, says: tried.says })),
        Err("mail.wrong_address") => Err(Wrong::field("to", "it is no mail address")),
        Err(key) => Err(Wrong::Unfit(crate::messages::Lang::En.text(key).to_owned())),
    }
}
