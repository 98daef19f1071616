use std::borrow::Cow;

use jiff::Timestamp;

/// A statement with its values, `$1` the first of them.
pub(crate) struct Statement<'q> {
    text: Cow<'static, str>,
    values: Vec<Value<'q>>,
}

/// A value, or the absence of one of that type.
pub(crate) enum Value<'q> {
    Int(Option<i64>),
    Text(Option<Cow<'q, str>>),
    Bytes(Option<Cow<'q, [u8]>>),
}

/// A statement that has to be given its values.
pub(crate) fn sql<'q>(text: impl Into<Cow<'static, str>>) -> Statement<'q> {
    Statement {
        text: text.into(),
        values: Vec::new(),
    }
}

/// The values onto the driver's own query, whichever driver's it is.
macro_rules! bound {
    ($statement:expr) => {{
        let (text, values) = $statement.into_parts();
        let mut query = match text {
            std::borrow::Cow::Borrowed(text) => sqlx::query(text),
            // Built of our own words alone; all values are bound.
            std::borrow::Cow::Owned(text) => sqlx::query(sqlx::AssertSqlSafe(text)),
        };
        for value in values {
            query = match value {
                $crate::sql::Value::Int(value) => query.bind(value),
                $crate::sql::Value::Text(value) => query.bind(value),
                $crate::sql::Value::Bytes(value) => query.bind(value),
            };
        }
        query
    }};
}
pub(crate) use bound;

// === impl Statement ===

impl<'q> Statement<'q> {
    /// Gives it the next value.
    pub(crate) fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Appends words of ours.
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.to_mut().push_str(text);
        self
    }

    /// Appends the place of a value, and the value.
    pub(crate) fn push_bind(&mut self, value: impl Into<Value<'q>>) -> &mut Self {
        self.values.push(value.into());
        let number = self.values.len().to_string();
        self.push("$").push(&number)
    }

    /// The words.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The words and the values, to look at.
    pub(super) fn parts(&self) -> (&Cow<'static, str>, &[Value<'q>]) {
        (&self.text, &self.values)
    }

    /// The words and the values.
    pub(crate) fn into_parts(self) -> (Cow<'static, str>, Vec<Value<'q>>) {
        (self.text, self.values)
    }
}

// === impl Value ===

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}

impl From<u32> for Value<'_> {
    fn from(value: u32) -> Self {
        Self::Int(Some(value.into()))
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Int(Some(value.into()))
    }
}

/// In milliseconds since 1970.
impl From<Timestamp> for Value<'_> {
    fn from(value: Timestamp) -> Self {
        Self::Int(Some(value.as_millisecond()))
    }
}

impl From<Option<Timestamp>> for Value<'_> {
    fn from(value: Option<Timestamp>) -> Self {
        Self::Int(value.map(Timestamp::as_millisecond))
    }
}

impl<'q> From<&'q str> for Value<'q> {
    fn from(value: &'q str) -> Self {
        Self::Text(Some(value.into()))
    }
}

impl<'q> From<Option<&'q str>> for Value<'q> {
    fn from(value: Option<&'q str>) -> Self {
        Self::Text(value.map(Cow::from))
    }
}

impl<'q> From<&'q String> for Value<'q> {
    fn from(value: &'q String) -> Self {
        Self::Text(Some(value.into()))
    }
}

impl From<String> for Value<'_> {
    fn from(value: String) -> Self {
        Self::Text(Some(value.into()))
    }
}

impl<'q> From<&'q Vec<u8>> for Value<'q> {
    fn from(value: &'q Vec<u8>) -> Self {
        Self::Bytes(Some(value.into()))
    }
}

impl<'q> From<&'q [u8]> for Value<'q> {
    fn from(value: &'q [u8]) -> Self {
        Self::Bytes(Some(value.into()))
    }
}

impl<'q> From<Option<&'q Vec<u8>>> for Value<'q> {
    fn from(value: Option<&'q Vec<u8>>) -> Self {
        Self::Bytes(value.map(Cow::from))
    }
}
