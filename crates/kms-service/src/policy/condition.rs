use super::{
    Call,
    error::{ParsePolicyError, quoted},
    json::Node,
    key,
    operator::{Comparison, Test},
};

/// One key under one operator.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Condition {
    key: String,
    /// `StringNotEquals` and its like.
    negated: bool,
    /// The policy's values: one of them is enough.
    tests: Vec<Test>,
}

// === impl Condition ===

impl Condition {
    /// Reads a statement's `Condition`: operators, in each keys, at each values.
    pub(super) fn parse(node: &Node<'_>) -> Result<Vec<Self>, ParsePolicyError> {
        let mut all = Vec::new();
        for (operator, keys) in node.object()?.rest() {
            let Some((comparison, negated)) = Comparison::named(operator) else {
                return Err(node.flaw(format!("has an unknown operator {}", quoted(operator))));
            };
            for (key, values) in keys.object()?.rest() {
                key::check(key).map_err(|what| values.flaw(what))?;
                let tests = values
                    .one_or_more()?
                    .iter()
                    .map(|value| {
                        comparison
                            .with(value.scalar()?)
                            .map_err(|what| value.flaw(what))
                    })
                    .collect::<Result<_, _>>()?;
                all.push(Self {
                    key: key.to_owned(),
                    negated,
                    tests,
                });
            }
        }
        Ok(all)
    }

    pub(super) fn looks_at_tags(&self) -> bool {
        key::is_of_tag(&self.key)
    }

    /// Whether the call meets it: one of its values passes, or with a negated operator none
    /// does. A key that the call lacks has no values, so it fails an operator and meets its
    /// negation.
    pub(super) fn holds(&self, call: &Call<'_>) -> bool {
        let passes = |value: &String| self.tests.iter().any(|test| test.passes(value));
        call.values(&self.key).iter().any(passes) != self.negated
    }
}
