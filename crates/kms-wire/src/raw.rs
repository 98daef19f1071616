use std::fmt;

/// A request as it came off the wire, nothing decoded, for the side that verifies.
#[derive(Clone, Copy)]
pub struct RawRequest<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The path, undecoded; `/` for the RPC products.
    pub path: &'a str,
    /// What follows `?`, undecoded; empty if there is no `?`.
    pub query: &'a str,
    /// Names in lower case, values untouched, in the order received.
    pub headers: &'a [(&'a str, &'a [u8])],
    /// The body, whole.
    pub body: &'a [u8],
}

/// A request ready to be sent, for the side that signs.
#[derive(Clone, Eq, PartialEq)]
pub struct SignedRequest {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path and encoded query, beginning with `/`.
    pub target: String,
    /// Names in lower case, `host` included.
    pub headers: Vec<(String, String)>,
    /// The body, whole.
    pub body: Vec<u8>,
}

impl<'a> RawRequest<'a> {
    /// The parameters in the body: all of it, if it says that it is a form.
    pub fn form(&self) -> &'a [u8] {
        let is_form = self.header("content-type").is_some_and(|value| {
            let media_type = value.split(';').next().unwrap_or_default();
            media_type
                .trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        });
        if is_form { self.body } else { &[] }
    }

    /// The value of a header that occurs exactly once and is ASCII text, without the
    /// blanks around it.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        let mut values = self.headers.iter().filter(|(own, _)| *own == name);
        let (_, value) = values.next()?;
        if values.next().is_some() {
            return None;
        }
        std::str::from_utf8(value.trim_ascii())
            .ok()
            .filter(|text| text.is_ascii())
    }
}

/// Query, headers and body hold values and tokens.
impl fmt::Debug for RawRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// Target, headers and body hold values and tokens.
impl fmt::Debug for SignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedRequest")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}
