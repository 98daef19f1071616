use crate::{
    ApiError, Params,
    request::{fields::Fields, param::Param},
};

/// A text of so many characters at most; absent is none, and so is an empty one unless it is
/// asked for what was sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Bounded<const MOST: usize>(pub String);

/// Tags, which are refused: this server keeps none on networks and names.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct NoTags;

/// A rehearsal, which is refused: this server does it or does not.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct NoDryRun;

impl<const MOST: usize> Param for Option<Bounded<MOST>> {
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
        fields.bounded(name, 1, MOST)?;
        Ok(fields.0.get(name).map(|text| Bounded(text.to_owned())))
    }

    fn write(&self, params: &mut Params, name: &str) {
        params.push_some(name, self.as_ref().map(|text| text.0.as_str()));
    }
}

impl Param for NoTags {
    fn read(fields: Fields<'_>, _name: &str) -> Result<Self, ApiError> {
        fields.refuse_tags("networks")?;
        Ok(Self)
    }

    fn write(&self, _params: &mut Params, _name: &str) {}
}

impl Param for NoDryRun {
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
        if fields.flag(name, false)? {
            let why = "must be false: this server does not rehearse";
            return Err(ApiError::invalid_parameter(name, why));
        }
        Ok(Self)
    }

    fn write(&self, _params: &mut Params, _name: &str) {}
}

/// The parameters `<prefix>.1<suffix>`, `<prefix>.2<suffix>` and so on, as far as they go.
pub(super) fn numbered(fields: Fields<'_>, prefix: &str, suffix: &str, most: usize) -> Vec<String> {
    (1..=most)
        .map_while(|number| fields.owned(&format!("{prefix}.{number}{suffix}")))
        .collect()
}
