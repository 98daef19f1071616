use std::{cmp::Ordering, fmt};

/// A version as Masterminds' semver reads it: a `v` in front and missing parts are let pass.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Version {
    pub(super) major: u64,
    pub(super) minor: u64,
    pub(super) patch: u64,
    pub(super) prerelease: String,
    pub(super) metadata: String,
    pub(super) original: String,
}

// === impl Version ===

impl Version {
    pub(super) fn parse(original: &str) -> Option<Self> {
        let text = original.strip_prefix('v').unwrap_or(original);
        let (text, metadata) = text
            .split_once('+')
            .map_or((text, None), |(a, b)| (a, Some(b)));
        let (text, prerelease) = text
            .split_once('-')
            .map_or((text, None), |(a, b)| (a, Some(b)));
        let mut numbers = text.split('.').map(number);
        let version = Self {
            major: numbers.next()??,
            minor: numbers.next().unwrap_or(Some(0))?,
            patch: numbers.next().unwrap_or(Some(0))?,
            prerelease: prerelease.map_or(Some(String::new()), |text| identifiers(text, true))?,
            metadata: metadata.map_or(Some(String::new()), |text| identifiers(text, false))?,
            original: original.to_owned(),
        };
        numbers.next().is_none().then_some(version)
    }

    /// Which comes first; metadata does not count (semver §10, §11).
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let numbers = |version: &Self| (version.major, version.minor, version.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| {
            match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => prerelease_order(&self.prerelease, &other.prerelease),
            }
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.prerelease.is_empty() {
            write!(f, "-{}", self.prerelease)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

/// Digits only.
pub(super) fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn identifiers(text: &str, is_prerelease: bool) -> Option<String> {
    let legal = text.split('.').all(|part| {
        let numeric = number(part).is_some();
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !(is_prerelease && numeric && part.len() > 1 && part.starts_with('0'))
    });
    legal.then(|| text.to_owned())
}

fn prerelease_order(left: &str, right: &str) -> Ordering {
    let mut left = left.split('.');
    let mut right = right.split('.');
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(left), Some(right)) => match (number(left), number(right)) {
                (Some(left), Some(right)) => left.cmp(&right),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => left.cmp(right),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}
