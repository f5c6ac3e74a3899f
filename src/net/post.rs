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

/// A form to send, whose answer is wanted.
#[derive(Clone, Copy, Debug)]
pub struct FormPost<'a> {
    /// Where to.
    pub address: &'a Url,
    /// Headers beside the usual ones.
    pub headers: &'a [(&'static str, String)],
    /// The fields.
    pub fields: &'a [(&'a str, &'a str)],
    /// The largest answer.
    pub body_bytes_max: usize,
}

impl Client {
    /// Sends a form and reads the answer, status and body. No redirect is followed.
    ///
    /// # Errors
    /// When the guard says no, or no whole answer comes.
    pub async fn post_form(&self, post: FormPost<'_>) -> Result<(u16, Vec<u8>), NetError> {
        let address = || post.address.to_string();
        timeout(ANSWER_TIMEOUT, self.send_form(post))
            .await
            .unwrap_or_else(|_| Err(NetError::TimedOut { address: address() }))
    }

    async fn send_form(&self, post: FormPost<'_>) -> Result<(u16, Vec<u8>), NetError> {
        let FormPost { address, body_bytes_max, .. } = post;
        let failed = |source| failed(address, source);
        let mut request = self
            .allowed(address)
            .await?
            .post(address.clone())
            .header(header::ACCEPT, "application/json")
            .header(header::ACCEPT_ENCODING, "identity")
            .form(post.fields);
        for (name, value) in post.headers {
            request = request.header(*name, value);
        }
        let mut answer = request.send().await.map_err(failed)?;
        let mut bytes = vec![];
        while let Some(piece) = answer.chunk().await.map_err(failed)? {
            if body_bytes_max < bytes.len() + piece.len() {
                return Err(NetError::TooLarge { address: address.to_string(), body_bytes_max });
            }
            bytes.extend_from_slice(&piece);
        }
        Ok((answer.status().as_u16(), bytes))
    }

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
