//! Identifiers: UUIDv7 under a prefix that says what they name.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// Says which prefix the ids of a type carry in addresses, logs and records.
pub trait Named {
    /// Three letters, such as `inq`.
    const PREFIX: &'static str;
}

/// An id of one kind of thing: `inq_0197…`. Sorts by creation.
pub struct Id<T> {
    uuid: Uuid,
    of: PhantomData<fn() -> T>,
}

/// A topic's number, kept for life and never used again; shown as `T12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TopicNumber(pub u32);

impl fmt::Display for TopicNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{}", self.0)
    }
}

impl FromStr for TopicNumber {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let digits = text.strip_prefix('T').unwrap_or(text);
        digits
            .parse()
            .map(Self)
            .map_err(|_| IdError { prefix: "T", text: text.chars().take(60).collect() })
    }
}

/// The text is not an id of the wanted kind.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not an id of the form {prefix}_…: {text:?}")]
pub struct IdError {
    prefix: &'static str,
    text: String,
}

impl<T> Id<T> {
    /// Makes a new id that sorts by `now`; the rest is random.
    pub fn new(now: Timestamp) -> Self {
        let mut random = [0_u8; 10];
        getrandom::fill(&mut random).expect("the operating system gives random bytes");
        let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
        Self::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// When it was made, for ids that were made by time: their first bits are it.
    pub fn made(self) -> Option<Timestamp> {
        let (seconds, nanos) = self.uuid().get_timestamp()?.to_unix();
        let nanos = i32::try_from(nanos).ok()?;
        Timestamp::new(i64::try_from(seconds).ok()?, nanos).ok()
    }

    /// Derives an id from parts, the same for the same parts: rows of an import, fixed entities.
    pub fn derived(parts: &[&[u8]]) -> Self {
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let digest = hash.finalize();
        let mut bytes = [0_u8; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }

    /// Wraps a UUID that is known to name a `T`.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self { uuid, of: PhantomData }
    }

    /// The bare UUID, as the journal's headers carry it.
    pub const fn uuid(self) -> Uuid {
        self.uuid
    }
}

impl<T: Named> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", T::PREFIX, self.uuid.simple())
    }
}

impl<T: Named> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<T: Named> FromStr for Id<T> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        text.strip_prefix(T::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            .and_then(|hex| Uuid::try_parse(hex).ok())
            .map(Self::from_uuid)
            .ok_or_else(|| IdError { prefix: T::PREFIX, text: text.chars().take(60).collect() })
    }
}

impl<T: Named> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, T: Named> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.uuid.cmp(&other.uuid)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Thing;
    impl Named for Thing {
        const PREFIX: &'static str = "thi";
    }

    #[test]
    fn an_id_survives_its_text() {
        let id = Id::<Thing>::new(Timestamp::UNIX_EPOCH);
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn another_kinds_prefix_is_refused() {
        let text = Id::<Thing>::new(Timestamp::UNIX_EPOCH).to_string().replace("thi", "inq");
        assert!(text.parse::<Id<Thing>>().is_err());
    }

    #[test]
    fn derived_ids_keep_parts_apart() {
        let one = Id::<Thing>::derived(&[b"ab", b"c"]);
        assert_eq!(one, Id::derived(&[b"ab", b"c"]));
        assert_ne!(one, Id::derived(&[b"a", b"bc"]));
    }

    #[test]
    fn ids_sort_by_creation() {
        let early = Id::<Thing>::new(Timestamp::UNIX_EPOCH);
        let late = Id::<Thing>::new("2026-03-02T07:00:00Z".parse().unwrap());
        assert!(early < late);
    }
}
