use kms_types::{ErrorCode, UserName};

use super::{Action, ApiError, Fields, Marked, Operation, Params, Part, of_parts, response};

/// Makes a user: without AccessKeys, groups and policies.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CreateUser {
    /// Its name, unique in the account.
    pub user_name: UserName,
    /// For people; at most 128 characters.
    pub display_name: Option<String>,
    /// For people: digits and hyphens.
    pub mobile_phone: Option<String>,
    /// For people: something on both sides of an at sign.
    pub email: Option<String>,
    /// For people; at most 128 characters.
    pub comments: Option<String>,
}

/// Changes a user; what is absent stays, what is empty goes. The user keeps its id, and
/// with it its AccessKeys, groups and policies.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UpdateUser {
    /// Which.
    pub user_name: UserName,
    /// What it is called from now on.
    pub new_user_name: Option<UserName>,
    /// As of [`CreateUser`].
    pub new_display_name: Option<String>,
    /// As of [`CreateUser`].
    pub new_mobile_phone: Option<String>,
    /// As of [`CreateUser`].
    pub new_email: Option<String>,
    /// As of [`CreateUser`].
    pub new_comments: Option<String>,
}

of_parts! {
    /// Deletes a user that has no AccessKeys, groups or policies left.
    DeleteUser -> response::Empty {
        /// Which.
        user_name: UserName,
    }

    /// Reads a user.
    GetUser -> response::RamUserAnswer {
        /// Which.
        user_name: UserName,
    }

    /// Lists users by name.
    ListUsers -> response::ListUsers {
        /// Which part.
        page: Marked,
    }
}

/// RAM's own limit on texts for people, in characters.
const LONGEST: usize = 128;

impl Operation for CreateUser {
    type Response = response::RamUserAnswer;

    const ACTION: Action = Action::CreateUser;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        self.user_name.write(&mut params);
        params.push_some("DisplayName", self.display_name.as_deref());
        params.push_some("MobilePhone", self.mobile_phone.as_deref());
        params.push_some("Email", self.email.as_deref());
        params.push_some("Comments", self.comments.as_deref());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        Ok(Self {
            user_name: UserName::read(fields)?,
            display_name: given(fields, "DisplayName", is_short)?,
            mobile_phone: given(fields, "MobilePhone", is_phone)?,
            email: given(fields, "Email", is_email)?,
            comments: given(fields, "Comments", is_short)?,
        })
    }
}

impl Operation for UpdateUser {
    type Response = response::RamUserAnswer;

    const ACTION: Action = Action::UpdateUser;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        self.user_name.write(&mut params);
        params.push_some(
            "NewUserName",
            self.new_user_name.as_ref().map(UserName::as_str),
        );
        params.push_some("NewDisplayName", self.new_display_name.as_deref());
        params.push_some("NewMobilePhone", self.new_mobile_phone.as_deref());
        params.push_some("NewEmail", self.new_email.as_deref());
        params.push_some("NewComments", self.new_comments.as_deref());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let codes = (ErrorCode::NewUserNameLength, ErrorCode::NewUserNameChars);
        Ok(Self {
            user_name: UserName::read(fields)?,
            new_user_name: fields.ram_name("NewUserName", 64, codes)?,
            new_display_name: changed(fields, "NewDisplayName", is_short)?,
            new_mobile_phone: changed(fields, "NewMobilePhone", is_phone)?,
            new_email: changed(fields, "NewEmail", is_email)?,
            new_comments: changed(fields, "NewComments", is_short)?,
        })
    }
}

/// The text, if it is there and not empty.
fn given(
    fields: Fields<'_>,
    name: &str,
    is_good: fn(&str) -> bool,
) -> Result<Option<String>, ApiError> {
    let Some(text) = fields.text(name) else {
        return Ok(None);
    };
    if is_good(text) {
        Ok(Some(text.to_owned()))
    } else {
        Err(ApiError::invalid_parameter(
            name,
            "has another form, or more than 128 characters",
        ))
    }
}

/// The same, where an empty text takes away what was there.
fn changed(
    fields: Fields<'_>,
    name: &str,
    is_good: fn(&str) -> bool,
) -> Result<Option<String>, ApiError> {
    given(fields, name, is_good)?;
    Ok(fields.0.get(name).map(str::to_owned))
}

fn is_short(text: &str) -> bool {
    text.chars().count() <= LONGEST
}

fn is_phone(text: &str) -> bool {
    is_short(text) && text.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

fn is_email(text: &str) -> bool {
    let is_plain = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    is_short(text)
        && text
            .rsplit_once('@')
            .is_some_and(|(who, host)| is_plain(who) && is_plain(host))
}
