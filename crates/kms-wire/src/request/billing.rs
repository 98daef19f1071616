//! What is bought, and given back (BssOpenApi 2017-12-14), as far as KMS instances are concerned
//! (reference accesskey §2.2).

use std::{fmt, str::FromStr};

use kms_types::{InstanceId, RegionId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Within, keys::operations};

mod order;

pub use order::{InstanceOrder, ProductVersion};

operations! {
    /// Buys a KMS instance.
    CreateInstance -> InstanceOrdered {
        /// Of which product.
        product: ProductCode = "ProductCode",
        /// Which goods of it.
        goods: ProductType = "ProductType",
        /// How it is paid.
        payment: Payment = "SubscriptionType",
        /// For how many months, if it is paid beforehand.
        period: Option<Months> = "Period",
        /// What happens at the end.
        renewal: Option<Renewal> = "RenewalStatus",
        /// For how many months it is renewed.
        renewal_period: Option<Months> = "RenewPeriod",
        /// The same text for the same purchase.
        client_token: Option<String> = "ClientToken",
        /// What it may hold.
        order: InstanceOrder = "Parameter",
    }

    /// Changes what an instance may hold.
    ModifyInstance -> InstanceChanged {
        /// Of which product.
        product: ProductCode = "ProductCode",
        /// Which goods of it.
        goods: Option<ProductType> = "ProductType",
        /// How it is paid.
        payment: Option<Payment> = "SubscriptionType",
        /// In which direction.
        change: Change = "ModifyType",
        /// Which instance.
        instance: InstanceId = "InstanceId",
        /// The same text for the same change.
        client_token: Option<String> = "ClientToken",
        /// What it may hold from now on; the rest stays.
        order: InstanceOrder = "Parameter",
    }

    /// Lists what was bought.
    QueryAvailableInstances -> QueryAvailableInstances {
        /// Of which product; every one if none is named.
        product: Option<ProductCode> = "ProductCode",
        /// Which goods of it.
        goods: Option<ProductType> = "ProductType",
        /// How it is paid.
        payment: Option<Payment> = "SubscriptionType",
        /// Where.
        region: Option<RegionId> = "Region",
        /// Which instances, with commas between them; all if none is named.
        instances: Option<String> = "InstanceIDs",
        /// From 1.
        page: Option<Within<1, { u32::MAX }>> = "PageNum",
        /// 20 unless given.
        page_size: Option<Within<1, 100>> = "PageSize",
    }

    /// Gives an instance back that was paid beforehand.
    RefundInstance -> InstanceChanged {
        /// Of which product.
        product: ProductCode = "ProductCode",
        /// Which goods of it.
        goods: Option<ProductType> = "ProductType",
        /// Which instance.
        instance: InstanceId = "InstanceId",
        /// When: 1 is at once.
        release: Within<1, 2> = "ImmediatelyRelease",
        /// The same text for the same refund.
        client_token: Option<String> = "ClientToken",
    }

    /// Pays for more months of an instance that was paid beforehand.
    RenewInstance -> InstanceChanged {
        /// Of which product.
        product: ProductCode = "ProductCode",
        /// Which goods of it.
        goods: Option<ProductType> = "ProductType",
        /// Which instance.
        instance: InstanceId = "InstanceId",
        /// For how many months.
        period: RenewalTerm = "RenewPeriod",
        /// The same text for the same renewal.
        client_token: Option<String> = "ClientToken",
    }

    /// Says what happens at the end of what was paid for.
    SetRenewal -> RenewalSet {
        /// Of which product.
        product: ProductCode = "ProductCode",
        /// Which goods of it.
        goods: Option<ProductType> = "ProductType",
        /// How it is paid.
        payment: Option<Payment> = "SubscriptionType",
        /// Which instances, with commas between them.
        instances: String = "InstanceIDs",
        /// What happens.
        renewal: Renewal = "RenewalStatus",
        /// For how many of the units it is renewed; counts for what renews itself only, and
        /// Terraform's provider sends 0 otherwise.
        period: Option<Within<0, 60>> = "RenewalPeriod",
        /// Of what.
        unit: Option<PeriodUnit> = "RenewalPeriodUnit",
    }
}

