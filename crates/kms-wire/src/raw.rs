/// A request as it came off the wire, nothing decoded, for the side that verifies.
#[derive(Clone, Copy, Debug)]
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
#[derive(Clone, Debug, Eq, PartialEq)]
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
    /// The value of a header that occurs exactly once and is ASCII text.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        let mut values = self.headers.iter().filter(|(own, _)| *own == name);
        let (_, value) = values.next()?;
        if values.next().is_some() {
            return None;
        }
        std::str::from_utf8(value)
            .ok()
            .filter(|text| text.is_ascii())
    }
}
