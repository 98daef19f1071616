//! Tags of RAM users, which Ims keeps (Ims 2019-08-15, TagResources and its fellows).

use kms_types::UserName;

use super::{
    Action, Operation, Tag,
    fields::Fields,
    secrets::tags,
    tags::{MOST_RESOURCES, MOST_TAGS, numbered, read_tags, write_tags},
};
use crate::{ApiError, Params, response};

/// RAM users, by their ids or by their names and not by both; 50 at most.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TaggedUsers {
    /// By ids.
    Ids(Vec<String>),
    /// By names.
    Names(Vec<UserName>),
}

/// Gives users tags; a key that one has gets the new value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ImsTagResources {
    /// Which: 1 to 50.
    pub users: TaggedUsers,
    /// 1 to 20.
    pub tags: Vec<Tag>,
}

/// Takes tags from users.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ImsUntagResources {
    /// Which: 1 to 50.
    pub users: TaggedUsers,
    /// The tags' keys, at most 20; none if all go.
    pub tag_keys: Vec<String>,
    /// All tags, if no key is named.
    pub all: bool,
}

/// Lists users with their tags.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ImsListTagResources {
    /// Which, at most 50; if none is named, all that have the tags.
    pub users: TaggedUsers,
    /// Those that have all of these alone, at most 20; an empty value stands for any.
    pub tags: Vec<Tag>,
    /// 1 to 100, 100 unless given.
    pub page_size: u32,
    /// Where the page begins: the end of the one before.
    pub next_token: Option<String>,
}

/// What users are called in their principal names, behind an at sign: the default domain of an
/// account, `<account or alias>.onaliyun.com`.
const DOMAIN: &str = ".onaliyun.com";

// === impl TaggedUsers ===

impl TaggedUsers {
    /// Whether none is named.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Ids(ids) => ids.is_empty(),
            Self::Names(names) => names.is_empty(),
        }
    }

    fn read(fields: Fields<'_>) -> Result<Self, ApiError> {
        if fields
            .text("ResourceType")
            .is_some_and(|kind| kind != "user")
        {
            return Err(ApiError::invalid_parameter("ResourceType", "must be user"));
        }
        let ids = numbered(fields, "ResourceId", MOST_RESOURCES, |name| {
            Ok(fields.owned(name))
        })?;
        let names = numbered(fields, "ResourcePrincipalName", MOST_RESOURCES, |name| {
            let text = fields.text(name);
            text.map(|text| user_name(name, text)).transpose()
        })?;
        match (ids.is_empty(), names.is_empty()) {
            (false, false) => Err(ApiError::invalid_parameter(
                "ResourcePrincipalName",
                "cannot stand beside ResourceId",
            )),
            (true, false) => Ok(Self::Names(names)),
            _ => Ok(Self::Ids(ids)),
        }
    }

    fn some(self) -> Result<Self, ApiError> {
        if self.is_empty() {
            return Err(ApiError::missing_parameter("ResourceId.1"));
        }
        Ok(self)
    }

    fn written(&self) -> Params {
        let mut params = Params::default();
        params.push("ResourceType", "user");
        match self {
            Self::Ids(ids) => {
                for (at, id) in ids.iter().enumerate() {
                    params.push(format!("ResourceId.{}", at + 1), id.as_str());
                }
            }
            Self::Names(names) => {
                for (at, name) in names.iter().enumerate() {
                    params.push(format!("ResourcePrincipalName.{}", at + 1), name.as_str());
                }
            }
        }
        params
    }
}

// === the actions ===

impl Operation for ImsTagResources {
    type Response = response::Empty;

    const ACTION: Action = Action::ImsTagResources;

    fn to_params(&self) -> Params {
        let mut params = self.users.written();
        write_tags(&mut params, &self.tags);
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let tags = read_tags(fields)?;
        tags::check("Tag", &tags)?;
        if tags.is_empty() {
            return Err(ApiError::missing_parameter("Tag.1.Key"));
        }
        Ok(Self {
            users: TaggedUsers::read(fields)?.some()?,
            tags,
        })
    }
}

impl Operation for ImsUntagResources {
    type Response = response::Empty;

    const ACTION: Action = Action::ImsUntagResources;

    fn to_params(&self) -> Params {
        let mut params = self.users.written();
        for (at, key) in self.tag_keys.iter().enumerate() {
            params.push(format!("TagKey.{}", at + 1), key.as_str());
        }
        params.push_some("All", self.all.then_some("true"));
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let tag_keys = numbered(fields, "TagKey", MOST_TAGS, |name| Ok(fields.owned(name)))?;
        let all = fields.flag("All", false)?;
        if tag_keys.is_empty() && !all {
            return Err(ApiError::missing_parameter("TagKey.1"));
        }
        Ok(Self {
            users: TaggedUsers::read(fields)?.some()?,
            tag_keys,
            all,
        })
    }
}

impl Operation for ImsListTagResources {
    type Response = response::ImsListTagResources;

    const ACTION: Action = Action::ImsListTagResources;

    fn to_params(&self) -> Params {
        let mut params = self.users.written();
        write_tags(&mut params, &self.tags);
        params.push("PageSize", self.page_size.to_string());
        params.push_some("NextToken", self.next_token.as_deref());
        params
    }

    /// Something must be named: users or tags.
    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let tags = read_tags(fields)?;
        let users = TaggedUsers::read(fields)?;
        let users = if tags.is_empty() {
            users.some()?
        } else {
            users
        };
        Ok(Self {
            users,
            tags,
            page_size: fields.number("PageSize", 1..=100)?.unwrap_or(100),
            next_token: fields.owned("NextToken"),
        })
    }
}

/// A name alone, or with the account's default domain behind it.
fn user_name(parameter: &str, text: &str) -> Result<UserName, ApiError> {
    let name = match text.split_once('@') {
        Some((name, domain)) if domain.ends_with(DOMAIN) => name,
        _ => text,
    };
    name.parse()
        .map_err(|reason| ApiError::invalid_parameter(parameter, reason))
}
