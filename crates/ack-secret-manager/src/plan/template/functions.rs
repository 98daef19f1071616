//! The functions of templates: Go's own, Sprig's (version 3) and six of ack-secret-manager's.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use jiff::Timestamp;

use super::{
    budget::{Budget, MAX_TEXT},
    fault::Fault,
    seed::Random,
    value::{List, Map, Of, Text, Value},
};

mod builtins;
mod dates;
mod decimal;
mod defaults;
mod dicts;
mod encoding;
mod hashes;
mod json;
mod lists;
mod numbers;
mod original;
mod passwords;
mod paths;
mod random;
mod regexes;
mod strings;
mod types;
mod urls;
mod versions;
mod words;
mod wrapping;

pub(super) use regexes::Patterns;

/// What a function may know besides its arguments.
#[derive(Debug)]
pub(super) struct Context<'a> {
    /// What all may still cost.
    pub(super) budget: &'a Budget,
    /// Chance that is the same whenever the inputs are.
    pub(super) random: &'a Random,
    /// What `now` says.
    pub(super) now: Timestamp,
    /// Patterns that were compiled, for a loop that uses one has it compiled once.
    pub(super) patterns: Patterns,
}

/// A function, how it is called, and what it does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Function {
    name: &'static str,
    least: usize,
    most: usize,
    run: fn(&Context<'_>, Args<'_>) -> Result<Value, Fault>,
}

/// What a function is given.
#[derive(Clone, Copy, Debug)]
pub(super) struct Args<'a>(&'a [Value]);

/// Functions of Sprig that make keys and certificates.
const CERTIFICATES: [&str; 8] = [
    "genPrivateKey",
    "genCA",
    "genCAWithKey",
    "genSelfSignedCert",
    "genSelfSignedCertWithKey",
    "genSignedCert",
    "genSignedCertWithKey",
    "buildCustomCert",
];

static FUNCTIONS: LazyLock<HashMap<&'static str, Function>> = LazyLock::new(|| {
    let tables = [
        builtins::FUNCTIONS,
        dates::FUNCTIONS,
        decimal::FUNCTIONS,
        defaults::FUNCTIONS,
        dicts::FUNCTIONS,
        encoding::FUNCTIONS,
        hashes::FUNCTIONS,
        json::FUNCTIONS,
        lists::FUNCTIONS,
        numbers::FUNCTIONS,
        original::FUNCTIONS,
        passwords::FUNCTIONS,
        paths::FUNCTIONS,
        random::FUNCTIONS,
        regexes::FUNCTIONS,
        strings::FUNCTIONS,
        types::FUNCTIONS,
        urls::FUNCTIONS,
        versions::FUNCTIONS,
        words::FUNCTIONS,
        wrapping::FUNCTIONS,
    ];
    let all = tables.into_iter().flatten();
    all.map(|function| (function.name, *function)).collect()
});

/// The function of this name, or why there is none. `and` and `or` are the executor's, but are
/// found.
pub(super) fn find(name: &str) -> Result<Function, String> {
    FUNCTIONS.get(name).copied().ok_or_else(|| match name {
        // Reference k8s-sync §2 item 19: whoever may create an ExternalSecret could read the
        // operator's AccessKey with them.
        "env" | "expandenv" => {
            format!("{name} is left out: it would show the operator's environment to every tenant")
        }
        "getHostByName" => {
            format!("{name} is left out: a template resolves no names in the operator's network")
        }
        _ if CERTIFICATES.contains(&name) => {
            format!(
                "{name} is not supported: keep keys and certificates in KMS, or use cert-manager"
            )
        }
        _ => format!("function {name:?} not defined"),
    })
}

/// Whether the original has a function of this name, and it is left out here.
pub(super) fn is_left_out(name: &str) -> bool {
    matches!(name, "env" | "expandenv" | "getHostByName") || CERTIFICATES.contains(&name)
}

/// Names of all functions, for tests that look for one without a case.
#[cfg(test)]
pub(super) fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = FUNCTIONS.keys().copied().collect();
    names.sort_unstable();
    names
}

// === impl Function ===

impl Function {
    /// Takes exactly so many arguments.
    const fn new(
        name: &'static str,
        count: usize,
        run: fn(&Context<'_>, Args<'_>) -> Result<Value, Fault>,
    ) -> Self {
        Self {
            name,
            least: count,
            most: count,
            run,
        }
    }

