//! Whom somebody must act for: an organization that the provider lets them choose, as Ansattporten
//! does by Rich Authorization Requests (RFC 9396).

use serde_json::Value;

/// So many details and parties are looked at.
const DETAILS_MAX: usize = 100;
/// Norway's register of organizations among all (ISO 6523).
const REGISTER: &str = "0192:";

/// What is asked for, and the organization that must come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActingFor {
    /// What is sent: `authorization_details`, as it was set.
    pub asked: String,
    /// The types among it.
    types: Vec<String>,
    /// The organization's nine digits.
    number: String,
}

impl ActingFor {
    /// Reads what is to be asked for, and the number of the organization.
    ///
    /// # Errors
    /// A sentence for each setting that is wrong, under the setting's name.
    pub fn parse(asked: &str, number: &str) -> Result<Self, String> {
        let details = serde_json::from_str::<Vec<Value>>(asked);
        let types: Option<Vec<String>> = details.ok().and_then(|it| {
            let types = it.iter().map(|it| Some(it.get("type")?.as_str()?.to_owned()));
            types.collect()
        });
        let types = types.filter(|it| (1..=DETAILS_MAX).contains(&it.len())).ok_or_else(|| {
            "SKRANKE_OIDC_DETAILS: not a list as \
             [{\"type\":\"ansattporten:altinn:resource\",\"resource\":\"urn:altinn:resource:..\"}]"
                .to_owned()
        })?;
        if number.len() != 9 || !number.bytes().all(|it| it.is_ascii_digit()) {
            return Err(format!("SKRANKE_OIDC_ORG_NUMBER: not nine digits: {number:?}"));
        }
        Ok(Self { asked: asked.to_owned(), types, number: number.to_owned() })
    }

    /// Whether the claims say that somebody acts for the organization, by what was asked for.
    pub(super) fn holds(&self, claims: &Value) -> bool {
        let Some(Value::Array(details)) = claims.get("authorization_details") else { return false };
        details.iter().take(DETAILS_MAX).any(|detail| {
            let kind = detail.get("type").and_then(Value::as_str);
            kind.is_some_and(|kind| self.types.iter().any(|it| it == kind))
                && (self.is_among(detail.get("authorized_parties"), "/orgno/ID")
                    // As services of the older Altinn have it.
                    || self.is_among(detail.get("reportees"), "/ID"))
        })
    }

    fn is_among(&self, parties: Option<&Value>, place: &str) -> bool {
        let Some(Value::Array(parties)) = parties else { return false };
        parties.iter().take(DETAILS_MAX).any(|party| {
            let id = party.pointer(place).and_then(Value::as_str);
            id.and_then(|it| it.strip_prefix(REGISTER)) == Some(&self.number)
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ASKED: &str = r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:x"}]"#;

    #[test]
    fn what_is_asked_for_is_a_list_of_types_and_the_number_has_nine_digits() {
        assert!(ActingFor::parse(ASKED, "000000000").is_ok());
        for asked in ["", "{}", "[]", "[{}]", r#"[{"type":1}]"#, r#"[{"type":"a"},2]"#] {
            let fault = ActingFor::parse(asked, "000000000").unwrap_err();
            assert!(fault.starts_with("SKRANKE_OIDC_DETAILS: not a list"), "{asked}: {fault}");
        }
        for number in ["", "00000000", "0000000000", "00000000a"] {
            let fault = ActingFor::parse(ASKED, number).unwrap_err();
            assert!(fault.starts_with("SKRANKE_OIDC_ORG_NUMBER: not nine digits"), "{fault}");
        }
    }

    #[test]
    fn somebody_acts_for_the_organization_by_what_was_asked_for_alone() {
        let acting = ActingFor::parse(ASKED, "000000001").unwrap();
        let party =
            |id: &str| json!([{ "orgno": { "authority": "iso6523-actorid-upis", "ID": id } }]);
        let details = |kind: &str, parties: Value| {
            let detail = json!({ "type": kind, "authorized_parties": parties });
            json!({ "authorization_details": [detail] })
        };
        let ours = "ansattporten:altinn:resource";
        assert!(acting.holds(&details(ours, party("0192:000000001"))));
        for claims in [
            details(ours, party("0192:000000002")),
            details(ours, party("000000001")),
            details(ours, party("9999:000000001")),
            details(ours, json!([])),
            details(ours, json!("0192:000000001")),
            details("other", party("0192:000000001")),
            json!({ "authorization_details": "0192:000000001" }),
            json!({}),
        ] {
            assert!(!acting.holds(&claims), "{claims}");
        }
        let older = json!({ "authorization_details": [
            { "type": ours, "reportees": [{ "ID": "0192:000000001" }] },
        ] });
        assert!(acting.holds(&older));
    }
}
