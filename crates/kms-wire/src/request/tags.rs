//! Tags of keys and secrets, by the old actions (one resource, JSON) and the new (many,
//! numbered parameters; Terraform's). Reference kms-api §2.

use std::str::FromStr;

use kms_types::{InstanceId, KeyRef, SecretRef};

use super::{Action, Operation, Tag, fields::Fields, secrets::tags};
use crate::{ApiError, Params, response};

/// What can have tags.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Tagged {
    /// A key.
    Key(KeyRef),
    /// A secret.
    Secret(SecretRef),
    /// A KMS instance; by the new actions only.
    Instance(InstanceId),
}

/// Of which kind are the resources of a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TaggedKind {
    /// Keys.
    Key,
    /// Secrets.
    Secret,
    /// KMS instances.
    Instance,
}

/// Gives a resource tags; a key that it has gets the new value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TagResource {
    /// Which.
    pub resource: Tagged,
    /// 1 to 20.
    pub tags: Vec<Tag>,
}

/// Takes tags from a resource.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UntagResource {
    /// Which.
    pub resource: Tagged,
    /// The tags' keys, 1 to 20.
    pub tag_keys: Vec<String>,
}

/// Lists a key's tags.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListResourceTags {
    /// Which key.
    pub key: KeyRef,
}

/// Gives resources tags.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TagResources {
    /// Of which kind they are.
    pub kind: TaggedKind,
    /// Which: 1 to 50, all of that kind.
    pub resources: Vec<Tagged>,
    /// 1 to 20.
    pub tags: Vec<Tag>,
}

/// Takes tags from resources.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UntagResources {
    /// Of which kind they are.
    pub kind: TaggedKind,
    /// Which: 1 to 50, all of that kind.
    pub resources: Vec<Tagged>,
    /// The tags' keys, at most 20; none if all go.
    pub tag_keys: Vec<String>,
    /// All tags, if no key is named.
    pub all: bool,
}

/// Lists resources with their tags, 200 to a page.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListTagResources {
    /// Of which kind they are.
    pub kind: TaggedKind,
    /// Which, at most 50; all of that kind if none is named.
    pub resources: Vec<Tagged>,
    /// Those that have all of these alone, at most 20; an empty value stands for any.
    pub tags: Vec<Tag>,
    /// Where the page begins: the end of the one before.
    pub next_token: Option<String>,
}

/// How many resources one call may name.
pub(super) const MOST_RESOURCES: usize = 50;
/// How many tags a resource has at most.
pub(super) const MOST_TAGS: usize = 20;

// === impl Tagged ===

impl Tagged {
    fn write(&self, params: &mut Params) {
        match self {
            Self::Key(key) => params.push("KeyId", key.to_string()),
            Self::Secret(secret) => params.push("SecretName", secret.to_string()),
            Self::Instance(instance) => params.push("KmsInstanceId", instance.as_str()),
        }
    }

    fn read(fields: Fields<'_>) -> Result<Self, ApiError> {
        match (fields.optional("KeyId")?, fields.optional("SecretName")?) {
            (Some(key), None) => Ok(Self::Key(key)),
            (None, Some(secret)) => Ok(Self::Secret(secret)),
            (None, None) => Err(ApiError::missing_parameter("KeyId")),
            (Some(_), Some(_)) => Err(ApiError::invalid_parameter(
                "SecretName",
                "cannot stand beside KeyId",
            )),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Key(key) => key.to_string(),
            Self::Secret(secret) => secret.to_string(),
            Self::Instance(instance) => instance.to_string(),
        }
    }
}

// === impl TaggedKind ===

impl TaggedKind {
    /// As it travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Secret => "secret",
            Self::Instance => "instance",
        }
    }

    fn read_all(self, fields: Fields<'_>) -> Result<Vec<Tagged>, ApiError> {
        numbered(fields, "ResourceId", MOST_RESOURCES, |name| {
            Ok(match self {
                Self::Key => fields.optional(name)?.map(Tagged::Key),
                Self::Secret => fields.optional(name)?.map(Tagged::Secret),
                Self::Instance => fields.optional(name)?.map(Tagged::Instance),
            })
        })
    }
}

impl FromStr for TaggedKind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "key" => Ok(Self::Key),
            "secret" => Ok(Self::Secret),
            "instance" => Ok(Self::Instance),
            _ => Err("must be key, secret or instance"),
        }
    }
}

// === the actions ===

impl Operation for TagResource {
    type Response = response::Empty;

    const ACTION: Action = Action::TagResource;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        self.resource.write(&mut params);
        params.push_some("Tags", tags::write(&self.tags));
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let resource = Tagged::read(fields)?;
        let tags = tags::read(fields)?;
        if tags.is_empty() {
            return Err(ApiError::missing_parameter("Tags"));
        }
        Ok(Self { resource, tags })
    }
}

impl Operation for UntagResource {
    type Response = response::Empty;

