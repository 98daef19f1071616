//! Which resources a rule is about.

use kms_wire::{
    ApiError,
    request::{RuleScope, TagScope},
};

use super::{inventory::Resource, kind::ResourceType};

/// Refuses what this server has nothing of, rather than to leave a rule without anything that
/// it is about.
///
/// # Errors
/// `InvalidParameter`.
pub(super) fn check(scope: &RuleScope, of: ResourceType) -> Result<(), ApiError> {
    if let Some(types) = &scope.resource_types
        && parts(types).any(|one| one != of.as_str())
    {
        return Err(ApiError::invalid_parameter(
            "ResourceTypesScope",
            format_args!("the rule is about {}", of.as_str()),
        ));
    }
    for (name, groups) in [
        ("ResourceGroupIdsScope", &scope.resource_group_ids),
        (
            "ExcludeResourceGroupIdsScope",
            &scope.exclude_resource_group_ids,
        ),
    ] {
        if groups.is_some() {
            return Err(ApiError::invalid_parameter(
                name,
                "this server puts neither users nor secrets into resource groups",
            ));
        }
    }
    let has_tags =
        scope.tag_key.is_some() || !scope.tags.is_empty() || !scope.exclude_tags.is_empty();
    if has_tags && of == ResourceType::User {
        return Err(ApiError::invalid_parameter(
            if scope.tag_key.is_some() {
                "TagKeyScope"
            } else {
                "TagsScope"
            },
            "this server keeps no tags on RAM users; secrets have them",
        ));
    }
    if scope.tag_value.is_some() && scope.tag_key.is_none() {
        return Err(ApiError::invalid_parameter(
            "TagValueScope",
            "needs TagKeyScope",
        ));
    }
    Ok(())
}

/// Whether the rule is about that one.
pub(super) fn contains(scope: &RuleScope, resource: &Resource) -> bool {
    let names = |list: &Option<String>, id: &str| list.as_deref().map(|list| lists(list, id));
    if names(&scope.resource_ids, &resource.id) == Some(false)
        || names(&scope.exclude_resource_ids, &resource.id) == Some(true)
        || names(&scope.region_ids, &resource.region) == Some(false)
        || names(&scope.exclude_region_ids, &resource.region) == Some(true)
    {
        return false;
    }
    let mut wanted = scope.tags.clone();
    if let Some(key) = &scope.tag_key {
        wanted.extend(parts(key).map(|key| TagScope {
            tag_key: key.to_owned(),
            tag_value: scope.tag_value.clone().unwrap_or_default(),
        }));
    }
    let has = |tag: &TagScope| bears(resource, tag);
    let is_wanted = if scope.tag_key_logic.as_deref() == Some("OR") {
        wanted.is_empty() || wanted.iter().any(has)
    } else {
        wanted.iter().all(has)
    };
    is_wanted && !scope.exclude_tags.iter().any(has)
}

/// Whether the list, with commas between, has it.
pub(super) fn lists(list: &str, id: &str) -> bool {
    parts(list).any(|one| one == id)
}

pub(super) fn parts(list: &str) -> impl Iterator<Item = &str> {
    list.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn bears(resource: &Resource, tag: &TagScope) -> bool {
    resource.tags.iter().any(|(key, value)| {
        *key == tag.tag_key && (tag.tag_value.is_empty() || *value == tag.tag_value)
    })
}
