//! Events, as CloudMonitor lists them (Cms 2019-01-01).

use std::{fmt, str::FromStr};

use super::{keys::operations, param::Page};

/// A moment, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Millis(pub i64);

operations! {
    /// Lists events, newest first.
    DescribeSystemEventAttribute -> DescribeSystemEventAttribute {
        /// Whose: `KMS` and `CONFIG` have some here.
        product: Option<String> = "Product",
        /// Of this name.
        name: Option<String> = "Name",
        /// `CRITICAL`, `WARN` or `INFO`.
        level: Option<String> = "Level",
        /// Those whose resource or content has this in it.
        search_keywords: Option<String> = "SearchKeywords",
        /// From then on, in milliseconds since 1970.
        start_time: Option<Millis> = "StartTime",
        /// Before then, in milliseconds since 1970.
        end_time: Option<Millis> = "EndTime",
        /// Of 100 unless said otherwise.
        page: Page<100> = "PageNumber",
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Millis {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.parse().ok().filter(|number| *number >= 0);
        number.map(Self).ok_or("must be milliseconds since 1970")
    }
}
