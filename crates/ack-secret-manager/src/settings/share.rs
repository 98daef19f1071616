use std::{str::FromStr, time::Duration};

/// A part of a whole, in percent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Share(u8);

impl Share {
    /// This many percent.
    pub(super) const fn percent(percent: u8) -> Self {
        Self(percent)
    }

    /// This part of a time.
    pub fn of(self, whole: Duration) -> Duration {
        whole * u32::from(self.0) / 100
    }
}

/// `10` or `10%`.
impl FromStr for Share {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        text.strip_suffix('%')
            .unwrap_or(text)
            .parse()
            .ok()
            .filter(|percent| *percent <= 100)
            .map(Self)
            .ok_or("is a part of the interval: 0% to 100%")
    }
}
