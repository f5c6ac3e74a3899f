//! What is set about the provider: `SKRANKE_OIDC_*`, all faults told together.

use url::Url;

use super::acting_for::ActingFor;
use super::client_key::ClientKey;
use super::proof::{Audience, ClientSecret, Proof};
use crate::people::Role;

/// So many names of roles can be set.
const ROLES_MAX: usize = 50;
/// In place of a name: everybody whom the provider lets in.
const EVERYBODY: &str = "*";

/// Which claims say who somebody is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KnownBy {
    /// `sub`, which providers make anew for each client.
    #[default]
    Subject,
    /// `tid` and `oid` of Entra ID, which stay when the registration is made anew.
    TenantAndObject,
}

/// The provider, and what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Its name for itself, as it stands in its tokens.
    pub issuer: String,
    /// Our name there.
    pub client: String,
    /// What we show there.
    pub proof: Proof,
    /// What stands on the button.
    pub name: String,
    /// What is asked for; `openid` is among it.
    pub scopes: String,
    /// How strong a proof is demanded: one of these; nothing when the provider decides.
    pub acr: String,
    /// The context of signing in that Entra ID must have demanded; none when it decides.
    pub context: Option<String>,
    /// The organization that people must act for.
    pub acting_for: Option<ActingFor>,
    /// The claim that names the roles.
    pub roles_claim: String,
    /// What the provider's roles are here.
    pub roles: Vec<(String, Role)>,
    /// Which claims say who somebody is.
    pub known_by: KnownBy,
    /// Whether the form for local accounts is put away.
    pub is_only: bool,
}

impl Settings {
    /// Reads the settings that `told` knows, and what is wrong with them. Without an issuer there
    /// is no provider. `told` finds the secret wherever it lies, and gives the text of the key.
    pub fn read(mut told: impl FnMut(&str) -> Option<String>) -> (Option<Self>, Vec<String>) {
        let mut faults = vec![];
        let issuer = told("SKRANKE_OIDC_ISSUER");
        let client = told("SKRANKE_OIDC_CLIENT");
        let proof = proof(&mut told, &mut faults);
        let name = told("SKRANKE_OIDC_NAME").unwrap_or_else(|| "OpenID".to_owned());
        let scopes = told("SKRANKE_OIDC_SCOPES").unwrap_or_else(|| "openid profile".to_owned());
        let acr = told("SKRANKE_OIDC_ACR").unwrap_or_default();
        let context = told("SKRANKE_OIDC_CONTEXT");
        let acting_for = acting_for(&mut told, &mut faults);
        let roles_claim = told("SKRANKE_OIDC_ROLES_CLAIM").unwrap_or_else(|| "roles".to_owned());
        let roles = roles(told("SKRANKE_OIDC_ROLES").as_deref().unwrap_or_default(), &mut faults);
        let known_by = told("SKRANKE_OIDC_IDENTITY");
        let known_by = known_by_of(known_by.as_deref().unwrap_or("sub"), &mut faults);
        let is_only = told("SKRANKE_OIDC_ONLY");
        let is_only = is_yes("SKRANKE_OIDC_ONLY", is_only.as_deref().unwrap_or("no"), &mut faults);
        if !scopes.split(' ').any(|it| it == "openid") {
            faults.push(format!("SKRANKE_OIDC_SCOPES: openid is not among them: {scopes:?}"));
        }
        let Some(issuer) = issuer else {
            if client.is_some() || proof.is_some() || is_only {
                faults.push("SKRANKE_OIDC_ISSUER: it is missing, and others are set".to_owned());
            }
            return (None, faults);
        };
        if let Err(fault) = checked_issuer(&issuer) {
            faults.push(format!("SKRANKE_OIDC_ISSUER: {fault}"));
        }
        let mut needs = |name: &str, is_there: bool| {
            if !is_there {
                faults.push(format!("{name}: it is missing, and SKRANKE_OIDC_ISSUER is set"));
            }
        };
        needs("SKRANKE_OIDC_CLIENT", client.is_some());
        needs("SKRANKE_OIDC_SECRET", proof.is_some());
        needs("SKRANKE_OIDC_ROLES", !roles.is_empty());
        let settings = Self {
            issuer,
            client: client.unwrap_or_default(),
            proof: proof.unwrap_or_else(|| Proof::Secret(ClientSecret::new(""))),
            name,
            scopes,
            acr,
            context,
            acting_for,
            roles_claim,
            roles,
            known_by,
            is_only,
        };
        (faults.is_empty().then_some(settings), faults)
    }

    /// The role here of somebody with these roles there; the one that may most, if there are
    /// several.
    pub fn role(&self, theirs: &[String]) -> Option<Role> {
        let fits = |it: &&(String, Role)| it.0 == EVERYBODY || theirs.contains(&it.0);
        self.roles.iter().filter(fits).map(|it| it.1).max()
    }
}

