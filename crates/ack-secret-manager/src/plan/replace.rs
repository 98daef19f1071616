//! replaceRule: regular expressions over keys (reference k8s-sync §1.5, §2.9, §4 cases 13 to 15).

mod expand;

use thiserror::Error;

use super::{Compat, Data, Value, pattern::Pattern};
use crate::api::ReplaceRule;

/// A rule whose expression does not compile. 0.5.8 drops all keys then; nobody wants that.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("replaceRule {rule:?} is no regular expression: {reason}")]
pub struct BadRule {
    /// Its `source`.
    pub rule: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Keys as the rules make them.
#[derive(Clone, Debug)]
pub struct Replaced {
    /// With their values.
    pub data: Data,
    /// Keys that several keys became. The last of these in their order stays; in the original,
    /// chance decides.
    pub clashes: Vec<String>,
}

/// All keys through all rules, one rule after the other, as Go's `ReplaceAllString` does; and which
/// keys met. With `values_too` a value has each rule's `source` replaced as well, taken literally, as
/// 0.6.7 does.
pub fn replace(
    data: Data,
    rules: &[ReplaceRule],
    compat: Compat,
    values_too: bool,
) -> Result<Replaced, BadRule> {
    let mut replaced = Replaced {
        data,
        clashes: Vec::new(),
    };
    for rule in rules {
        let pattern = compiled(rule)?;
        let mut data = Data::new();
        for (key, value) in replaced.data {
            let key = expand::replace_all(&pattern, &key, &rule.target);
            if data.insert(key.clone(), value).is_some() {
                replaced.clashes.push(key);
            }
        }
        replaced.data = data;
    }
    if values_too && compat == Compat::V06 {
        for value in replaced.data.values_mut() {
            *value = literally(value, rules);
        }
    }
    Ok(replaced)
}

/// Whether a rule's expression compiles.
///
/// # Errors
/// [`BadRule`]: it does not.
pub fn check(rule: &ReplaceRule) -> Result<(), BadRule> {
    compiled(rule).map(drop)
}

fn compiled(rule: &ReplaceRule) -> Result<Pattern, BadRule> {
    Pattern::compile(&rule.source).map_err(|reason| BadRule {
        rule: rule.source.clone(),
        reason,
    })
}

fn literally(value: &Value, rules: &[ReplaceRule]) -> Value {
    let mut value = value.clone();
    for rule in rules {
        // EXPOSE: into the changed value, which is as secret.
        let bytes = value.expose();
        value = Value::new(expand::replace_literal(
            bytes,
            rule.source.as_bytes(),
            rule.target.as_bytes(),
        ));
    }
    value
}

#[cfg(test)]
mod tests;
