//! The settings of the process: the `SKRANKE_*` variables, read once, all faults told together.
//!
//! What the organisation decides (sites, desks, people, retention) is not here: those are records.

mod mail;
mod names;
mod network;
pub mod secret;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use jiff::tz::TimeZone;
use url::Url;

use crate::backup::Recipient;
use crate::people::Breached;

pub use mail::{MailSecurity, MailServer};
pub use names::unknown;
pub use network::{Network, TlsFiles, is_plain_afar};

/// Longest value of a variable that is read at all.
pub const VALUE_BYTES_MAX: usize = 4096;
/// Most backups that may be kept.
pub const BACKUPS_MAX: usize = 10_000;

/// The largest limit of room on the disk.
pub const DISK_MB_MAX: u64 = 1_000_000;

/// Everything that is set from outside; `deploy/skranke.env` shows each with its reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// Where the service listens.
    pub listen: SocketAddr,
    /// The address that people type, for links in letters and the check of `Origin`.
    pub base_url: Url,
    /// Whose calendar the weeks follow.
    pub zone: TimeZone,
    /// The form of log lines.
    pub log: LogForm,
    /// Whether cookies travel over TLS only.
    pub secure_cookies: bool,
    /// Letters.
    pub mail: Mail,
    /// The provider of identities; none when all accounts are local.
    pub oidc: Option<crate::oidc::Settings>,
    /// Visits to websites.
    pub crawl: Crawl,
    /// Copies for the day the data folder is lost.
    pub backup: Backup,
    /// The variables that were told and are not as usual, for whoever sets a machine up anew.
    pub told: BTreeMap<String, String>,
    /// What is done when the disk runs full.
    pub disk: DiskLimits,
    /// The list of stolen passwords; none when there is none.
    pub breached: Option<Breached>,
    /// How the service is reached, and whom it believes.
    pub network: Network,
    /// The secrets that stand among the settings, by name.
    pub open_secrets: Vec<String>,
}

/// Where scheduled backups go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The folder; none when no backups are made on schedule.
    pub folder: Option<PathBuf>,
    /// A second folder.
    pub also: Option<PathBuf>,
    /// So many stay in each folder.
    pub keep: usize,
    /// Whom they are encrypted to; none leaves them readable.
    pub recipient: Option<Recipient>,
}

/// From how little room on what is stopped; the ballast is what is kept in reserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiskLimits {
    /// Below so many megabytes administrators are warned ...
    pub warn_mb: u64,
    /// ... and below so many percent of the disk.
    pub warn_percent: u64,
    /// Below so many megabytes nothing is written that can wait.
    pub background_mb: u64,
    /// Below so many megabytes new saves are refused.
    pub save_mb: u64,
    /// So many megabytes are kept in reserve; less on a small disk.
    pub ballast_mb: u64,
}

/// How letters leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The sender's address.
    pub from: String,
    /// The folder that letters are written to.
    pub outbox: PathBuf,
    /// The server that mail can be sent by; none when none is set.
    pub server: Option<MailServer>,
}

/// How websites are reached; how each is read is its own setting, a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crawl {
    /// The proxy that leads to the internet; none when there is none.
    pub proxy: Option<Url>,
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogForm {
    /// For a person at a terminal.
    Text,
    /// One JSON object a line, for a collector.
    Json,
}

/// The settings cannot be used; one sentence for each fault.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("could not use the settings: {}", .faults.join("; "))]
#[non_exhaustive]
pub struct ConfigError {
    /// What is wrong, in the order of `deploy/skranke.env`.
    pub faults: Vec<String>,
}

impl Config {
    /// Reads the settings; what was told on the command line goes before a variable.
    pub fn from_env_and(told: &BTreeMap<&str, String>) -> Result<Self, ConfigError> {
        Self::read(|name| told.get(name).cloned().or_else(|| variable(name)))
    }

    /// The same for whoever tells all faults: what cannot be used has its default beside its fault.
    pub fn with_faults(told: &BTreeMap<&str, String>) -> (Self, Vec<String>) {
        Self::read_all(|name| told.get(name).cloned().or_else(|| variable(name)))
    }