/// The secret, or the key with what is said of it. What is told and wrong is there all the same, so
/// that nobody looks for the other.
fn proof(told: &mut impl FnMut(&str) -> Option<String>, faults: &mut Vec<String>) -> Option<Proof> {
    let secret = told("SKRANKE_OIDC_SECRET").map(|it| Proof::Secret(ClientSecret::new(&it)));
    let pem = told("SKRANKE_OIDC_KEY_FILE");
    let id = told("SKRANKE_OIDC_KID");
    let audience = told("SKRANKE_OIDC_AUDIENCE");
    let audience = match audience.as_deref() {
        None | Some("issuer") => Audience::Issuer,
        Some("token") => Audience::Token,
        Some(other) => {
            faults.push(format!("SKRANKE_OIDC_AUDIENCE: neither issuer nor token: {other:?}"));
            Audience::Issuer
        }
    };
    let Some(pem) = pem else {
        if id.is_some() {
            faults.push("SKRANKE_OIDC_KID: it names a key, and there is none".to_owned());
        }
        return secret;
    };
    if secret.is_some() {
        let fault = "SKRANKE_OIDC_KEY_FILE: there is a secret as well; keep the key";
        faults.push(fault.to_owned());
    }
    match ClientKey::parse(&pem) {
        Ok(key) => Some(Proof::Key { key, id, audience }),
        Err(fault) => {
            // What could not be read has its fault already.
            if !pem.is_empty() {
                faults.push(format!("SKRANKE_OIDC_KEY_FILE: {fault}"));
            }
            Some(Proof::Secret(ClientSecret::new("")))
        }
    }
}

fn acting_for(
    told: &mut impl FnMut(&str) -> Option<String>,
    faults: &mut Vec<String>,
) -> Option<ActingFor> {
    match (told("SKRANKE_OIDC_DETAILS"), told("SKRANKE_OIDC_ORG_NUMBER")) {
        (None, None) => None,
        (asked, number) => {
            let (asked, number) = (asked.unwrap_or_default(), number.unwrap_or_default());
            ActingFor::parse(&asked, &number).map_err(|fault| faults.push(fault)).ok()
        }
    }
}

fn known_by_of(text: &str, faults: &mut Vec<String>) -> KnownBy {
    match text {
        "sub" => return KnownBy::Subject,
        "tid+oid" => return KnownBy::TenantAndObject,
        _ => faults.push(format!("SKRANKE_OIDC_IDENTITY: neither sub nor tid+oid: {text:?}")),
    }
    KnownBy::Subject
}

fn is_yes(name: &str, text: &str, faults: &mut Vec<String>) -> bool {
    if !matches!(text, "yes" | "no") {
        faults.push(format!("{name}: neither yes nor no: {text:?}"));
    }
    text == "yes"
}

/// An issuer is an address by TLS, of one tenant. Only on this machine may it lack TLS.
fn checked_issuer(text: &str) -> Result<(), String> {
    let fault = || format!("not an address as https://login.example.org/tenant: {text:?}");
    let url = Url::parse(text).map_err(|_| fault())?;
    if !is_safe(&url) || url.query().is_some() || url.fragment().is_some() {
        return Err(fault());
    }
    let of_all = ["common", "organizations", "consumers", "{tenantid}", "%7Btenantid%7D"];
    let mut parts = url.path_segments().into_iter().flatten();
    match parts.find(|part| of_all.contains(part)) {
        Some(part) => {
            Err(format!("{part:?} lets in people of every organization; name your own tenant"))
        }
        None => Ok(()),
    }
}

/// Whether what is sent there stays between us: by TLS, or on this machine.
pub(super) fn is_safe(url: &Url) -> bool {
    let is_here = match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => return false,
    };
    let is_open = url.username().is_empty() && url.password().is_none();
    is_open && (url.scheme() == "https" || (url.scheme() == "http" && is_here))
}

