//! A mail server that says what a test wants it to say.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What a manner calls the moment before anything was said to the server.
pub(crate) const GREETING: &str = "(greeting)";

/// A server that takes or refuses mail; ends with the test.
pub(crate) struct MailServer {
    pub(crate) address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

/// How the server behaves.
#[derive(Clone, Copy)]
pub(crate) enum Manner {
    /// It takes every mail and answers with these words.
    Takes(&'static str),
    /// It refuses every receiver with these words.
    Refuses(&'static str),
    /// It says nothing at all and hangs up.
    HangsUp,
    /// It takes every mail, but lets one wait for every answer.
    Slow(Duration),
    /// It takes every mail, but for lines that begin so.
    But(&'static [(&'static str, Answer)]),
}

/// What comes back for a line.
#[derive(Clone, Copy)]
pub(crate) enum Answer {
    /// These words.
    Says(&'static str),
    /// These words, a letter at a time.
    Drips(&'static str, Duration),
    /// Nothing, for as long as anybody waits.
    Silence,
    /// Nothing, and the connection is cut.
    Cut,
    /// A line without an end.
    Endless,
}

impl MailServer {
    pub(crate) fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let heard = Arc::new(Mutex::new(vec![]));
        let hears = Arc::clone(&heard);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let hears = Arc::clone(&hears);
                std::thread::spawn(move || drop(talk(&stream, manner, &hears)));
            }
        });
        Self { address, heard }
    }

    /// Every line that it was told.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("whole").clone()
    }
}

fn talk(stream: &TcpStream, manner: Manner, heard: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut in_text = false;
    if !give(stream, manner, answer(manner, GREETING, false))? {
        return Ok(());
    }
    // What is no text is kept too: a client may speak TLS.
    for line in BufReader::new(stream).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).trim_end_matches('\r').to_owned();
        heard.lock().expect("whole").push(line.clone());
        if in_text && line != "." {
            continue;
        }
        let answer = answer(manner, &line, in_text);
        in_text = matches!(answer, Answer::Says(words) if words.starts_with("354"));
        if !give(stream, manner, answer)? || line == "QUIT" {
            break;
        }
    }
    Ok(())
}

fn answer(manner: Manner, line: &str, in_text: bool) -> Answer {
    match (manner, line) {
        (Manner::HangsUp, GREETING) => return Answer::Cut,
        (Manner::Takes(words), ".") if in_text => return Answer::Says(words),
        (Manner::Refuses(words), _) if line.starts_with("RCPT") => return Answer::Says(words),
        (Manner::But(others), _) => {
            if let Some((_, answer)) = others.iter().find(|it| line.starts_with(it.0)) {
                return *answer;
            }
        }
        _ => {}
    }
    Answer::Says(match line.split([' ', ':']).next().unwrap_or_default() {
        GREETING => "220 mail.fjordvik.example ready",
        "EHLO" => "250 mail.fjordvik.example",
        "DATA" => "354 go on",
        "QUIT" => "221 bye",
        _ => "250 ok",
    })
}

/// Answers; whether the connection is still there.
#[expect(clippy::disallowed_methods, reason = "a slow server is slow")]
fn give(stream: &TcpStream, manner: Manner, answer: Answer) -> std::io::Result<bool> {
    let mut out = stream;
    if let Manner::Slow(time) = manner {
        std::thread::sleep(time);
    }
    match answer {
        Answer::Says(words) => out.write_all(format!("{words}\r\n").as_bytes())?,
        Answer::Drips(words, pause) => {
            for byte in format!("{words}\r\n").bytes() {
                std::thread::sleep(pause);
                out.write_all(&[byte])?;
            }
        }
        Answer::Silence => drop(std::io::copy(&mut out.take(u64::MAX), &mut std::io::sink())?),
        Answer::Endless => loop {
            out.write_all(&[b'2'; 4096])?;
        },
        Answer::Cut => {
            out.shutdown(std::net::Shutdown::Both)?;
            return Ok(false);
        }
    }
    Ok(true)
}
