//! Which resources a rule is about.

use kms_wire::{
    ApiError,
    request::{RuleScope, TagScope},
};

use super::{inventory::Resource, kind::ResourceType};

/// Refuses what would leave a rule without anything that it is about.
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
    if let Some(keys) = &scope.tag_key
        && parts(keys).next().is_none()
    {
        return Err(ApiError::invalid_parameter("TagKeyScope", "names no tag"));
    }
    if scope.tag_value.is_some() && scope.tag_key.is_none() {
        return Err(ApiError::invalid_parameter(
            "TagValueScope",
            "needs TagKeyScope",
        ));
    }
    Ok(())
}

/// Whether the rule is about that one: all that the scope says has to fit. Of several tags
/// any is enough, unless `TagKeyLogicScope` is `AND` ("TagKeyLogicScope" of CreateConfigRule);
/// one that is excluded is enough to be left out.
pub(super) fn contains(scope: &RuleScope, resource: &Resource) -> bool {
    let lists = [
        (
            &scope.resource_ids,
            &scope.exclude_resource_ids,
            &resource.id,
        ),
        (
            &scope.region_ids,
            &scope.exclude_region_ids,
            &resource.region,
        ),
        (
            &scope.resource_group_ids,
            &scope.exclude_resource_group_ids,
            &resource.group,
        ),
    ];
    let is_listed = lists.into_iter().all(|(only, but, own)| {
        only.as_deref().is_none_or(|only| self::lists(only, own))
            && but.as_deref().is_none_or(|but| !self::lists(but, own))
    });
    let keys = scope.tag_key.as_deref().unwrap_or("");
    let value = scope.tag_value.as_deref().unwrap_or("");
    let keyed: Vec<TagScope> = parts(keys)
        .map(|key| TagScope {
            tag_key: key.to_owned(),
            tag_value: value.to_owned(),
        })
        .collect();
    let needs_all = scope.tag_key_logic.as_deref() == Some("AND");
    let has = |tag: &TagScope| bears(resource, tag);
    let fits = |tags: &[TagScope]| {
        tags.is_empty()
            || if needs_all {
                tags.iter().all(has)
            } else {
                tags.iter().any(has)
            }
    };
    is_listed && fits(&keyed) && fits(&scope.tags) && !scope.exclude_tags.iter().any(has)
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