    /// Reads the settings that `get` knows; a variable that is absent or empty has its default.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let (config, faults) = Self::read_all(get);
        if faults.is_empty() { Ok(config) } else { Err(ConfigError { faults }) }
    }

    fn read_all(get: impl Fn(&str) -> Option<String>) -> (Self, Vec<String>) {
        let mut from = Reader { get, faults: vec![], told: BTreeMap::new(), open_secrets: vec![] };
        let data: PathBuf = from.value("SKRANKE_DATA", "./data", as_is);
        let listen: SocketAddr = from.value("SKRANKE_LISTEN", "127.0.0.1:8080", socket_address);
        let network = network::network(&mut from);
        let scheme = if network.tls.is_some() { "https" } else { "http" };
        let base_url = from.value("SKRANKE_BASE_URL", &format!("{scheme}://{listen}"), base_url);
        let https = base_url.scheme() == "https";
        let (oidc, oidc_faults) = crate::oidc::Settings::read(|name| match name {
            "SKRANKE_OIDC_SECRET" => from.secret(name, "SKRANKE_OIDC_SECRET_FILE"),
            "SKRANKE_OIDC_KEY_FILE" => from.key(name),
            name => from.text(name),
        });
        from.faults.extend(oidc_faults);
        if oidc.is_none() {
            // Without a provider, what is said of one means nothing.
            from.told.retain(|name, _| !name.contains("_OIDC_"));
        }
        let config = Self {
            listen,
            network,
            base_url,
            zone: from.value("SKRANKE_ZONE", "Europe/Oslo", zone),
            log: from.value("SKRANKE_LOG", "text", log_form),
            secure_cookies: from
                .value("SKRANKE_SECURE_COOKIES", "auto", |text| secure_cookies(text, https)),
            mail: Mail {
                from: from.value("SKRANKE_MAIL_FROM", "skranke@localhost", mail_address),
                outbox: from.value("SKRANKE_MAIL_OUTBOX", "outbox", |text| Ok(data.join(text))),
                server: mail::mail_server(&mut from),
            },
            oidc,
            crawl: Crawl { proxy: from.value("SKRANKE_CRAWL_PROXY", "", proxy) },
            backup: Backup {
                folder: from.value("SKRANKE_BACKUP_FOLDER", "", folder),
                also: from.value("SKRANKE_BACKUP_ALSO", "", folder),
                keep: from.value("SKRANKE_BACKUP_KEEP", "35", |text| within(text, 1..=BACKUPS_MAX)),
                recipient: from.value("SKRANKE_BACKUP_RECIPIENT", "", recipient),
            },
            disk: DiskLimits {
                warn_mb: from.value("SKRANKE_DISK_WARN_MB", "500", disk_mb),
                warn_percent: from
                    .value("SKRANKE_DISK_WARN_PERCENT", "5", |text| within(text, 0..=100)),
                background_mb: from.value("SKRANKE_DISK_BACKGROUND_MB", "100", disk_mb),
                save_mb: from.value("SKRANKE_DISK_SAVE_MB", "20", disk_mb),
                ballast_mb: from.value("SKRANKE_DISK_BALLAST_MB", "32", disk_mb),
            },
            breached: from.value("SKRANKE_BREACHED", "", breached),
            data,
            told: std::mem::take(&mut from.told),
            open_secrets: std::mem::take(&mut from.open_secrets),
        };
        (config, from.faults)
    }
}

/// Reads variables one by one and remembers what is wrong.
struct Reader<G> {
    get: G,
    faults: Vec<String>,
    told: BTreeMap<String, String>,
    open_secrets: Vec<String>,
}

impl<G: Fn(&str) -> Option<String>> Reader<G> {
    /// The value of `name` as it stands, if there is one.
    fn text(&mut self, name: &str) -> Option<String> {
        self.value(name, "", |it| Ok(Some(it.to_owned()).filter(|it| !it.is_empty())))
    }