    /// Takes so many or more.
    const fn many(
        name: &'static str,
        least: usize,
        run: fn(&Context<'_>, Args<'_>) -> Result<Value, Fault>,
    ) -> Self {
        Self {
            name,
            least,
            most: usize::MAX,
            run,
        }
    }

    pub(super) fn call(&self, context: &Context<'_>, values: &[Value]) -> Result<Value, Fault> {
        if values.len() < self.least || values.len() > self.most {
            let fault = Fault::new(format!("it does not take {} arguments", values.len()));
            return Err(fault.within(self.name));
        }
        let weight: usize = values.iter().map(Value::weight).sum();
        let paid = context
            .budget
            .step(u64::try_from(weight).unwrap_or(u64::MAX));
        let done = paid.and_then(|()| (self.run)(context, Args(values)));
        let done = done.and_then(|value| {
            // What it made is paid for afterwards; what could be much was paid for before.
            if let Value::Text(text) = &value {
                context.budget.take(text.len())?;
                if text.len() > MAX_TEXT {
                    return Err(Fault::new("the text is too long; a Secret holds 1 MiB"));
                }
            }
            value.shallow()
        });
        done.map_err(|fault| fault.within(self.name))
    }
}

// === impl Args ===

impl<'a> Args<'a> {
    fn len(self) -> usize {
        self.0.len()
    }

    fn all(self) -> &'a [Value] {
        self.0
    }

    /// The ones behind the first few.
    fn from(self, start: usize) -> &'a [Value] {
        self.0.get(start..).unwrap_or_default()
    }

    fn any(self, at: usize) -> &'a Value {
        self.0.get(at).unwrap_or(&Value::Nil)
    }

    fn text(self, at: usize) -> Result<&'a [u8], Fault> {
        match self.any(at) {
            Value::Text(text) => Ok(text),
            other => Err(unexpected(at, "string", other)),
        }
    }

    /// UTF-8, with replacements for what is none.
    fn string(self, at: usize) -> Result<String, Fault> {
        self.text(at).map(super::value::lossy)
    }

    fn int(self, at: usize) -> Result<i64, Fault> {
        match self.any(at) {
            Value::Int(number, _) => Ok(*number),
            other => Err(unexpected(at, "int", other)),
        }
    }

    fn bool(self, at: usize) -> Result<bool, Fault> {
        match self.any(at) {
            Value::Bool(value) => Ok(*value),
            other => Err(unexpected(at, "bool", other)),
        }
    }

    fn float(self, at: usize) -> Result<f64, Fault> {
        match self.any(at) {
            Value::Float(number) => Ok(*number),
            Value::Int(number, _) => Ok(super::num::float(*number)),
            other => Err(unexpected(at, "float64", other)),
        }
    }

    fn list(self, at: usize) -> Result<&'a List, Fault> {
        match self.any(at) {
            Value::List(list) => Ok(list),
            other => Err(unexpected(at, "a list", other)),
        }
    }

    fn map(self, at: usize) -> Result<&'a Map, Fault> {
        match self.any(at) {
            Value::Map(map) => Ok(map),
            other => Err(unexpected(at, "a dict", other)),
        }
    }

    /// A dict to read from; one that is missing has nothing in it.
    fn map_or_none(self, at: usize) -> Result<Map, Fault> {
        match self.any(at) {
            Value::Nil => Ok(Map::new(BTreeMap::new(), Of::Any)),
            _ => self.map(at).cloned(),
        }
    }

    /// Dicts to read from, from here to the end.
    fn maps(self, start: usize) -> Result<Vec<Map>, Fault> {
        (start..self.len()).map(|at| self.map_or_none(at)).collect()
    }

    /// Strings from here to the end.
    fn texts(self, start: usize) -> Result<Vec<&'a [u8]>, Fault> {
        (start..self.len()).map(|at| self.text(at)).collect()
    }
}

/// Types are told, values never.
fn unexpected(at: usize, wanted: &str, found: &Value) -> Fault {
    let found = match found {
        Value::Nil => "missing or nil",
        other => other.type_name(),
    };
    Fault::new(format!("argument {} is {found}, not {wanted}", at + 1))
}

/// The same text under another name.
fn same(text: &Text) -> Value {
    Value::Text(Text::clone(text))
}
