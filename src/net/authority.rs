//! The organisation's own certificate authority, beside the usual ones.

use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// The longest file of certificates that is read.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// Certificates of authorities, in PEM, each of which can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority(Vec<u8>);

impl Authority {
    /// Reads the file; the fault is a sentence.
    pub fn read(path: &Path) -> Result<Self, String> {
        let fault = |error: std::io::Error| format!("{} cannot be read: {error}", path.display());
        let length = std::fs::metadata(path).map_err(fault)?.len();
        if FILE_BYTES_MAX < length {
            return Err(format!("{} is longer than {FILE_BYTES_MAX} bytes", path.display()));
        }
        let pem = std::fs::read(path).map_err(fault)?;
        Self::parse(pem).map_err(|fault| format!("{}: {fault}", path.display()))
    }

    fn parse(pem: Vec<u8>) -> Result<Self, String> {
        let mut store = RootCertStore::empty();
        for (number, certificate) in CertificateDer::pem_slice_iter(&pem).enumerate() {
            let fault = |text: String| format!("certificate {} is damaged: {text}", number + 1);
            let certificate = certificate.map_err(|it| fault(it.to_string()))?;
            store.add(certificate).map_err(|it| fault(it.to_string()))?;
        }
        if store.is_empty() {
            return Err("there is no certificate in it; it must be a PEM file".to_owned());
        }
        Ok(Self(pem))
    }

    /// The certificates, as they stood in the file.
    pub fn pem(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture(name: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tls").join(name)
    }

    #[test]
    fn what_cannot_vouch_for_anything_is_told() {
        assert!(Authority::read(&fixture("cert.pem")).is_ok());
        let fault = Authority::read(&fixture("key.pem")).unwrap_err();
        assert!(fault.contains("there is no certificate in it"), "{fault}");
        let fault = Authority::read(&fixture("none.pem")).unwrap_err();
        assert!(fault.contains("none.pem cannot be read"), "{fault}");
        let text = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let fault = Authority::parse(text.into()).unwrap_err();
        assert!(fault.contains("certificate 1 is damaged"), "{fault}");
    }
}
