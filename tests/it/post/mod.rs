//! The conversation with a mail server: real ones, and such that misbehave.

mod misbehaving;
mod spoken;
mod vouched;

use std::time::Duration;

use skranke::config::{MailSecurity, MailServer};
use skranke::net::Authority;
use skranke::post::{Conversation, Envelope, Limits, Unsent};

use crate::harness::post_office::certificate;

const SENDER: &str = "skranke@fjordvik.example";
const MAIL: &[u8] = b"Subject: Hei\r\n\r\nHei.\r\n";

/// For a server that is there and answers.
const PATIENT: Limits =
    Limits { command: Duration::from_secs(30), letter: Duration::from_secs(60) };

/// The mail server of the tests. It goes by the name of this machine, which its certificate has.
fn server(port: u16, security: MailSecurity) -> MailServer {
    let authority = Authority::read(&certificate("authority.pem")).expect("an authority");
    let (host, authority) = ("localhost".to_owned(), Some(authority));
    MailServer { host, port, security, login: None, authority }
}

fn to(reader: &str) -> Envelope<'_> {
    Envelope { from: SENDER, to: reader, mail: MAIL }
}

/// What comes of one letter.
async fn sent(server: &MailServer, limits: Limits) -> Result<String, Unsent> {
    let mut conversation = Conversation::open_within(server, limits).await?;
    let said = conversation.send(to("kari@fjordvik.example")).await;
    conversation.close().await;
    said
}
