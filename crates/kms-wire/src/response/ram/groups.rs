use serde::{Deserialize, Serialize};

/// Answer of CreateGroup and GetGroup.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GroupAnswer {
    /// The group.
    pub group: Group,
}

/// A group of RAM users.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Group {
    /// Its id; a group that is made anew has another.
    pub group_id: String,
    /// Its name.
    pub group_name: String,
    /// For people.
    pub comments: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_date: String,
    /// `YYYY-MM-DDThh:mm:ssZ`; absent from CreateGroup's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update_date: Option<String>,
}

/// Groups, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(
    rename_all = "PascalCase",
    default,
    bound(deserialize = "T: Default + Deserialize<'de>")
)]
pub struct Groups<T> {
    /// The groups.
    pub group: Vec<T>,
}

/// Answer of ListGroups.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListGroups {
    /// Whether there are more.
    pub is_truncated: bool,
    /// Where the next page begins; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// The page.
    pub groups: Groups<Group>,
}

/// Answer of ListGroupsForUser.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListGroupsForUser {
    /// All of them.
    pub groups: Groups<GroupOfUser>,
}

/// A group that a user is in.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GroupOfUser {
    /// Its id.
    pub group_id: String,
    /// Its name.
    pub group_name: String,
    /// For people.
    pub comments: String,
    /// Since when the user is in it: `YYYY-MM-DDThh:mm:ssZ`.
    pub join_date: String,
}

/// A group that has a policy.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GroupWithPolicy {
    /// Its name.
    pub group_name: String,
    /// For people.
    pub comments: String,
    /// Since when: `YYYY-MM-DDThh:mm:ssZ`.
    pub attach_date: String,
}
