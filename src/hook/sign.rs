//! Signatures as Standard Webhooks describes them: HMAC-SHA256 over id, time and body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Signs a body that is sent under an id at a time.
pub fn sign(key: &[u8; 32], (id, at): (&str, i64), body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length is taken");
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// A key as receivers' libraries take it.
pub fn secret_text(key: &[u8; 32]) -> String {
    format!("whsec_{}", STANDARD.encode(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_what_another_program_makes_of_the_same() {
        // printf 'msg_1.1700000000.{"a":1}' | openssl dgst -sha256 -mac HMAC
        //   -macopt hexkey:0707..07 -binary | base64
        let signed = sign(&[7; 32], ("msg_1", 1_700_000_000), b"{\"a\":1}");
        assert_eq!(signed, "v1,LInk7lWC3DLGgRP3k/Xpm933fgj/SEGrik4mpkLgnKE=");
        assert_ne!(sign(&[7; 32], ("msg_1", 1_700_000_001), b"{\"a\":1}"), signed);
        assert_eq!(secret_text(&[7; 32]), "whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=");
    }
}
