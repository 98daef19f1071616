use super::{
    Call, Effect, Kind,
    condition::Condition,
    error::ParsePolicyError,
    json::{Members, Node},
    pattern::Pattern,
    principal::Principal,
};

/// One statement.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Statement {
    effect: Effect,
    actions: Patterns,
    scope: Scope,
    conditions: Vec<Condition>,
}

/// What else a statement is about.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Scope {
    Resources(Patterns),
    Principals(Vec<Principal>),
    /// Of the policy of a secret or key: who may do something to it.
    Shared(Vec<Principal>, Patterns),
}

/// One of the patterns, or none of them.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Patterns {
    /// `NotAction`, `NotResource`.
    negated: bool,
    any_of: Vec<Pattern>,
}

// === impl Statement ===

impl Statement {
    pub(super) fn parse(node: &Node<'_>, kind: Kind) -> Result<Self, ParsePolicyError> {
        let mut members = node.object()?;
        let effect = members.required("Effect")?;
        let effect = match effect.text()? {
            "Allow" => Effect::Allow,
            "Deny" => Effect::Deny,
            _ => return Err(effect.flaw("is neither Allow nor Deny")),
        };
        let (actions, scope) = match kind {
            Kind::Identity | Kind::Session => (
                Patterns::parse(&mut members, "Action", "NotAction", action)?,
                Scope::Resources(Patterns::parse(
                    &mut members,
                    "Resource",
                    "NotResource",
                    resource,
                )?),
            ),
            Kind::Trust => (
                Patterns::of(&members.required("Action")?, false, action)?,
                Scope::Principals(Principal::parse(&members.required("Principal")?)?),
            ),
            Kind::Resource => {
                // A name for people. It is kept with the text.
                members
                    .take("Sid")
                    .map(|node| node.text().map(drop))
                    .transpose()?;
                let principals = Principal::of_resource(&members.required("Principal")?)?;
                let resources = Patterns::of(&members.required("Resource")?, false, resource)?;
                (
                    Patterns::of(&members.required("Action")?, false, action)?,
                    Scope::Shared(principals, resources),
                )
            }
        };
        let conditions = match members.take("Condition") {
            None => Vec::new(),
            Some(node) => Condition::parse(&node)?,
        };
        members.end()?;
        Ok(Self {
            effect,
            actions,
            scope,
            conditions,
        })
    }

    pub(super) fn has_conditions(&self) -> bool {
        !self.conditions.is_empty()
    }

    pub(super) fn looks_at_tags(&self) -> bool {
        self.conditions.iter().any(Condition::looks_at_tags)
    }

    /// A policy that lets in its own account as a whole lets in nobody of it: that account's
    /// users and roles have their own policies for that, and every secret and key would be
    /// everybody's otherwise, for this is what the cloud writes where none is given. Such a
    /// denial denies all of them.
    pub(super) fn evaluate(&self, call: &Call<'_>) -> Effect {
        let in_scope = match &self.scope {
            Scope::Resources(resources) => resources.include(call.resource),
            Scope::Principals(principals) => principals.iter().any(|own| own.is(call.asker)),
            Scope::Shared(principals, resources) => {
                let owner = self.effect == Effect::Allow;
                let owner = call.resource.split(':').nth(3).filter(|_| owner);
                resources.include(call.resource)
                    && principals.iter().any(|own| {
                        own.is(call.asker) && !owner.is_some_and(|owner| own.is_account(owner))
                    })
            }
        };
        if in_scope
            && self.actions.include(&call.action.to_ascii_lowercase())
            && self.conditions.iter().all(|own| own.holds(call))
        {
            self.effect
        } else {
            Effect::Silent
        }
    }
}

// === impl Patterns ===

impl Patterns {
    /// Exactly one of the two elements.
    fn parse(
        members: &mut Members<'_>,
        name: &str,
        negation: &str,
        pattern: fn(&str) -> Result<Pattern, &'static str>,
    ) -> Result<Self, ParsePolicyError> {
        match (members.take(name), members.take(negation)) {
            (Some(node), None) => Self::of(&node, false, pattern),
            (None, Some(node)) => Self::of(&node, true, pattern),
            (None, None) => Err(members.flaw(format!("has neither {name} nor {negation}"))),
            (Some(_), Some(_)) => Err(members.flaw(format!("has both {name} and {negation}"))),
        }
    }

    fn of(
        node: &Node<'_>,
        negated: bool,
        pattern: fn(&str) -> Result<Pattern, &'static str>,
    ) -> Result<Self, ParsePolicyError> {
        let any_of = node
            .one_or_more()?
            .iter()
            .map(|node| pattern(node.text()?).map_err(|what| node.flaw(what)))
            .collect::<Result<_, _>>()?;
        Ok(Self { negated, any_of })
    }

    fn include(&self, text: &str) -> bool {
        self.any_of.iter().any(|pattern| pattern.matches(text)) != self.negated
    }
}

/// `*` or `<service>:<action>`; in lower case, for RAM's actions have none.
fn action(text: &str) -> Result<Pattern, &'static str> {
    let word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| {
                byte.is_ascii_alphanumeric()
                    || matches!(byte, b'*' | b'?' | b'-' | b'_' | b'.' | b'/')
            })
    };
    let valid = text == "*"
        || text
            .split_once(':')
            .is_some_and(|(service, action)| word(service) && word(action));
    if valid {
        Ok(Pattern::new(&text.to_ascii_lowercase()))
    } else {
        Err("is neither * nor <service>:<action>")
    }
}

/// `*` or `acs:<service>:<region>:<account>:<what>`.
fn resource(text: &str) -> Result<Pattern, &'static str> {
    if text == "*" || text.starts_with("acs:") {
        Ok(Pattern::new(text))
    } else {
        Err("is neither * nor acs:<service>:<region>:<account>:<what>")
    }
}
