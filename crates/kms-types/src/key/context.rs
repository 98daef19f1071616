use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, MapAccess, Visitor},
};

/// Names and values that a ciphertext is bound to and does not hold (`EncryptionContext`):
/// who decrypts names the same ones. In the order of the names' bytes, each name once.
///
/// Not secret, but nobody's business: `Debug` shows how many there are.
#[derive(Clone, Default, Eq, PartialEq, Serialize)]
pub struct EncryptionContext(BTreeMap<String, String>);

impl EncryptionContext {
    /// Binds to nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The pairs, by name.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// The later of two pairs of one name counts.
impl FromIterator<(String, String)> for EncryptionContext {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// A name that stands twice is an error: two readers could take it for two contexts.
impl<'de> Deserialize<'de> for EncryptionContext {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = EncryptionContext;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = BTreeMap::new();
                while let Some((name, value)) = map.next_entry()? {
                    if pairs.insert(name, value).is_some() {
                        return Err(A::Error::custom("a name stands twice"));
                    }
                }
                Ok(EncryptionContext(pairs))
            }
        }

        deserializer.deserialize_map(Pairs)
    }
}

impl fmt::Debug for EncryptionContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncryptionContext({} pairs)", self.0.len())
    }
}
