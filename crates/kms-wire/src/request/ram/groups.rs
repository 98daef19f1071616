use kms_types::{ErrorCode, GroupName, UserName};

use super::{Action, ApiError, Fields, Marked, Operation, Params, Part, of_parts, response};

/// Makes a group without users and policies.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CreateGroup {
    /// Its name, unique in the account.
    pub group_name: GroupName,
    /// For people; at most 128 characters.
    pub comments: Option<String>,
}

/// Changes a group; what is absent stays, an empty comment goes. The group keeps its id, its
/// users and its policies.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UpdateGroup {
    /// Which.
    pub group_name: GroupName,
    /// What it is called from now on.
    pub new_group_name: Option<GroupName>,
    /// For people; at most 128 characters.
    pub new_comments: Option<String>,
}

of_parts! {
    /// Puts a user into a group.
    AddUserToGroup -> response::Empty {
        /// Who.
        user_name: UserName,
        /// Where.
        group_name: GroupName,
    }

    /// Deletes a group that has no users and policies left.
    DeleteGroup -> response::Empty {
        /// Which.
        group_name: GroupName,
    }

    /// Reads a group.
    GetGroup -> response::GroupAnswer {
        /// Which.
        group_name: GroupName,
    }

    /// Lists groups by name.
    ListGroups -> response::ListGroups {
        /// Which part.
        page: Marked,
    }

    /// Lists the groups that a user is in.
    ListGroupsForUser -> response::ListGroupsForUser {
        /// Whose.
        user_name: UserName,
    }

    /// Lists the users in a group, by name.
    ListUsersForGroup -> response::ListUsersForGroup {
        /// Whose.
        group_name: GroupName,
        /// Which part.
        page: Marked,
    }

    /// Takes a user out of a group.
    RemoveUserFromGroup -> response::Empty {
        /// Who.
        user_name: UserName,
        /// From where.
        group_name: GroupName,
    }
}

impl Operation for CreateGroup {
    type Response = response::GroupAnswer;

    const ACTION: Action = Action::CreateGroup;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        self.group_name.write(&mut params);
        params.push_some("Comments", self.comments.as_deref());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        Ok(Self {
            group_name: GroupName::read(fields)?,
            comments: fields.bounded("Comments", 1, 128)?.map(str::to_owned),
        })
    }
}

impl Operation for UpdateGroup {
    type Response = response::GroupAnswer;

    const ACTION: Action = Action::UpdateGroup;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        self.group_name.write(&mut params);
        params.push_some(
            "NewGroupName",
            self.new_group_name.as_ref().map(GroupName::as_str),
        );
        params.push_some("NewComments", self.new_comments.as_deref());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let codes = (ErrorCode::NewGroupNameLength, ErrorCode::NewGroupNameChars);
        fields.bounded("NewComments", 0, 128)?;
        Ok(Self {
            group_name: GroupName::read(fields)?,
            new_group_name: fields.ram_name("NewGroupName", 64, codes)?,
            // Empty, it takes away what was there.
            new_comments: params.get("NewComments").map(str::to_owned),
        })
    }
}
