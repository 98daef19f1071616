use std::{fmt::Display, str::FromStr};

use super::SharedKind;
use crate::{
    ApiError, Params,
    request::{fields::Fields, param::Param},
};

/// A list that travels as `<Name>.1`, `<Name>.2` and so on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Numbered<T>(pub Vec<T>);

/// A thing, by its kind and id.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SharedResource {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: SharedKind,
}

/// Things, which travel as `Resources.1.ResourceId`, `Resources.1.ResourceType` and so on.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SharedResources(pub Vec<SharedResource>);

/// Which part of a list: `MaxResults` and `NextToken`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Portion {
    /// 1 to 100; 20 unless given.
    pub max_results: u32,
    /// Where the part before ended.
    pub next_token: Option<String>,
}

/// How many resources or targets one call may name (ResourceSharing's manual, AssociateResourceShare).
const MOST_AT_ONCE: usize = 5;

// === impl Numbered ===

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: FromStr + Display> Param for Numbered<T>
where
    T::Err: Display,
{
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
        let mut list = Vec::new();
        for number in 1_u32.. {
            let Some(element) = fields.optional(&format!("{name}.{number}"))? else {
                break;
            };
            list.push(element);
        }
        Ok(Self(list))
    }

    fn write(&self, params: &mut Params, name: &str) {
        for (number, element) in (1_u32..).zip(&self.0) {
            params.push(format!("{name}.{number}"), element.to_string());
        }
    }
}

/// The same, of so many as one call may change.
pub(super) fn few<T: FromStr + Display>(fields: Fields<'_>, name: &str) -> Result<Vec<T>, ApiError>
where
    T::Err: Display,
{
    let Numbered(list) = Numbered::read(fields, name)?;
    check_few(list.len(), name)?;
    Ok(list)
}

fn check_few(count: usize, name: &str) -> Result<(), ApiError> {
    if count > MOST_AT_ONCE {
        return Err(ApiError::invalid_parameter(
            name,
            format_args!("may have at most {MOST_AT_ONCE} elements"),
        ));
    }
    Ok(())
}

// === impl SharedResources ===

impl Param for SharedResources {
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
        let mut list = Vec::new();
        for number in 1_u32.. {
            let id = format!("{name}.{number}.ResourceId");
            let kind = format!("{name}.{number}.ResourceType");
            if fields.text(&id).is_none() && fields.text(&kind).is_none() {
                break;
            }
            list.push(SharedResource {
                id: fields.required_text(&id)?.to_owned(),
                kind: fields.required(&kind)?,
            });
        }
        check_few(list.len(), name)?;
        Ok(Self(list))
    }

    fn write(&self, params: &mut Params, name: &str) {
        for (number, resource) in (1_u32..).zip(&self.0) {
            params.push(format!("{name}.{number}.ResourceId"), resource.id.as_str());
            params.push(
                format!("{name}.{number}.ResourceType"),
                resource.kind.as_str(),
            );
        }
    }
}

// === impl Portion ===

impl Default for Portion {
    fn default() -> Self {
        Self {
            max_results: 20,
            next_token: None,
        }
    }
}

/// Two parameters, whose names are not asked for.
impl Param for Portion {
    fn read(fields: Fields<'_>, _name: &str) -> Result<Self, ApiError> {
        Ok(Self {
            max_results: fields.number("MaxResults", 1..=100)?.unwrap_or(20),
            next_token: fields.owned("NextToken"),
        })
    }

    fn write(&self, params: &mut Params, _name: &str) {
        params.push("MaxResults", self.max_results.to_string());
        params.push_some("NextToken", self.next_token.as_deref());
    }
}