/// A product that is sold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProductCode {
    /// KMS.
    Kms,
}

/// The goods of KMS, as the cloud's two sites sell them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ProductType {
    /// How they are paid.
    pub payment: Payment,
    /// Whether the international site sells them.
    pub is_international: bool,
}

/// How something is paid.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Payment {
    /// Beforehand, for some months.
    Subscription,
    /// Afterwards.
    PayAsYouGo,
}

/// What happens at the end of what was paid for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Renewal {
    /// It goes on.
    Auto,
    /// Somebody must see to it.
    Manual,
    /// It ends, and nobody is reminded.
    Not,
}

/// Months, 1 to 60.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Months(u32);

/// Months that a renewal is for: 1 to 9, 12, 24 or 36.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RenewalTerm(u32);

/// What a period counts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PeriodUnit {
    /// Months.
    Month,
    /// Years.
    Year,
}

/// In which direction an instance changes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Change {
    /// To more.
    Upgrade,
    /// To less.
    Downgrade,
}

/// Words that stand for a value each.
macro_rules! words {
    ($($name:ident, $expected:literal { $($word:literal => $value:expr,)* })*) => { $(
        impl $name {
            const WORDS: &[(&str, Self)] = &[$(($word, $value),)*];

            /// As it travels.
            pub fn as_str(self) -> &'static str {
                Self::WORDS
                    .iter()
                    .find(|(_, value)| *value == self)
                    .map_or("", |(word, _)| word)
            }
        }

        impl FromStr for $name {
            type Err = &'static str;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::WORDS
                    .iter()
                    .find(|(word, _)| *word == text)
                    .map(|(_, value)| *value)
                    .ok_or($expected)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = String::deserialize(deserializer)?;
                word.parse().map_err(de::Error::custom)
            }
        }
    )* };
}

words! {
    ProductCode, "must be kms: this server sells nothing else" {
        "kms" => Self::Kms,
    }
    ProductType, "must be kms_ddi_public_cn, kms_ppi_public_cn, kms_ddi_public_intl or kms_ppi_public_intl" {
        "kms_ddi_public_cn" => Self { payment: Payment::Subscription, is_international: false },
        "kms_ppi_public_cn" => Self { payment: Payment::PayAsYouGo, is_international: false },
        "kms_ddi_public_intl" => Self { payment: Payment::Subscription, is_international: true },
        "kms_ppi_public_intl" => Self { payment: Payment::PayAsYouGo, is_international: true },
    }
    Payment, "must be Subscription or PayAsYouGo" {
        "Subscription" => Self::Subscription,
        "PayAsYouGo" => Self::PayAsYouGo,
    }
    Renewal, "must be AutoRenewal, ManualRenewal or NotRenewal" {
        "AutoRenewal" => Self::Auto,
        "ManualRenewal" => Self::Manual,
        "NotRenewal" => Self::Not,
    }
    PeriodUnit, "must be M or Y" {
        "M" => Self::Month,
        "Y" => Self::Year,
    }
    Change, "must be Upgrade or Downgrade" {
        "Upgrade" => Self::Upgrade,
        "Downgrade" => Self::Downgrade,
    }
}

// === impl Months ===

impl Months {
    /// How many.
    pub fn get(self) -> u32 {
        self.0
    }
}

// === impl RenewalTerm ===

impl RenewalTerm {
    /// How many.
    pub fn get(self) -> u32 {
        self.0
    }
}

/// Numbers of which some only are sold.
macro_rules! numbers {
    ($($name:ident, $sold:pat, $expected:literal)*) => { $(
        impl FromStr for $name {
            type Err = &'static str;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text.parse() {
                    Ok(months @ $sold) => Ok(Self(months)),
                    _ => Err($expected),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )* };
}

numbers! {
    Months, 1..=60, "must be a number from 1 to 60"
    RenewalTerm, 1..=9 | 12 | 24 | 36, "must be a number from 1 to 9, or 12, 24 or 36"
}