    /// The value of `name`; after a fault the default, so that the next fault is found too.
    fn value<T>(
        &mut self,
        name: &str,
        default: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> T {
        let told = (self.get)(name).map(|text| text.trim().to_owned());
        if let Some(text) = told.filter(|text| !text.is_empty()) {
            match limited(&text).and_then(&parse) {
                Ok(value) => {
                    if text != default && !is_secret(name) {
                        self.told.insert(name.to_owned(), text);
                    }
                    return value;
                }
                Err(fault) => self.faults.push(format!("{name}: {fault}")),
            }
        }
        parse(default).expect("every default can be read, as the tests show")
    }

    /// The file that systemd hands a secret over in.
    fn credential(&self, name: &str) -> Option<PathBuf> {
        let folder = (self.get)("CREDENTIALS_DIRECTORY").filter(|it| !it.trim().is_empty())?;
        Some(Path::new(&folder).join(name)).filter(|it| it.exists())
    }

    /// A secret: told by `name`, by the file that `file_name` names, or handed over by systemd
    /// under the name of the variable. None where it is told nowhere.
    fn secret(&mut self, name: &str, file_name: &str) -> Option<String> {
        let told = |name: &str| (self.get)(name).filter(|it| !it.trim().is_empty());
        let credential = self.credential(name);
        let read = match (told(name), told(file_name).map(PathBuf::from), credential) {
            (Some(_), Some(_), _) => Err("it is told twice; keep the file".to_owned()),
            (Some(text), None, _) => {
                self.open_secrets.push(name.to_owned());
                secret::line(text.trim())
            }
            (None, Some(path), _) => secret::read(&path, secret::Closed::ToGroup)
                .and_then(|it| secret::line(&it).map_err(|it| format!("{}: {it}", path.display()))),
            (None, None, Some(path)) => {
                secret::read(&path, secret::Closed::ToOthers).and_then(|it| secret::line(&it))
            }
            (None, None, None) => return None,
        };
        read.map_err(|fault| self.faults.push(format!("{name}: {fault}"))).ok()
    }

    /// The text of a key, from the file that `name` tells or that systemd hands over under that
    /// name. Empty where it cannot be read, so that nobody is told that it is missing as well.
    fn key(&mut self, name: &str) -> Option<String> {
        let told = (self.get)(name).filter(|it| !it.trim().is_empty());
        let read = match (told, self.credential(name)) {
            (Some(path), _) => secret::read(Path::new(path.trim()), secret::Closed::ToGroup),
            (None, Some(path)) => secret::read(&path, secret::Closed::ToOthers),
            (None, None) => return None,
        };
        let read = read.map_err(|fault| self.faults.push(format!("{name}: {fault}")));
        Some(read.unwrap_or_default())
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn variable(name: &str) -> Option<String> {
    match std::env::var(name) {
        Ok(value) => Some(value),
        // Told as a fault by whoever parses it, not passed over in silence.
        Err(std::env::VarError::NotUnicode(value)) => Some(value.to_string_lossy().into_owned()),
        Err(std::env::VarError::NotPresent) => None,
    }
}

fn limited(text: &str) -> Result<&str, String> {
    if VALUE_BYTES_MAX < text.len() {
        return Err(format!("the value is longer than {VALUE_BYTES_MAX} bytes"));
    }
    if text.contains(|c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER) {
        return Err(format!("the value has signs that are not text: {text:?}"));
    }
    Ok(text)
}

/// What opens a door is in no backup.
fn is_secret(name: &str) -> bool {
    ["PASS", "SECRET", "TOKEN", "KEY"].iter().any(|it| name.contains(it))
}

fn breached(text: &str) -> Result<Option<Breached>, String> {
    let path = Some(text).filter(|it| !it.is_empty()).map(std::path::Path::new);
    path.map(Breached::open).transpose().map_err(|it| it.to_string())
}

fn recipient(text: &str) -> Result<Option<Recipient>, String> {
    Some(text).filter(|it| !it.is_empty()).map(Recipient::parse).transpose()
}

fn folder(text: &str) -> Result<Option<PathBuf>, String> {
    Ok(Some(text).filter(|it| !it.is_empty()).map(PathBuf::from))
}

fn as_is(text: &str) -> Result<PathBuf, String> {
    Ok(PathBuf::from(text))
}

fn socket_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("not an address with a port, as 127.0.0.1:8080: {text:?}"))
}

fn base_url(text: &str) -> Result<Url, String> {
    let fault = || format!("not an address as https://skranke.example.org: {text:?}");
    let url = Url::parse(text).map_err(|_| fault())?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let is_open = url.username().is_empty() && url.password().is_none();
    if is_web && is_bare && is_open { Ok(url) } else { Err(fault()) }
}

/// A proxy that wants a name and a passphrase is not served: they would stand in the environment.
fn proxy(text: &str) -> Result<Option<Url>, String> {
    let fault = || format!("not a proxy as http://proxy.example.org:3128: {text:?}");
    if text.is_empty() {
        return Ok(None);
    }
    let url = Url::parse(text).map_err(|_| fault())?;
    let is_proxy = matches!(url.scheme(), "http" | "https") && url.has_host();
    let is_open = url.username().is_empty() && url.password().is_none();
    if is_proxy && is_open && url.path() == "/" { Ok(Some(url)) } else { Err(fault()) }
}

fn zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text).map_err(|_| format!("not a time zone as Europe/Oslo: {text:?}"))
}

