//! The mail server that letters go by.

use super::{Reader, within};
use crate::net::Authority;

/// The organisation's mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct MailServer {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way to it is protected.
    pub security: MailSecurity,
    /// The name and the password to sign in with; none where the server takes mail without.
    pub login: Option<(String, String)>,
    /// Who vouches for it besides the usual authorities.
    pub authority: Option<Authority>,
}

impl std::fmt::Debug for MailServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { host, port, security, login, authority: _ } = self;
        let login = login.as_ref().map(|(name, _)| (name, "***"));
        write!(f, "MailServer({host:?}, {port}, {security:?}, {login:?})")
    }
}

/// How the way to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailSecurity {
    /// TLS after a greeting; a server that does not offer it gets nothing.
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// None: only for a server on this machine.
    Open,
}

/// The mail server. A way that is open to all is only for a server on this machine.
pub(super) fn mail_server<G: Fn(&str) -> Option<String>>(
    from: &mut Reader<G>,
) -> Option<MailServer> {
    let text = |it: &str| Ok(Some(it.to_owned()).filter(|it| !it.is_empty()));
    let host = from.value("SKRANKE_SMTP_HOST", "", text);
    let port = from.value("SKRANKE_SMTP_PORT", "587", |it| within(it, 1..=u16::MAX));
    let security = from.value("SKRANKE_SMTP_SECURITY", "starttls", mail_security);
    let name = from.value("SKRANKE_SMTP_USER", "", text);
    let password = from.secret("SKRANKE_SMTP_PASSWORD", "SKRANKE_SMTP_PASSWORD_FILE");
    let authority = from.value("SKRANKE_SMTP_CA", "", authority);
    if name.is_some() != password.is_some() {
        from.faults.push("SKRANKE_SMTP_USER and SKRANKE_SMTP_PASSWORD: one lacks the other".into());
    }
    let host = host?;
    let is_here = matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1");
    if security == MailSecurity::Open && !is_here {
        from.faults.push(format!(
            "SKRANKE_SMTP_SECURITY: none is only for a server on this machine, not for {host:?}"
        ));
    }
    Some(MailServer { host, port, security, login: name.zip(password), authority })
}

fn authority(text: &str) -> Result<Option<Authority>, String> {
    let path = Some(text).filter(|it| !it.is_empty()).map(std::path::Path::new);
    path.map(Authority::read).transpose()
}

fn mail_security(text: &str) -> Result<MailSecurity, String> {
    match text {
        "starttls" => Ok(MailSecurity::StartTls),
        "tls" => Ok(MailSecurity::Tls),
        "none" => Ok(MailSecurity::Open),
        _ => Err(format!("neither starttls, tls nor none: {text:?}")),
    }
}
