use crate::{
    ApiError, Params,
    request::{Action, Operation, fields::Fields},
    response,
};

/// Asks for a password.
#[derive(Clone, Debug, Eq, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the action has these switches"
)]
pub struct GetRandomPassword {
    /// 8 to 128, 32 unless given.
    pub length: u32,
    /// Characters that must not occur.
    pub exclude_characters: String,
    /// No `a-z`.
    pub exclude_lowercase: bool,
    /// No `A-Z`.
    pub exclude_uppercase: bool,
    /// No `0-9`.
    pub exclude_numbers: bool,
    /// No punctuation.
    pub exclude_punctuation: bool,
    /// At least one of each kind that is not excluded; true unless given.
    pub require_each_included_type: bool,
}

impl Operation for GetRandomPassword {
    type Response = response::GetRandomPassword;

    const ACTION: Action = Action::GetRandomPassword;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("PasswordLength", self.length.to_string());
        if !self.exclude_characters.is_empty() {
            params.push("ExcludeCharacters", self.exclude_characters.as_str());
        }
        for (name, switch, default) in [
            ("ExcludeLowercase", self.exclude_lowercase, false),
            ("ExcludeUppercase", self.exclude_uppercase, false),
            ("ExcludeNumbers", self.exclude_numbers, false),
            ("ExcludePunctuation", self.exclude_punctuation, false),
            (
                "RequireEachIncludedType",
                self.require_each_included_type,
                true,
            ),
        ] {
            if switch != default {
                params.push(name, switch.to_string());
            }
        }
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        Ok(Self {
            length: fields.number("PasswordLength", 8..=128)?.unwrap_or(32),
            exclude_characters: fields.owned("ExcludeCharacters").unwrap_or_default(),
            exclude_lowercase: fields.flag("ExcludeLowercase", false)?,
            exclude_uppercase: fields.flag("ExcludeUppercase", false)?,
            exclude_numbers: fields.flag("ExcludeNumbers", false)?,
            exclude_punctuation: fields.flag("ExcludePunctuation", false)?,
            require_each_included_type: fields.flag("RequireEachIncludedType", true)?,
        })
    }
}