fn log_form(text: &str) -> Result<LogForm, String> {
    match text {
        "text" => Ok(LogForm::Text),
        "json" => Ok(LogForm::Json),
        _ => Err(format!("neither text nor json: {text:?}")),
    }
}

fn secure_cookies(text: &str, https: bool) -> Result<bool, String> {
    match text {
        "auto" => Ok(https),
        _ => text.parse().map_err(|_| format!("neither auto, true nor false: {text:?}")),
    }
}

/// Letters are written by a library that checks addresses too; this finds what is plainly none.
fn mail_address(text: &str) -> Result<String, String> {
    match text.split_once('@') {
        Some((name, host))
            if !name.is_empty()
                && !host.is_empty()
                && !host.contains('@')
                && !text.contains(char::is_whitespace) =>
        {
            Ok(text.to_owned())
        }
        _ => Err(format!("not a mail address as skranke@example.org: {text:?}")),
    }
}

fn disk_mb(text: &str) -> Result<u64, String> {
    within(text, 0..=DISK_MB_MAX)
}

fn within<N: FromStr + PartialOrd + Display>(
    text: &str,
    range: RangeInclusive<N>,
) -> Result<N, String> {
    match text.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => Err(format!("not a number from {} to {}: {text:?}", range.start(), range.end())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let pairs: BTreeMap<&str, &str> = pairs.iter().copied().collect();
        Config::read(|name| pairs.get(name).map(|value| (*value).to_owned()))
    }

    #[track_caller]
    fn check(pair: (&str, &str), fault: &str) {
        assert_eq!(read(&[pair]).unwrap_err().faults, [format!("{}: {fault}", pair.0)]);
    }

    #[test]
    fn with_nothing_set_the_service_listens_on_this_machine_only() {
        let config = read(&[]).unwrap();
        assert_eq!(config.data, PathBuf::from("./data"));
        assert!(config.listen.ip().is_loopback());
        assert_eq!(config.base_url.as_str(), "http://127.0.0.1:8080/");
        assert_eq!(config.mail.outbox, PathBuf::from("./data/outbox"));
        assert_eq!(config.crawl.proxy, None);
        assert!(!config.secure_cookies);
    }

    #[test]
    fn an_empty_variable_has_its_default() {
        assert_eq!(read(&[("SKRANKE_DATA", " "), ("SKRANKE_ZONE", "")]), read(&[]));
    }

    #[test]
    fn the_example_file_shows_the_defaults() {
        let example = include_str!("../../deploy/skranke.env");
        let shown: Vec<(&str, &str)> = example
            .lines()
            .filter_map(|line| line.strip_prefix("#SKRANKE_").map(|_| &line[1..]))
            .filter_map(|line| line.split_once('='))
            .collect();
        assert!(!shown.is_empty());
        assert_eq!(read(&shown), read(&[]));
    }

    #[test]
    fn what_was_told_is_known_for_a_backup_and_secrets_are_not() {
        let told = read(&[("SKRANKE_ZONE", "Europe/Paris"), ("SKRANKE_LOG", "text")]).unwrap().told;
        assert_eq!(
            told.into_iter().collect::<Vec<_>>(),
            [("SKRANKE_ZONE".to_owned(), "Europe/Paris".to_owned())]
        );
        assert!(is_secret("SKRANKE_SMTP_PASSWORD") && !is_secret("SKRANKE_BACKUP_FOLDER"));
    }

    #[test]
    fn a_mail_server_is_told_whole_and_its_password_is_never_printed() {
        let host = ("SKRANKE_SMTP_HOST", "mail.example.org");
        let (name, word) =
            (("SKRANKE_SMTP_USER", "skranke"), ("SKRANKE_SMTP_PASSWORD", "hemmeleg"));
        let config = read(&[host, name, word]).unwrap();
        let server = config.mail.server.clone().unwrap();
        assert_eq!((server.port, server.security), (587, MailSecurity::StartTls));
        let told = format!("{config:?}");
        assert!(told.contains("mail.example.org") && !told.contains("hemmeleg"), "{told}");
        assert!(read(&[host, name]).unwrap_err().to_string().contains("one lacks the other"));
        let open = ("SKRANKE_SMTP_SECURITY", "none");
        let error = read(&[host, open]).unwrap_err().to_string();
        assert!(error.contains("only for a server on this machine"), "{error}");
        assert!(read(&[("SKRANKE_SMTP_HOST", "127.0.0.1"), open]).is_ok());
        assert_eq!(read(&[]).unwrap().mail.server, None);
        check(("SKRANKE_SMTP_SECURITY", "ssl"), "neither starttls, tls nor none: \"ssl\"");
    }

    #[test]
    fn the_authority_of_the_mail_server_is_read_at_the_start() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tls");
        let read = |name: &str| {
            let path = format!("{folder}/{name}");
            let host = ("SKRANKE_SMTP_HOST", "mail.example.org");
            read(&[host, ("SKRANKE_SMTP_CA", &path)]).map(|it| it.mail.server)
        };
        let server = read("authority.pem").unwrap().unwrap();
        assert!(server.authority.is_some_and(|it| it.pem().starts_with(b"-----BEGIN")));
        let fault = read("none.pem").unwrap_err().to_string();
        assert!(fault.contains("SKRANKE_SMTP_CA: ") && fault.contains("cannot be read"), "{fault}");
        assert!(read("mail.key").unwrap_err().to_string().contains("there is no certificate"));
    }

    #[test]
    fn a_secret_can_lie_in_a_file_or_be_handed_over() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("SKRANKE_SMTP_PASSWORD");
        let mode = |mode| {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        std::fs::write(&path, "hemmeleg\n").unwrap();
        mode(0o600);
        let text = path.to_string_lossy();
        let handed = folder.path().to_string_lossy();
        let base = [("SKRANKE_SMTP_HOST", "mail.example.org"), ("SKRANKE_SMTP_USER", "skranke")];
        let word = |more: &[(&str, &str)]| {
            let config = read(&[&base, more].concat())?;
            Ok::<_, ConfigError>(config.mail.server.and_then(|it| it.login).map(|it| it.1))
        };
        let file = ("SKRANKE_SMTP_PASSWORD_FILE", text.as_ref());
        assert_eq!(word(&[file]).unwrap().as_deref(), Some("hemmeleg"));
        let credentials = ("CREDENTIALS_DIRECTORY", handed.as_ref());
        assert_eq!(word(&[credentials]).unwrap().as_deref(), Some("hemmeleg"));
        mode(0o640);
        assert!(word(&[file]).unwrap_err().to_string().contains("open to its group (mode 640)"));
        assert!(word(&[credentials]).is_ok(), "systemd lets a group read what it hands over");
        mode(0o644);
        for how in [file, credentials] {
            let fault = word(&[how]).unwrap_err().to_string();
            assert!(fault.contains("SKRANKE_SMTP_PASSWORD: ") && fault.contains("everybody"));
        }
        let twice = [file, ("SKRANKE_SMTP_PASSWORD", "hemmeleg")];
        let fault = word(&twice).unwrap_err().to_string();
        assert!(fault.contains("told twice") && !fault.contains("hemmeleg"), "{fault}");
    }

    #[test]
    fn a_certificate_and_its_key_belong_together_and_make_the_address_a_secure_one() {
        let pair = [("SKRANKE_TLS_CERT", "/etc/a.pem"), ("SKRANKE_TLS_KEY", "/etc/a.key")];
        let config = read(&pair).unwrap();
        assert_eq!(config.base_url.as_str(), "https://127.0.0.1:8080/");
        assert!(config.secure_cookies);
        assert!(read(&pair[..1]).unwrap_err().to_string().contains("one lacks the other"));
        check(
            ("SKRANKE_TRUSTED_PROXIES", "proxy"),
            "not a range of addresses such as 10.20.0.0/16: \"proxy\"",
        );
    }

    #[test]
    fn cookies_are_secure_behind_tls_unless_told_otherwise() {
        let https = ("SKRANKE_BASE_URL", "https://skranke.example.org");
        assert!(read(&[https]).unwrap().secure_cookies);
        assert!(!read(&[https, ("SKRANKE_SECURE_COOKIES", "false")]).unwrap().secure_cookies);
        assert!(read(&[("SKRANKE_SECURE_COOKIES", "true")]).unwrap().secure_cookies);
    }

    #[test]
    fn the_outbox_lies_in_the_data_folder_unless_it_is_a_whole_path() {
        let outbox = |data, outbox| {
            read(&[("SKRANKE_DATA", data), ("SKRANKE_MAIL_OUTBOX", outbox)]).unwrap().mail.outbox
        };
        assert_eq!(outbox("/srv/skranke", "letters"), PathBuf::from("/srv/skranke/letters"));
        assert_eq!(outbox("/srv/skranke", "/srv/out"), PathBuf::from("/srv/out"));
    }

    #[test]
    fn all_faults_are_told_together() {
        let error =
            read(&[("SKRANKE_LISTEN", "8080"), ("SKRANKE_ZONE", "Oslo"), ("SKRANKE_LOG", "loud")])
                .unwrap_err();
        assert_eq!(error.faults.len(), 3);
        assert!(error.to_string().contains("SKRANKE_ZONE: not a time zone"), "{error}");
    }

    #[test]
    fn a_fault_names_the_variable_and_the_value() {
        check(("SKRANKE_LOG", "loud"), "neither text nor json: \"loud\"");
        check(("SKRANKE_BACKUP_KEEP", "0"), "not a number from 1 to 10000: \"0\"");
        check(("SKRANKE_DISK_WARN_PERCENT", "101"), "not a number from 0 to 100: \"101\"");
        check(("SKRANKE_DISK_SAVE_MB", "1000001"), "not a number from 0 to 1000000: \"1000001\"");
        check(("SKRANKE_BACKUP_KEEP", "-1"), "not a number from 1 to 10000: \"-1\"");
        let fault = "not a proxy as http://proxy.example.org:3128: \"proxy:3128\"";
        check(("SKRANKE_CRAWL_PROXY", "proxy:3128"), fault);
        check(("SKRANKE_SECURE_COOKIES", "1"), "neither auto, true nor false: \"1\"");
        let fault = "not a mail address as skranke@example.org: \"post\"";
        check(("SKRANKE_MAIL_FROM", "post"), fault);
    }

    #[test]
    fn the_base_is_a_bare_web_address() {
        for text in ["skranke.example.org", "ftp://a.example", "https://a.example/skranke"] {
            let fault = format!("not an address as https://skranke.example.org: {text:?}");
            check(("SKRANKE_BASE_URL", text), &fault);
        }
    }

    #[test]
    fn limits_hold_at_the_border_and_beyond() {
        assert!(read(&[("SKRANKE_BACKUP_KEEP", "10000")]).is_ok());
        assert!(read(&[("SKRANKE_DISK_WARN_PERCENT", "100")]).is_ok());
        let long = "d".repeat(VALUE_BYTES_MAX);
        assert!(read(&[("SKRANKE_DATA", &long)]).is_ok());
        check(("SKRANKE_DATA", &format!("{long}d")), "the value is longer than 4096 bytes");
    }
}
