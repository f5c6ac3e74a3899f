//! A real mail server: Nodemailer's, in a process of its own (`tests/mail/`).

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// For what takes as long as it takes on a busy machine.
const LONG: Duration = Duration::from_secs(60);

/// How a mail server is set up.
pub(crate) struct Office {
    /// Its certificate, by the name of the file.
    pub(crate) certificate: &'static str,
    /// Whether it speaks TLS from the first byte; if not, after STARTTLS.
    pub(crate) secure: bool,
    /// The name and the password that it wants.
    pub(crate) login: Option<(&'static str, &'static str)>,
    /// What it refuses, and with which words: an address, or `text` for every mail.
    pub(crate) refuses: &'static [(&'static str, &'static str)],
}

impl Default for Office {
    fn default() -> Self {
        Self { certificate: "localhost.pem", secure: false, login: None, refuses: &[] }
    }
}

/// A mail that the server took.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) mail: Vec<u8>,
    pub(crate) secure: bool,
    pub(crate) user: Option<String>,
    pub(crate) connection: String,
}

/// A server that runs; ends with the test.
pub(crate) struct PostOffice {
    child: Child,
    pub(crate) port: u16,
    taken: Receiver<Value>,
}

impl Drop for PostOffice {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A certificate of the tests, or the key that belongs to it.
pub(crate) fn certificate(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tls").join(name)
}

impl PostOffice {
    pub(crate) fn open(office: &Office) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail");
        assert!(folder.join("node_modules/smtp-server").exists(), "run `make setup` first");
        let refuses: serde_json::Map<String, Value> =
            office.refuses.iter().map(|(what, words)| ((*what).to_owned(), json!(words))).collect();
        let settings = json!({
            "certificate": certificate(office.certificate),
            "key": certificate("mail.key"),
            "secure": office.secure,
            "login": office.login.map(|(name, password)| [name, password]),
            "refuses": refuses,
        });
        let mut child = Command::new("node")
            .arg(folder.join("server.mjs"))
            .arg(settings.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node is there");
        let taken = lines(child.stdout.take().expect("it is piped"));
        let first = taken.recv_timeout(LONG).expect("the server starts");
        let port = first["port"].as_u64().and_then(|it| u16::try_from(it).ok()).expect("a port");
        Self { child, port, taken }
    }

    /// The next mail that it took.
    pub(crate) fn taken(&self) -> Taken {
        let told = self.taken.recv_timeout(LONG).expect("a mail came");
        let text = |key: &str| told[key].as_str().map(str::to_owned);
        let to = told["to"].as_array().expect("receivers").iter();
        Taken {
            from: text("from").expect("a sender"),
            to: to.map(|it| it.as_str().expect("an address").to_owned()).collect(),
            // A sign for each byte.
            mail: text("mail").expect("a text").chars().map(|it| it as u8).collect(),
            secure: told["secure"] == true,
            user: text("user"),
            connection: text("connection").expect("a connection"),
        }
    }

    /// Whether there is no other mail that it took: it tells of one before it answers.
    pub(crate) fn has_no_more(&self) -> bool {
        self.taken.try_recv().is_err()
    }
}

fn lines(out: ChildStdout) -> Receiver<Value> {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            let line = serde_json::from_str(&line).expect("a line of JSON");
            if tell.send(line).is_err() {
                break;
            }
        }
    });
    told
}
