use crate::ApiError;

/// The parameters of a call: query and form together, decoded, each name once.
///
/// Values may be secret (`SecretData`), so there is no `Debug` of them.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Merges an undecoded query and an undecoded form body, percent-decoding each
    /// once (`+` in a form is a space; reference kms-api §0, §1.1).
    ///
    /// # Errors
    /// `ParseRequestParameterException` for bad encoding, bad UTF-8 or a repeated name.
    pub fn parse(_query: &str, _form: &[u8]) -> Result<Self, ApiError> {
        Err(ApiError::internal())
    }

    /// The value, if the parameter is there; empty values count as there.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// Adds a parameter.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// All pairs in the order added.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}
