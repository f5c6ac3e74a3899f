//! Showing the provider a key in place of a secret, and what `skranke check` says of that key.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::json;
use skranke::oidc::{Audience, Proof, Settings};

use super::certified::town_with;
use super::lying::scene;
use crate::harness::identities::{pem, sign_in, signing};
use crate::harness::program::PROGRAM;
use crate::harness::visitor::Visitor;

#[test]
fn a_certified_provider_knows_us_by_our_key_and_by_no_other() {
    let entra = |name: &str| match signing(name) {
        Proof::Key { key, id, .. } => Proof::Key { key, id, audience: Audience::Token },
        secret @ Proof::Secret(_) => secret,
    };
    for (known, algorithm, shown, status) in [
        ("ec.pem", "ES256", signing("ec.pem"), 303),
        ("rsa.pem", "PS256", signing("rsa.pem"), 303),
        ("rsa.pem", "RS256", entra("rsa.pem"), 303),
        // Another key of the same kind and name: the signature is wrong.
        ("rsa-2048.pem", "PS256", signing("rsa.pem"), 502),
        // Another kind than the provider takes: it is not even asked.
        ("ec.pem", "ES256", signing("rsa.pem"), 502),
    ] {
        let key = json!({ "pem": pem(known), "algorithm": algorithm, "id": "key-1" });
        let more = json!({ "algorithm": "ES256", "clientKey": key });
        let (_folder, town, identities) =
            town_with(&more, |it| Settings { proof: shown.clone(), ..it });
        town.set_up();
        let (mut here, mut there) = (Visitor::new(town.address), identities.visitor());
        let back = sign_in(&mut here, &mut there, ("/sign-in/oidc?next=/today", "ola"));
        assert_eq!(back.status, status, "{known} {algorithm} {shown:?}: {}", back.body);
        let is_in = here.get("/today").status == 200;
        assert_eq!(is_in, status == 303, "{known} {algorithm}");
    }
}

#[test]
fn the_secret_goes_the_way_that_the_provider_takes() {
    let (_folder, town, identities) =
        town_with(&json!({ "method": "client_secret_post" }), |it| it);
    town.set_up();
    let (mut here, mut there) = (Visitor::new(town.address), identities.visitor());
    let back = sign_in(&mut here, &mut there, ("/sign-in/oidc?next=/today", "ola"));
    assert_eq!(back.status, 303, "{}", back.body);
}

#[test]
fn a_provider_that_takes_no_key_or_not_ours_gets_none() {
    let scene = scene(|it| Settings { proof: signing("ec.pem"), ..it });
    let exchanges = || {
        let asked = scene.provider.asked();
        asked.into_iter().filter(|it| it.starts_with("/token")).collect::<Vec<_>>()
    };
    let mut sent = vec![];
    for _ in 0..2 {
        assert_eq!(scene.try_with(|_| {}).0.status, 303);
        sent.extend(exchanges());
    }
    assert!(sent.len() == 2 && sent[0] != sent[1], "each is good once: {sent:?}");
    for one in &sent {
        assert!(one.contains("client_assertion=") && one.contains("client_id=skranke"), "{one}");
        assert!(!one.contains("client_secret"), "{one}");
    }
    for (name, value) in [
        ("token_endpoint_auth_methods_supported", json!(["client_secret_basic"])),
        ("token_endpoint_auth_signing_alg_values_supported", json!(["HS256", "RS256"])),
    ] {
        let other = super::lying::scene(|it| Settings { proof: signing("ec.pem"), ..it });
        other.provider.change(|it| it.metadata[name] = value);
        let (answer, mut visitor) = other.try_with(|_| {});
        assert_eq!(answer.status, 502, "{name}: {}", answer.body);
        assert!(answer.body.contains("ikkje rett kopla"), "{}", answer.body);
        assert_eq!(visitor.get("/today").status, 303);
        assert!(!other.provider.asked().iter().any(|it| it.starts_with("/token")), "{name}");
    }
}

/// What `skranke check` says of a key file.
fn check(key: &Path, more: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = std::process::Command::new(PROGRAM)
        .arg("--data")
        .arg(folder.path().join("data"))
        .arg("check")
        .env("SKRANKE_OIDC_ISSUER", "https://id.example")
        .env("SKRANKE_OIDC_CLIENT", "skranke")
        .env("SKRANKE_OIDC_ROLES", "*=reader")
        .env("SKRANKE_OIDC_KEY_FILE", key)
        .envs(more.iter().copied())
        .output();
    String::from_utf8_lossy(&run.expect("the program was built").stdout).into_owned()
}

#[test]
fn a_check_tells_what_is_wrong_with_the_key() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("key.pem");
    let laid = |text: &str, mode: u32| {
        drop(fs::remove_file(&path));
        fs::write(&path, text).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("set");
    };
    laid(&pem("ec.pem"), 0o600);
    assert!(check(&path, &[]).ends_with("the settings can be used\n"), "{}", check(&path, &[]));
    let both = format!("{}{}", pem("rsa.pem"), pem("ec-certificate.pem"));
    for (text, mode, fault) in [
        (pem("ec.pem"), 0o644, "is open to everybody (mode 644); chmod 600 closes it"),
        (pem("ec.pem"), 0o640, "is open to its group (mode 640)"),
        (pem("rsa-2048.pem"), 0o600, "2048 bits is too weak"),
        (pem("ec-384.pem"), 0o600, "neither an EC key of P-256 nor an RSA key"),
        ("none".to_owned(), 0o600, "there is no private key"),
        (both, 0o600, "belongs to another key"),
    ] {
        laid(&text, mode);
        let told = check(&path, &[]);
        assert!(told.contains("fault: SKRANKE_OIDC_KEY_FILE: ") && told.contains(fault), "{told}");
        assert!(told.ends_with("1 fault\n"), "{told}");
    }
    let told = check(&folder.path().join("none"), &[]);
    assert!(told.contains("cannot be read") && told.ends_with("1 fault\n"), "{told}");
    // What systemd hands over lies under the setting's name, and its group may read it.
    laid(&pem("rsa.pem"), 0o440);
    fs::rename(&path, folder.path().join("SKRANKE_OIDC_KEY_FILE")).expect("moved");
    let handed = folder.path().to_string_lossy().into_owned();
    let told = check(Path::new(""), &[("CREDENTIALS_DIRECTORY", &handed)]);
    assert!(told.ends_with("the settings can be used\n"), "{told}");
}
