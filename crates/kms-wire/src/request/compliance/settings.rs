//! What a rule is told when it is made and may be told anew: what is absent then stays.

use serde::{Deserialize, Serialize};

use super::words::{Frequency, InputParameters, Triggers};
use crate::{
    ApiError, Params,
    request::{
        fields::Fields,
        param::{Param, Within},
    },
};

/// The settings of a rule, under many names.
#[derive(Clone, Debug, Default)]
pub struct RuleSettings {
    /// For people; at most 500 characters.
    pub description: Option<String>,
    /// Of the rule's kind.
    pub input_parameters: Option<InputParameters>,
    /// How often it is evaluated at most, if nothing changes.
    pub frequency: Option<Frequency>,
    /// 1 critical, 2 warning, 3 info.
    pub risk_level: Option<Within<1, 3>>,
    /// What makes it be evaluated.
    pub triggers: Option<Triggers>,
    /// Which resources it is about.
    pub scope: RuleScope,
}

/// Which resources a rule is about: those that everything here names.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct RuleScope {
    /// Of which types, `ACS::RAM::User`; with commas between, like all lists here.
    pub resource_types: Option<String>,
    /// Only these.
    pub resource_ids: Option<String>,
    /// Not these.
    pub exclude_resource_ids: Option<String>,
    /// Only in these regions.
    pub region_ids: Option<String>,
    /// Not in these.
    pub exclude_region_ids: Option<String>,
    /// Only in these resource groups.
    pub resource_group_ids: Option<String>,
    /// Not in these.
    pub exclude_resource_group_ids: Option<String>,
    /// Only those with this tag.
    pub tag_key: Option<String>,
    /// And with this value of it.
    pub tag_value: Option<String>,
    /// Whether of several tags all are needed, `AND`, or any, `OR`.
    pub tag_key_logic: Option<String>,
    /// Only those with these tags.
    pub tags: Vec<TagScope>,
    /// Not those with these tags.
    pub exclude_tags: Vec<TagScope>,
    /// Of an account group: only these accounts'.
    pub account_ids: Option<String>,
    /// Not these accounts'.
    pub exclude_account_ids: Option<String>,
    /// Only of accounts in these folders.
    pub folder_ids: Option<String>,
    /// Not of accounts in these.
    pub exclude_folder_ids: Option<String>,
}

/// A tag that resources have.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TagScope {
    /// Its key.
    pub tag_key: String,
    /// Its value; empty is any.
    pub tag_value: String,
}

/// How many tags a scope may name (the SDK's own lists are as short).
const MOST_TAGS: usize = 10;

// === impl RuleSettings ===

/// Many parameters, whose names are not asked for.
impl Param for RuleSettings {
    fn read(fields: Fields<'_>, _name: &str) -> Result<Self, ApiError> {
        Ok(Self {
            description: fields.bounded("Description", 1, 500)?.map(str::to_owned),
            input_parameters: Param::read(fields, "InputParameters")?,
            frequency: fields.optional("MaximumExecutionFrequency")?,
            risk_level: Param::read(fields, "RiskLevel")?,
            triggers: fields.optional("ConfigRuleTriggerTypes")?,
            scope: RuleScope::read(fields, "")?,
        })
    }

    fn write(&self, params: &mut Params, _name: &str) {
        params.push_some("Description", self.description.as_deref());
        self.input_parameters.write(params, "InputParameters");
        params.push_some(
            "MaximumExecutionFrequency",
            self.frequency.map(Frequency::as_str),
        );
        self.risk_level.write(params, "RiskLevel");
        let triggers = self.triggers.as_ref().map(Triggers::to_string);
        params.push_some("ConfigRuleTriggerTypes", triggers);
        self.scope.write(params, "");
    }
}

// === impl RuleScope ===

impl RuleScope {
    /// What was told anew over what was told before.
    pub fn update(&mut self, new: Self) {
        let mut former = std::mem::replace(self, new);
        for ((_, own), (_, former)) in self.texts_mut().into_iter().zip(former.texts_mut()) {
            if own.is_none() {
                *own = former.take();
            }
        }
        if self.tags.is_empty() {
            self.tags = former.tags;
        }
        if self.exclude_tags.is_empty() {
            self.exclude_tags = former.exclude_tags;
        }
    }

    fn texts_mut(&mut self) -> [(&'static str, &mut Option<String>); 14] {
        [
            ("ResourceTypesScope", &mut self.resource_types),
            ("ResourceIdsScope", &mut self.resource_ids),
            ("ExcludeResourceIdsScope", &mut self.exclude_resource_ids),
            ("RegionIdsScope", &mut self.region_ids),
            ("ExcludeRegionIdsScope", &mut self.exclude_region_ids),
            ("ResourceGroupIdsScope", &mut self.resource_group_ids),
            (
                "ExcludeResourceGroupIdsScope",
                &mut self.exclude_resource_group_ids,
            ),
            ("TagKeyScope", &mut self.tag_key),
            ("TagValueScope", &mut self.tag_value),
            ("TagKeyLogicScope", &mut self.tag_key_logic),
            ("AccountIdsScope", &mut self.account_ids),
            ("ExcludeAccountIdsScope", &mut self.exclude_account_ids),
            ("FolderIdsScope", &mut self.folder_ids),
            ("ExcludeFolderIdsScope", &mut self.exclude_folder_ids),
        ]
    }
}

impl Param for RuleScope {
    fn read(fields: Fields<'_>, _name: &str) -> Result<Self, ApiError> {
        let mut scope = Self {
            tags: tags(fields, "TagsScope")?,
            exclude_tags: tags(fields, "ExcludeTagsScope")?,
            ..Self::default()
        };
        for (name, own) in scope.texts_mut() {
            *own = fields.bounded(name, 1, 4_096)?.map(str::to_owned);
        }
        let logic = scope.tag_key_logic.as_deref();
        if logic.is_some_and(|logic| !matches!(logic, "AND" | "OR")) {
            return Err(ApiError::invalid_parameter(
                "TagKeyLogicScope",
                "must be AND or OR",
            ));
        }
        Ok(scope)
    }

    fn write(&self, params: &mut Params, _name: &str) {
        for (name, own) in self.clone().texts_mut() {
            params.push_some(name, own.take());
        }
        for (list, tags) in [
            ("TagsScope", &self.tags),
            ("ExcludeTagsScope", &self.exclude_tags),
        ] {
            for (number, tag) in tags.iter().enumerate() {
                let number = number + 1;
                params.push(format!("{list}.{number}.TagKey"), tag.tag_key.as_str());
                params.push(format!("{list}.{number}.TagValue"), tag.tag_value.as_str());
            }
        }
    }
}

/// `<list>.1.TagKey`, `<list>.1.TagValue` and so on.
fn tags(fields: Fields<'_>, list: &str) -> Result<Vec<TagScope>, ApiError> {
    let mut tags = Vec::new();
    while let Some(key) = fields.text(&format!("{list}.{}.TagKey", tags.len() + 1)) {
        if tags.len() == MOST_TAGS {
            return Err(ApiError::invalid_parameter(
                list,
                format_args!("has more than {MOST_TAGS} tags"),
            ));
        }
        let value = fields.owned(&format!("{list}.{}.TagValue", tags.len() + 1));
        tags.push(TagScope {
            tag_key: key.to_owned(),
            tag_value: value.unwrap_or_default(),
        });
    }
    Ok(tags)
}
