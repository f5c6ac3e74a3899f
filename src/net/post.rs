//! Tells another system something, within the same guard as everything that goes out.

use std::time::Duration;

use reqwest::header;
use tokio::time::timeout;
use url::Url;

use super::client::{Client, failed};
use super::error::NetError;

/// An answer must have ended after so long.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);
/// So much of an answer is read.
const ANSWER_BYTES_MAX: usize = 1_000;

/// One thing to tell.
#[derive(Clone, Copy, Debug)]
pub struct Post<'a> {
    /// Where to.
    pub address: &'a Url,
    /// Headers beside the usual ones.
    pub headers: &'a [(&'static str, String)],
    /// The body, which is JSON.
    pub json: &'a [u8],
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The HTTP status; a redirect is one, and is not followed.
    pub status: u16,
    /// The beginning of the body, as far as it is text.
    pub beginning: String,
}

impl Client {
    /// Sends a body, and reads the beginning of what comes back.
    ///
    /// # Errors
    /// When the guard says no, or no answer comes.
    pub async fn post(&self, post: Post<'_>) -> Result<Said, NetError> {
        let address = || post.address.to_string();
        timeout(ANSWER_TIMEOUT, self.tell(post))
            .await
            .unwrap_or_else(|_| Err(NetError::TimedOut { address: address() }))
    }

    async fn tell(&self, post: Post<'_>) -> Result<Said, NetError> {
        let client = self.allowed(post.address).await?;
        let mut request = client
            .post(post.address.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT_ENCODING, "identity")
            .body(post.json.to_vec());
        for (name, value) in post.headers {
            request = request.header(*name, value);
        }
        let mut answer = request.send().await.map_err(|source| failed(post.address, source))?;
        let status = answer.status().as_u16();
        let mut bytes = vec![];
        // An answer that breaks off has said its status all the same.
        while let Ok(Some(piece)) = answer.chunk().await {
            bytes.extend_from_slice(&piece);
            if ANSWER_BYTES_MAX <= bytes.len() {
                break;
            }
        }
        bytes.truncate(ANSWER_BYTES_MAX);
        let text = String::from_utf8_lossy(&bytes);
        let beginning = text.chars().filter(|it| !it.is_control() || *it == '\n').collect();
        Ok(Said { status, beginning })
    }
}
