use std::{fmt, net::IpAddr, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An IP address or a block of them, `10.0.0.0/8`. Written as it was read: an address
/// stays an address, and bits behind the prefix stay what they were.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cidr {
    address: IpAddr,
    prefix: Option<u8>,
}

/// Text that is neither an IP address nor a block of them.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("must be an IP address or a CIDR block")]
pub struct ParseCidrError;

impl Cidr {
    /// Whether the address lies in the block. An IPv4 address may come in IPv6's clothes.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address.to_canonical(), address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let differing = own.to_bits() ^ other.to_bits();
                u8::try_from(differing.leading_zeros()).is_ok_and(|same| same >= self.prefix(32))
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let differing = own.to_bits() ^ other.to_bits();
                u8::try_from(differing.leading_zeros()).is_ok_and(|same| same >= self.prefix(128))
            }
            _ => false,
        }
    }

    fn prefix(&self, whole: u8) -> u8 {
        self.prefix.unwrap_or(whole)
    }
}

impl FromStr for Cidr {
    type Err = ParseCidrError;

    fn from_str(text: &str) -> Result<Self, ParseCidrError> {
        let (address, prefix) = match text.split_once('/') {
            None => (text, None),
            Some((address, prefix)) => (address, Some(prefix)),
        };
        let address: IpAddr = address.parse().map_err(|_reason| ParseCidrError)?;
        // A block of IPv4 in IPv6's clothes would have two lengths of prefix.
        if prefix.is_some() && address.to_canonical() != address {
            return Err(ParseCidrError);
        }
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => None,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(
                digits
                    .parse()
                    .ok()
                    .filter(|bits| *bits <= longest)
                    .ok_or(ParseCidrError)?,
            ),
            Some(_) => return Err(ParseCidrError),
        };
        Ok(Self { address, prefix })
    }
}

impl TryFrom<String> for Cidr {
    type Error = ParseCidrError;

    fn try_from(text: String) -> Result<Self, ParseCidrError> {
        text.parse()
    }
}

impl From<Cidr> for String {
    fn from(cidr: Cidr) -> Self {
        cidr.to_string()
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.address.fmt(f)?;
        match self.prefix {
            None => Ok(()),
            Some(bits) => write!(f, "/{bits}"),
        }
    }
}

#[cfg(test)]
mod tests;
