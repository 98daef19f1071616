use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::Bounded;
use crate::request::{Page, Within, keys::operations};

operations! {
    /// Adds a record to a zone.
    AddZoneRecord -> AddZoneRecord {
        /// Which zone.
        zone_id: String = "ZoneId",
        /// The name in the zone; `@` is the zone's own, `*` every other.
        rr: String = "Rr",
        /// What kind of record.
        kind: RecordKind = "Type",
        /// What it says.
        value: String = "Value",
        /// Seconds that it may be kept, 60 unless given.
        ttl: Option<Within<5, 86_400>> = "Ttl",
        /// For people.
        remark: Option<Bounded<50>> = "Remark",
    }

    /// Changes a record.
    UpdateZoneRecord -> RecordChanged {
        /// Which.
        record_id: Within<1, { u32::MAX }> = "RecordId",
        /// The name in the zone.
        rr: String = "Rr",
        /// What kind of record.
        kind: RecordKind = "Type",
        /// What it says.
        value: String = "Value",
        /// Seconds that it may be kept; as before unless given.
        ttl: Option<Within<5, 86_400>> = "Ttl",
    }

    /// Deletes a record.
    DeleteZoneRecord -> RecordChanged {
        /// Which.
        record_id: Within<1, { u32::MAX }> = "RecordId",
    }

    /// Lists a zone's records.
    DescribeZoneRecords -> DescribeZoneRecords {
        /// Which zone.
        zone_id: String = "ZoneId",
        /// Those with that in their name or value.
        keyword: Option<String> = "Keyword",
        /// Which part of the list.
        page: Page<20> = "",
    }

    /// Puts a record to work or to rest.
    SetZoneRecordStatus -> SetZoneRecordStatus {
        /// Which.
        record_id: Within<1, { u32::MAX }> = "RecordId",
        /// Whether it is answered.
        status: RecordStatus = "Status",
    }
}

/// What a record says.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RecordKind {
    /// An IPv4 address.
    A,
    /// An IPv6 address.
    Aaaa,
    /// Another name.
    Cname,
    /// Text.
    Txt,
}

/// Whether a record is answered.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RecordStatus {
    /// It is not.
    Disable,
    /// It is.
    Enable,
}

impl RecordKind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::A, Self::Aaaa, Self::Cname, Self::Txt];

    /// As it travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Cname => "CNAME",
            Self::Txt => "TXT",
        }
    }
}

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RecordKind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.iter().copied();
        all.find(|kind| kind.as_str() == text)
            .ok_or("must be A, AAAA, CNAME or TXT: this server answers no other records")
    }
}

impl RecordStatus {
    /// As it travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disable => "DISABLE",
            Self::Enable => "ENABLE",
        }
    }
}

impl fmt::Display for RecordStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RecordStatus {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "DISABLE" => Ok(Self::Disable),
            "ENABLE" => Ok(Self::Enable),
            _ => Err("must be ENABLE or DISABLE"),
        }
    }
}
