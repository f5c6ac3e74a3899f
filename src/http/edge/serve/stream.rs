//! The bytes of a connection, watched: its place knows what it is at, and even what the library
//! answers by itself carries our headers.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use hyper::body::{Body as Streamed, Frame, Incoming, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::seats::{Seat, Stage};

/// A stream whose place is told what passes.
pub(super) struct Watched<S> {
    stream: S,
    seat: Arc<Seat>,
    /// The lines that an answer of the library's own gets.
    lines: &'static str,
    /// Such an answer, as far as it has not left.
    own: Vec<u8>,
    /// Whether the answer's end was told.
    is_shut: bool,
    /// So many bytes of a refused body were thrown away.
    rest: usize,
}

/// So much of a refused body is taken for the answer's sake.
const REST_BYTES_MAX: usize = 4 * 1024 * 1024;

impl<S> Watched<S> {
    pub(super) fn new(stream: S, seat: Arc<Seat>, lines: &'static str) -> Self {
        Self { stream, seat, lines, own: vec![], is_shut: false, rest: 0 }
    }

    /// Whether bytes are an answer that nobody of us gave: to a header that cannot be read.
    fn is_librarys_own(&self, bytes: &[u8]) -> bool {
        self.seat.is_clean.load(Ordering::SeqCst) && bytes.starts_with(b"HTTP/1.1 4")
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let it = self.get_mut();
        let before = buffer.filled().len();
        ready!(Pin::new(&mut it.stream).poll_read(cx, buffer))?;
        if before < buffer.filled().len() {
            it.seat.heard();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Watched<S> {
    /// Takes what still comes of a body that was refused: were the connection closed over it, the
    /// system would throw the answer away as well.
    fn poll_rest(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.seat.has_unread.load(Ordering::SeqCst) && self.rest < REST_BYTES_MAX {
            let mut room = [0; 16 * 1024];
            let mut buffer = ReadBuf::new(&mut room);
            let read = ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer));
            if read.is_err() || buffer.filled().is_empty() {
                break;
            }
            self.rest += buffer.filled().len();
        }
        Poll::Ready(Ok(()))
    }

    /// Sends what is left of an answer of the library's own.
    fn poll_own(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.own.is_empty() {
            let sent = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.own))?;
            if sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.own.drain(..sent);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let it = self.get_mut();
        ready!(it.poll_own(cx))?;
        if it.is_librarys_own(bytes) {
            it.seat.is_clean.store(false, Ordering::SeqCst);
            it.seat.has_unread.store(true, Ordering::SeqCst);
            let end = bytes.iter().position(|it| *it == b'\n').map_or(bytes.len(), |it| it + 1);
            it.own = [&bytes[..end], it.lines.as_bytes(), &bytes[end..]].concat();
            // Taken whole: what does not leave at once leaves with the next write or flush.
            let _ = it.poll_own(cx)?;
            return Poll::Ready(Ok(bytes.len()));
        }
        let sent = ready!(Pin::new(&mut it.stream).poll_write(cx, bytes))?;
        it.seat.sent();
        Poll::Ready(Ok(sent))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let it = self.get_mut();
        ready!(it.poll_own(cx))?;
        ready!(Pin::new(&mut it.stream).poll_flush(cx))?;
        if matches!(it.seat.stage(), Stage::Arriving | Stage::Asking | Stage::Idle) {
            it.seat.is_clean.store(true, Ordering::SeqCst);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let it = self.get_mut();
        ready!(it.poll_own(cx))?;
        if !it.is_shut {
            ready!(Pin::new(&mut it.stream).poll_shutdown(cx))?;
            it.is_shut = true;
            // From here on it has the time of a header.
            it.seat.is_now(Stage::Asking);
        }
        it.poll_rest(cx)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let first = bytes.iter().find(|it| !it.is_empty()).map_or(&[][..], |it| it);
        if !self.own.is_empty() || self.is_librarys_own(first) {
            return self.poll_write(cx, first);
        }
        let it = self.get_mut();
        let sent = ready!(Pin::new(&mut it.stream).poll_write_vectored(cx, bytes))?;
        it.seat.sent();
        Poll::Ready(Ok(sent))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// The body of a request, whose end the place is told.
pub(super) struct Asked {
    body: Incoming,
    seat: Arc<Seat>,
}

impl Asked {
    pub(super) fn watch(body: Incoming, seat: &Arc<Seat>) -> Body {
        seat.asked(!body.is_end_stream());
        Body::new(Self { body, seat: Arc::clone(seat) })
    }
}

impl Streamed for Asked {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let it = self.get_mut();
        let frame = ready!(Pin::new(&mut it.body).poll_frame(cx));
        if frame.is_none() || it.body.is_end_stream() {
            it.seat.received();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of an answer, whose end the place is told.
pub(super) struct Answered {
    body: Body,
    seat: Arc<Seat>,
}

impl Answered {
    pub(super) fn watch(body: Body, seat: &Arc<Seat>) -> Body {
        seat.is_now(Stage::Sending);
        Body::new(Self { body, seat: Arc::clone(seat) })
    }
}

impl Streamed for Answered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answered {
    fn drop(&mut self) {
        self.seat.is_now(Stage::Idle);
    }
}
