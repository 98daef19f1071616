use std::{
    fmt,
    net::{IpAddr, Ipv4Addr},
    str::FromStr,
};

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A block of IPv4 addresses that networks here may have, its prefix of so many bits:
/// of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 as in the cloud, and of 127.0.0.0/8, which
/// the cloud refuses: on one machine, loopback's addresses play the networks.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct PrivateBlock<const SHORTEST: u8, const LONGEST: u8>(Ipv4Net);

/// What a VPC is made of.
pub type VpcBlock = PrivateBlock<8, 28>;

/// What a vSwitch is made of.
pub type VSwitchBlock = PrivateBlock<16, 29>;

/// Text that is no such block.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
pub enum ParseBlockError {
    /// No block of IPv4 addresses, or one with bits behind its prefix.
    #[error("must be an IPv4 CIDR block that begins at its first address")]
    Form,
    /// Not private.
    #[error("must lie in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 127.0.0.0/8")]
    Public,
    /// Too large or too small.
    #[error("must have a prefix of {shortest} to {longest} bits")]
    Prefix {
        /// Of the largest block.
        shortest: u8,
        /// Of the smallest one.
        longest: u8,
    },
}

/// What a block must lie in: address and prefix.
const PRIVATE: [(Ipv4Addr, u8); 4] = [
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
];

impl<const SHORTEST: u8, const LONGEST: u8> PrivateBlock<SHORTEST, LONGEST> {
    /// The block.
    pub fn net(self) -> Ipv4Net {
        self.0
    }

    /// Whether the address lies in it. An IPv4 address may come in IPv6's clothes.
    pub fn contains(self, address: IpAddr) -> bool {
        match address.to_canonical() {
            IpAddr::V4(address) => self.0.contains(&address),
            IpAddr::V6(_) => false,
        }
    }

    /// Whether all of the other one lies in it.
    pub fn covers<const S: u8, const L: u8>(self, other: PrivateBlock<S, L>) -> bool {
        self.0.contains(&other.0)
    }

    /// Whether they have an address in common.
    pub fn overlaps<const S: u8, const L: u8>(self, other: PrivateBlock<S, L>) -> bool {
        self.0.contains(&other.0) || other.0.contains(&self.0)
    }
}

impl<const SHORTEST: u8, const LONGEST: u8> FromStr for PrivateBlock<SHORTEST, LONGEST> {
    type Err = ParseBlockError;

    fn from_str(text: &str) -> Result<Self, ParseBlockError> {
        let net: Ipv4Net = text.parse().map_err(|_reason| ParseBlockError::Form)?;
        if net.trunc() != net {
            return Err(ParseBlockError::Form);
        }
        let is_private = PRIVATE.iter().any(|(address, prefix)| {
            Ipv4Net::new(*address, *prefix).is_ok_and(|private| private.contains(&net))
        });
        if !is_private {
            return Err(ParseBlockError::Public);
        }
        if !(SHORTEST..=LONGEST).contains(&net.prefix_len()) {
            return Err(ParseBlockError::Prefix {
                shortest: SHORTEST,
                longest: LONGEST,
            });
        }
        Ok(Self(net))
    }
}

impl<const SHORTEST: u8, const LONGEST: u8> TryFrom<String> for PrivateBlock<SHORTEST, LONGEST> {
    type Error = ParseBlockError;

    fn try_from(text: String) -> Result<Self, ParseBlockError> {
        text.parse()
    }
}

impl<const SHORTEST: u8, const LONGEST: u8> From<PrivateBlock<SHORTEST, LONGEST>> for String {
    fn from(block: PrivateBlock<SHORTEST, LONGEST>) -> Self {
        block.to_string()
    }
}

impl<const SHORTEST: u8, const LONGEST: u8> fmt::Display for PrivateBlock<SHORTEST, LONGEST> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests;
