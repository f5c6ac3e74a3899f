//! What a visitor is answered.

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// The same as it came; empty when it came in pieces.
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    /// Where it leads.
    pub(crate) fn location(&self) -> &str {
        let found = self.headers.iter().find(|it| it.0 == "location");
        found.map_or("", |it| it.1.as_str())
    }

    /// The hidden field against forged requests.
    pub(crate) fn csrf(&self) -> Option<String> {
        self.field("csrf")
    }

    /// A hidden field of the first form that has it.
    #[track_caller]
    pub(crate) fn hidden(&self, name: &str) -> String {
        self.field(name).unwrap_or_else(|| panic!("no field {name}: {}", self.body))
    }

    /// The path of a secret address that the page shows once.
    #[track_caller]
    pub(crate) fn link(&self, path: &str) -> String {
        let secret = self.body.split(path).nth(1).unwrap_or_else(|| panic!("{}", self.body));
        let secret: String = secret.chars().take_while(char::is_ascii_hexdigit).collect();
        format!("{path}{secret}")
    }

    pub(super) fn field(&self, name: &str) -> Option<String> {
        let from = self.body.split(&format!("name=\"{name}\" value=\"")).nth(1)?;
        from.split('"').next().map(str::to_owned)
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }
}
