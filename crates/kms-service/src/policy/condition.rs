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
    over: Over,
    negated: bool,
    /// The policy's values: one of them is enough.
    tests: Vec<Test>,
}

/// Which values of the call have to pass, if it has several.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Over {
    /// The operator alone: one that passes is found, or with a negated operator none.
    Whole,
    /// `ForAnyValue:`, at least one; none if the call has no such key.
    Any,
    /// `ForAllValues:`, every one; met if the call has no such key.
    All,
}

// === impl Condition ===

impl Condition {
    /// Reads a statement's `Condition`: operators, in each keys, at each values.
    pub(super) fn parse(node: &Node<'_>) -> Result<Vec<Self>, ParsePolicyError> {
        let mut all = Vec::new();
        for (operator, keys) in node.object()?.rest() {
            let (over, name) = match operator.split_once(':') {
                Some(("ForAnyValue", name)) => (Over::Any, name),
                Some(("ForAllValues", name)) => (Over::All, name),
                _ => (Over::Whole, operator),
            };
            let Some((comparison, negated)) = Comparison::named(name) else {
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
                    over,
                    negated,
                    tests,
                });
            }
        }
        Ok(all)
    }

    /// Whether the call meets it. A key that the call lacks fails an operator and meets
    /// its negation.
    pub(super) fn holds(&self, call: &Call<'_>) -> bool {
        let values = call.values(&self.key);
        let passes = |value: &String| self.tests.iter().any(|test| test.passes(value));
        match self.over {
            Over::Whole => values.iter().any(passes) != self.negated,
            Over::Any => values.iter().any(|value| passes(value) != self.negated),
            Over::All => values.iter().all(|value| passes(value) != self.negated),
        }
    }
}
