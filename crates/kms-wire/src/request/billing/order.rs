use std::ops::RangeInclusive;

use kms_types::RegionId;

use super::super::{fields::Fields, param::Param};
use crate::{ApiError, Params};

/// What an instance may hold: `Parameter.<n>.Code` and `.Value`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct InstanceOrder {
    /// Where it is.
    pub region: Option<RegionId>,
    /// How many networks and accounts may reach it, 0 to 10,000.
    pub accesses: Option<u32>,
    /// Calls a second: 200, 1,000, 2,000 or 4,000.
    pub spec: Option<u32>,
    /// Secrets, 0 to 100,000.
    pub secrets: Option<u32>,
    /// Keys, 100 to 100,000.
    pub keys: Option<u32>,
    /// Software or hardware.
    pub version: Option<ProductVersion>,
    /// Whether there is a log.
    pub log: Option<bool>,
    /// How much of it, GB, 0 to 500,000.
    pub log_storage: Option<u32>,
}

/// What guards an instance's keys.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProductVersion {
    /// `3`.
    Software,
    /// `5`.
    Hardware,
}

/// The highest number that is looked for: there are half as many codes.
const MOST: usize = 16;

/// What is sold as calls a second (reference accesskey §1, row 8).
const SPECS: [u32; 4] = [200, 1000, 2000, 4000];

// === impl InstanceOrder ===

impl InstanceOrder {
    fn put(&mut self, code: &str, value: &str, name: &str) -> Result<(), ApiError> {
        let place = match code {
            "Region" => {
                let region = value.parse();
                self.region =
                    Some(region.map_err(|reason| ApiError::invalid_parameter(name, reason))?);
                return Ok(());
            }
            "ProductVersion" => {
                self.version = Some(match value {
                    "3" => ProductVersion::Software,
                    "5" => ProductVersion::Hardware,
                    _ => return Err(ApiError::invalid_parameter(name, "must be 3 or 5")),
                });
                return Ok(());
            }
            "Log" => {
                self.log = Some(number(value, name, 0..=1)? == 1);
                return Ok(());
            }
            "Spec" => {
                let spec = number(value, name, 0..=u32::MAX)?;
                if !SPECS.contains(&spec) {
                    let why = "must be 200, 1000, 2000 or 4000";
                    return Err(ApiError::invalid_parameter(name, why));
                }
                self.spec = Some(spec);
                return Ok(());
            }
            "VpcNum" => (&mut self.accesses, 0..=10_000),
            "SecretNum" => (&mut self.secrets, 0..=100_000),
            "KeyNum" => (&mut self.keys, 100..=100_000),
            "LogStorage" => (&mut self.log_storage, 0..=500_000),
            // What somebody pays for and does not get must not pass unseen.
            _ => {
                let why = "must be Region, VpcNum, Spec, SecretNum, KeyNum, ProductVersion, Log or \
                           LogStorage";
                let name = name.replace(".Value", ".Code");
                return Err(ApiError::invalid_parameter(&name, why));
            }
        };
        let (field, range) = place;
        *field = Some(number(value, name, range)?);
        Ok(())
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let number = |value: Option<u32>| value.map(|value| value.to_string());
        let version = self.version.map(|version| match version {
            ProductVersion::Software => "3".to_owned(),
            ProductVersion::Hardware => "5".to_owned(),
        });
        [
            ("Region", self.region.as_ref().map(ToString::to_string)),
            ("VpcNum", number(self.accesses)),
            ("Spec", number(self.spec)),
            ("SecretNum", number(self.secrets)),
            ("KeyNum", number(self.keys)),
            ("ProductVersion", version),
            ("Log", number(self.log.map(u32::from))),
            ("LogStorage", number(self.log_storage)),
        ]
        .into_iter()
        .filter_map(|(code, value)| Some((code, value?)))
        .collect()
    }
}

impl Param for InstanceOrder {
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
        let mut order = Self::default();
        let mut seen = Vec::new();
        for at in 1..=MOST {
            let code_name = format!("{name}.{at}.Code");
            let Some(code) = fields.text(&code_name) else {
                continue;
            };
            if seen.contains(&code) {
                let why = "names something twice";
                return Err(ApiError::invalid_parameter(&code_name, why));
            }
            seen.push(code);
            let value_name = format!("{name}.{at}.Value");
            order.put(code, fields.required_text(&value_name)?, &value_name)?;
        }
        Ok(order)
    }

    fn write(&self, params: &mut Params, name: &str) {
        for (at, (code, value)) in (1..).zip(self.pairs()) {
            params.push(format!("{name}.{at}.Code"), code);
            params.push(format!("{name}.{at}.Value"), value);
        }
    }
}

fn number(text: &str, name: &str, range: RangeInclusive<u32>) -> Result<u32, ApiError> {
    text.parse()
        .ok()
        .filter(|number| range.contains(number))
        .ok_or_else(|| {
            let (least, most) = (range.start(), range.end());
            let why = format_args!("must be a number from {least} to {most}").to_string();
            ApiError::invalid_parameter(name, why)
        })
}
