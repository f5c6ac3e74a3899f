//! The unencrypted part of a conversation, where anybody on the way may answer.

use std::io::{Error, Result};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncBufRead, AsyncRead, AsyncWrite, BufReader, ReadBuf};
use tokio::net::TcpStream;

/// So many bytes a server may answer to one command; a certificate with its chain is the longest.
const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// How much more of an answer is read.
#[derive(Clone, Debug)]
pub(super) struct Room(Arc<AtomicUsize>);

impl Room {
    pub(super) fn new() -> Self {
        Self(Arc::new(AtomicUsize::new(ANSWER_BYTES_MAX)))
    }

    /// Another command is about to be answered.
    pub(super) fn renew(&self) {
        self.0.store(ANSWER_BYTES_MAX, Ordering::Relaxed);
    }

    fn takes_one(&self) -> bool {
        let less = |left: usize| left.checked_sub(1);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }
}

/// A connection that hands on one byte at a time.
///
/// The library keeps what it has read beyond an answer. What came in the clear behind the answer
/// to STARTTLS would then be taken for an answer under TLS; so there must be nothing beyond. And
/// it reads a line without an end into memory for as long as it lasts; so there is a [`Room`].
#[derive(Debug)]
pub(super) struct Wire {
    stream: BufReader<TcpStream>,
    room: Room,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, room: Room) -> Self {
        // The text and its final dot are two writes; the dot would wait for an acknowledgment.
        drop(stream.set_nodelay(true));
        Self { stream: BufReader::new(stream), room }
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> Result<SocketAddr> {
        self.stream.get_ref().peer_addr()
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let it = self.get_mut();
        let byte = ready!(Pin::new(&mut it.stream).poll_fill_buf(context))?.first().copied();
        let Some(byte) = byte.filter(|_| 0 < out.remaining()) else { return Poll::Ready(Ok(())) };
        if !it.room.takes_one() {
            return Poll::Ready(Err(Error::other("the answer has no end")));
        }
        Pin::new(&mut it.stream).consume(1);
        out.put_slice(&[byte]);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
