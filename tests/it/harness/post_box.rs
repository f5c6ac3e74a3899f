//! A mail server that keeps what it takes, and can be told to fail.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A mail that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    /// The receivers that were named in the conversation.
    pub(crate) to: Vec<String>,
    /// All of it, without the dots that the conversation adds.
    pub(crate) mail: String,
}

impl Taken {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> String {
        let head = self.mail.split("\r\n\r\n").next().unwrap_or_default();
        let head = head.replace("\r\n ", " ");
        let start = format!("{name}: ");
        let line = head.lines().find_map(|it| it.strip_prefix(&start));
        line.unwrap_or_default().to_owned()
    }
}

/// What the server does with a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// It takes it.
    Take,
    /// It answers the receiver with these words.
    ToReader(&'static str),
    /// It answers the text with these words.
    ToText(&'static str),
    /// It takes the text and hangs up before it says so.
    Cut,
    /// It says this at the greeting and hangs up.
    Greet(&'static str),
}

type Acting = dyn Fn(usize, &str) -> Act + Send + Sync;

/// A server that ends with the test.
pub(crate) struct PostBox {
    pub(crate) address: SocketAddr,
    taken: Arc<Mutex<Vec<Taken>>>,
}

impl PostBox {
    /// A server that asks, for the how-manieth letter to whom, what to do with it.
    pub(crate) fn start(act: impl Fn(usize, &str) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let taken = Arc::new(Mutex::new(vec![]));
        let (keeps, act): (_, Arc<Acting>) = (Arc::clone(&taken), Arc::new(act));
        let seen = Arc::new(Mutex::new(0));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (keeps, act, seen) = (Arc::clone(&keeps), Arc::clone(&act), Arc::clone(&seen));
                std::thread::spawn(move || drop(talk(&stream, (&*act, &seen), &keeps)));
            }
        });
        Self { address, taken }
    }

    /// What it took, in that order.
    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.taken.lock().expect("whole").clone()
    }

    /// How much it took.
    pub(crate) fn len(&self) -> usize {
        self.taken.lock().expect("whole").len()
    }

    /// What it took, by receiver.
    pub(crate) fn by_reader(&self) -> BTreeMap<String, Vec<Taken>> {
        let mut by_reader: BTreeMap<String, Vec<Taken>> = BTreeMap::new();
        for taken in self.taken() {
            assert_eq!(taken.to.len(), 1, "one receiver each");
            by_reader.entry(taken.to[0].clone()).or_default().push(taken);
        }
        by_reader
    }

    /// The settings of a service that sends by it.
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("SKRANKE_SMTP_HOST", "127.0.0.1".to_owned()),
            ("SKRANKE_SMTP_PORT", self.address.port().to_string()),
            ("SKRANKE_SMTP_SECURITY", "none".to_owned()),
            ("SKRANKE_MAIL_FROM", "skranke@fjordvik.example".to_owned()),
        ]
    }

    /// The server as a program sets it.
    pub(crate) fn server(&self) -> skranke::config::MailServer {
        let security = skranke::config::MailSecurity::Open;
        let (host, port) = ("127.0.0.1".to_owned(), self.address.port());
        skranke::config::MailServer { host, port, security, login: None, authority: None }
    }
}

fn talk(
    stream: &TcpStream,
    (act, seen): (&Acting, &Mutex<usize>),
    taken: &Mutex<Vec<Taken>>,
) -> std::io::Result<()> {
    let mut out = stream;
    let mut say = |words: &str| out.write_all(format!("{words}\r\n").as_bytes());
    if let Act::Greet(words) = act(*seen.lock().expect("whole"), "") {
        return say(words);
    }
    say("220 mail.fjordvik.example ready")?;
    let mut reader = BufReader::new(stream);
    let (mut to, mut now) = (vec![], Act::Take);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let line = line.trim_end().to_owned();
        match line.split([' ', ':']).next().unwrap_or_default().to_uppercase().as_str() {
            "EHLO" => say("250 mail.fjordvik.example")?,
            "RCPT" => {
                let address = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                let mut seen = seen.lock().expect("whole");
                now = act(*seen, &address);
                *seen += 1;
                match now {
                    Act::ToReader(words) => say(words)?,
                    _ => {
                        to.push(address);
                        say("250 ok")?;
                    }
                }
            }
            "DATA" => {
                say("354 go on")?;
                let mail = text(&mut reader)?;
                match now {
                    Act::ToText(words) => say(words)?,
                    Act::Cut => {
                        taken.lock().expect("whole").push(Taken { to, mail });
                        return Ok(());
                    }
                    _ => {
                        let to = std::mem::take(&mut to);
                        taken.lock().expect("whole").push(Taken { to, mail });
                        say("250 2.0.0 queued")?;
                    }
                }
                to.clear();
            }
            "QUIT" => return say("221 bye"),
            "RSET" => {
                to.clear();
                say("250 ok")?;
            }
            _ => say("250 ok")?,
        }
    }
}

fn text(reader: &mut BufReader<&TcpStream>) -> std::io::Result<String> {
    let mut mail = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(mail);
        }
        mail.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
