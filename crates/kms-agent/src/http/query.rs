use std::borrow::Cow;

use super::{RouteError, decode::decode};

/// The parameters we know, decoded; empty ones count as absent.
#[derive(Debug, Default)]
pub(super) struct Query<'a> {
    pub(super) secret_id: Option<Cow<'a, str>>,
    pub(super) version_id: Option<Cow<'a, str>>,
    pub(super) version_stage: Option<Cow<'a, str>>,
    /// Vault's: a number.
    pub(super) version: Option<Cow<'a, str>>,
    /// Vault's: asks for a list.
    pub(super) list: Option<Cow<'a, str>>,
    /// How many parameters nobody knows.
    pub(super) unknown: u64,
}

impl<'a> Query<'a> {
    /// Reads what follows `?`. A known parameter given twice is refused unless `lenient`,
    /// and then the last one counts. Names are matched as written.
    pub(super) fn parse(raw: &'a str, lenient: bool) -> Result<Self, RouteError> {
        let mut query = Self::default();
        if raw.is_empty() {
            return Ok(query);
        }
        let mut seen: [(&str, bool); 5] = [
            ("secretId", false),
            ("versionId", false),
            ("versionStage", false),
            ("version", false),
            ("list", false),
        ];
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name)?;
            let Some((known, given)) = seen.iter_mut().find(|(known, _)| *known == name) else {
                query.unknown += 1;
                continue;
            };
            if *given && !lenient {
                return Err(RouteError::Repeated);
            }
            *given = true;
            let value = decode(value)?;
            let value = Some(value).filter(|value| !value.is_empty());
            match *known {
                "secretId" => query.secret_id = value,
                "versionId" => query.version_id = value,
                "versionStage" => query.version_stage = value,
                "version" => query.version = value,
                _ => query.list = value,
            }
        }
        Ok(query)
    }
}