/// Reads `Skranke.Admin=admin,Skranke.Editor=editor`.
fn roles(text: &str, faults: &mut Vec<String>) -> Vec<(String, Role)> {
    let mut roles = vec![];
    for pair in text.split(',').map(str::trim).filter(|it| !it.is_empty()).take(ROLES_MAX) {
        let read = pair.rsplit_once('=').and_then(|(theirs, ours)| {
            let theirs = theirs.trim();
            (!theirs.is_empty()).then_some((theirs.to_owned(), Role::parse(ours.trim())?))
        });
        match read {
            Some(pair) => roles.push(pair),
            None => faults.push(format!(
                "SKRANKE_OIDC_ROLES: not a role there and one here, as \
                 Skranke.Admin=admin: {pair:?}"
            )),
        }
    }
    roles
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: [(&str, &str); 4] = [
        ("SKRANKE_OIDC_ISSUER", "https://login.example.org/fjordvik/v2.0"),
        ("SKRANKE_OIDC_CLIENT", "skranke"),
        ("SKRANKE_OIDC_SECRET", "hemmeleg"),
        ("SKRANKE_OIDC_ROLES", "Skranke.Admin=admin, Skranke.Desk=reception"),
    ];

    fn read(more: &[(&str, &str)]) -> (Option<Settings>, Vec<String>) {
        let all: std::collections::BTreeMap<_, _> =
            LEAST.iter().chain(more).map(|it| (it.0, it.1)).collect();
        Settings::read(|name| all.get(name).filter(|it| !it.is_empty()).map(|it| (*it).to_owned()))
    }

    #[track_caller]
    fn check(name: &str, value: &str, fault: &str) {
        let (settings, faults) = read(&[(name, value)]);
        assert_eq!(settings, None, "{value}");
        assert!(faults.len() == 1 && faults[0].contains(fault), "{value}: {faults:?}");
    }

    #[test]
    fn the_least_that_is_told_is_enough_and_the_secret_is_never_printed() {
        let (settings, faults) = read(&[]);
        assert_eq!(faults, [""; 0]);
        let settings = settings.unwrap();
        assert_eq!(settings.scopes, "openid profile");
        assert!(!format!("{settings:?}").contains("hemmeleg"));
        assert_eq!(Settings::read(|_| None), (None, vec![]));
    }

    const KEY: &str = include_str!("../../tests/fixtures/oidc/ec.pem");

    #[test]
    fn a_key_takes_the_place_of_the_secret_and_is_never_printed() {
        let no_secret = ("SKRANKE_OIDC_SECRET", "");
        let (settings, faults) =
            read(&[no_secret, ("SKRANKE_OIDC_KEY_FILE", KEY), ("SKRANKE_OIDC_KID", "key-1")]);
        assert_eq!(faults, [""; 0]);
        let proof = settings.unwrap().proof;
        let Proof::Key { id, audience, .. } = &proof else { panic!("{proof:?}") };
        assert_eq!((id.as_deref(), *audience), (Some("key-1"), Audience::Issuer));
        assert!(!format!("{proof:?}").contains(KEY.lines().nth(1).unwrap()));
        let (settings, faults) = read(&[no_secret, ("SKRANKE_OIDC_KEY_FILE", "no key")]);
        assert_eq!(settings, None);
        assert!(faults.len() == 1 && faults[0].contains("no private key"), "{faults:?}");
    }

    #[test]
    fn a_fault_names_the_setting() {
        let issuer = "SKRANKE_OIDC_ISSUER";
        check(issuer, "http://login.example.org/x", "not an address");
        check(issuer, "https://login.example.org/common/v2.0", "every organization");
        check(issuer, "https://login.example.org/organizations/v2.0", "every organization");
        check(issuer, "https://login.example.org/{tenantid}/v2.0", "every organization");
        check(issuer, "https://a:b@login.example.org/x", "not an address");
        check(issuer, "", "it is missing, and others are set");
        check("SKRANKE_OIDC_CLIENT", "", "it is missing");
        check("SKRANKE_OIDC_SECRET", "", "it is missing");
        check("SKRANKE_OIDC_KEY_FILE", KEY, "there is a secret as well");
        check("SKRANKE_OIDC_KID", "key-1", "there is none");
        check("SKRANKE_OIDC_AUDIENCE", "us", "neither issuer nor token");
        check("SKRANKE_OIDC_DETAILS", "[]", "not a list");
        check("SKRANKE_OIDC_ORG_NUMBER", "000000000", "SKRANKE_OIDC_DETAILS: not a list");
        check("SKRANKE_OIDC_ROLES", "", "it is missing");
        check("SKRANKE_OIDC_ROLES", "Skranke.Admin=chief,*=reader", "not a role there");
        check("SKRANKE_OIDC_IDENTITY", "mail", "neither sub nor tid+oid");
        check("SKRANKE_OIDC_ONLY", "1", "neither yes nor no");
        check("SKRANKE_OIDC_SCOPES", "profile", "openid is not among them");
    }

    #[test]
    fn of_several_roles_the_one_that_may_most_holds() {
        let settings = read(&[]).0.unwrap();
        let role = |theirs: &[&str]| {
            settings.role(&theirs.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(role(&["Skranke.Desk", "Skranke.Admin"]), Some(Role::Admin));
        assert_eq!(role(&["Skranke.Desk", "Other"]), Some(Role::Reception));
        assert_eq!(role(&["skranke.admin", "*"]), None);
        let all = read(&[("SKRANKE_OIDC_ROLES", "*=reader")]).0.unwrap();
        assert_eq!(all.role(&[]), Some(Role::Reader));
    }
}