    const ACTION: Action = Action::UntagResource;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        self.resource.write(&mut params);
        params.push_some("TagKeys", serde_json::to_string(&self.tag_keys).ok());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let tag_keys: Vec<String> = fields
            .json("TagKeys", "a JSON array of strings")?
            .ok_or_else(|| ApiError::missing_parameter("TagKeys"))?;
        if !(1..=MOST_TAGS).contains(&tag_keys.len()) {
            return Err(ApiError::invalid_parameter(
                "TagKeys",
                "must hold 1 to 20 keys",
            ));
        }
        Ok(Self {
            resource: Tagged::read(fields)?,
            tag_keys,
        })
    }
}

impl Operation for ListResourceTags {
    type Response = response::ListResourceTags;

    const ACTION: Action = Action::ListResourceTags;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("KeyId", self.key.to_string());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        Ok(Self {
            key: Fields(params).required("KeyId")?,
        })
    }
}

impl Operation for TagResources {
    type Response = response::Empty;

    const ACTION: Action = Action::TagResources;

    fn to_params(&self) -> Params {
        let mut params = written(self.kind, &self.resources);
        write_tags(&mut params, &self.tags);
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let kind: TaggedKind = fields.required("ResourceType")?;
        let tags = read_tags(fields)?;
        tags::check("Tag", &tags)?;
        if tags.is_empty() {
            return Err(ApiError::missing_parameter("Tag.1.Key"));
        }
        Ok(Self {
            kind,
            resources: required(kind.read_all(fields)?)?,
            tags,
        })
    }
}

impl Operation for UntagResources {
    type Response = response::Empty;

    const ACTION: Action = Action::UntagResources;

    fn to_params(&self) -> Params {
        let mut params = written(self.kind, &self.resources);
        for (at, key) in self.tag_keys.iter().enumerate() {
            params.push(format!("TagKey.{}", at + 1), key.as_str());
        }
        params.push_some("All", self.all.then_some("true"));
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let kind: TaggedKind = fields.required("ResourceType")?;
        let tag_keys = numbered(fields, "TagKey", MOST_TAGS, |name| Ok(fields.owned(name)))?;
        let all = fields.flag("All", false)?;
        if tag_keys.is_empty() && !all {
            return Err(ApiError::missing_parameter("TagKey.1"));
        }
        Ok(Self {
            kind,
            resources: required(kind.read_all(fields)?)?,
            tag_keys,
            all,
        })
    }
}

impl Operation for ListTagResources {
    type Response = response::ListTagResources;

    const ACTION: Action = Action::ListTagResources;

    fn to_params(&self) -> Params {
        let mut params = written(self.kind, &self.resources);
        write_tags(&mut params, &self.tags);
        params.push_some("NextToken", self.next_token.as_deref());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let kind: TaggedKind = fields.required("ResourceType")?;
        Ok(Self {
            kind,
            resources: kind.read_all(fields)?,
            tags: read_tags(fields)?,
            next_token: fields.owned("NextToken"),
        })
    }
}

fn written(kind: TaggedKind, resources: &[Tagged]) -> Params {
    let mut params = Params::default();
    params.push("ResourceType", kind.as_str());
    for (at, resource) in resources.iter().enumerate() {
        params.push(format!("ResourceId.{}", at + 1), resource.text());
    }
    params
}

fn required(resources: Vec<Tagged>) -> Result<Vec<Tagged>, ApiError> {
    if resources.is_empty() {
        return Err(ApiError::missing_parameter("ResourceId.1"));
    }
    Ok(resources)
}

pub(super) fn write_tags(params: &mut Params, tags: &[Tag]) {
    for (at, tag) in tags.iter().enumerate() {
        params.push(format!("Tag.{}.Key", at + 1), tag.tag_key.as_str());
        if !tag.tag_value.is_empty() {
            params.push(format!("Tag.{}.Value", at + 1), tag.tag_value.as_str());
        }
    }
}

pub(super) fn read_tags(fields: Fields<'_>) -> Result<Vec<Tag>, ApiError> {
    numbered(fields, "Tag", MOST_TAGS, |name| {
        Ok(fields.owned(&format!("{name}.Key")).map(|tag_key| Tag {
            tag_key,
            tag_value: fields.owned(&format!("{name}.Value")).unwrap_or_default(),
        }))
    })
}

/// `<name>.1`, `<name>.2` and so on, up to the first that is not there.
pub(super) fn numbered<T>(
    fields: Fields<'_>,
    name: &str,
    most: usize,
    read: impl Fn(&str) -> Result<Option<T>, ApiError>,
) -> Result<Vec<T>, ApiError> {
    let mut all = Vec::new();
    for number in 1..=most {
        match read(&format!("{name}.{number}"))? {
            Some(one) => all.push(one),
            None => return Ok(all),
        }
    }
    let beyond = format!("{name}.{}", most + 1);
    if fields.text(&beyond).is_some() || fields.text(&format!("{beyond}.Key")).is_some() {
        return Err(ApiError::invalid_parameter(
            name,
            format_args!("occurs more than {most} times"),
        ));
    }
    Ok(all)
}
