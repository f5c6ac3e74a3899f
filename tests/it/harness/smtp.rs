//! A mail server that says what a test wants it to say.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

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
}

impl MailServer {
    pub(crate) fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let heard = Arc::new(Mutex::new(vec![]));
        let hears = Arc::clone(&heard);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                drop(talk(&stream, manner, &hears));
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
    if matches!(manner, Manner::HangsUp) {
        return Ok(());
    }
    let mut out = stream;
    out.write_all(b"220 mail.fjordvik.example ready\r\n")?;
    let mut in_text = false;
    for line in BufReader::new(stream).lines() {
        let line = line?;
        heard.lock().expect("whole").push(line.clone());
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let answer = match (in_text, verb.as_str(), manner) {
            (true, ".", Manner::Takes(words)) => {
                in_text = false;
                words
            }
            (true, ..) => continue,
            (false, "EHLO", _) => "250 mail.fjordvik.example",
            (false, "RCPT", Manner::Refuses(words)) => words,
            (false, "DATA", _) => {
                in_text = true;
                "354 go on"
            }
            (false, "QUIT", _) => "221 bye",
            (false, ..) => "250 ok",
        };
        out.write_all(format!("{answer}\r\n").as_bytes())?;
        if verb == "QUIT" {
            break;
        }
    }
    Ok(())
}
