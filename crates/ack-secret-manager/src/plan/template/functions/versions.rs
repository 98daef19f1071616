//! Sprig's versions, and the constraints of Masterminds' semver.

use std::{cmp::Ordering, rc::Rc};

use super::{Fault, Function, Value};
use crate::plan::template::version::{Version, number};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("semver", 1, |_, args| {
        Ok(Value::Version(Rc::new(version(&args.string(0)?)?)))
    }),
    Function::new("semverCompare", 2, |_, args| {
        let version = version(&args.string(1)?)?;
        let holds = satisfies(&args.string(0)?, &version)
            .ok_or_else(|| Fault::new("the constraint is none of semantic versions"))?;
        Ok(holds.into())
    }),
];

fn version(text: &str) -> Result<Version, Fault> {
    Version::parse(text).ok_or_else(|| Fault::new("this is no semantic version"))
}

/// A comparison with a version of which parts may be left open.
struct Comparison<'a> {
    operator: &'a str,
    least: Version,
    /// How many of its three parts are said.
    parts: usize,
}

/// `||` parts, of which each is a list that must hold as a whole.
fn satisfies(constraint: &str, version: &Version) -> Option<bool> {
    let mut holds = false;
    for alternative in constraint.split("||") {
        let all = comparisons(alternative)?;
        // A pre-release is looked at only where one is named.
        let named = all.iter().any(|each| !each.least.prerelease.is_empty());
        let skipped = !version.prerelease.is_empty() && !named;
        holds |= !skipped && all.iter().all(|each| each.holds(version));
    }
    Some(holds)
}

fn comparisons(text: &str) -> Option<Vec<Comparison<'_>>> {
    let mut out = Vec::new();
    for part in text.split(',') {
        let mut words = part.split_whitespace().peekable();
        words.peek()?;
        while let Some(word) = words.next() {
            let digits =
                |found: char| found.is_ascii_digit() || matches!(found, 'v' | 'x' | 'X' | '*');
            let (operator, operand) = word.split_at(word.find(digits).unwrap_or(word.len()));
            let operand = if operand.is_empty() {
                words.next()?
            } else {
                operand
            };
            // `1.2 - 1.4` is from the one to the other.
            if operator.is_empty() && words.peek() == Some(&"-") {
                words.next();
                out.push(Comparison::parse(">=", operand)?);
                out.push(Comparison::parse("<=", words.next()?)?);
            } else {
                out.push(Comparison::parse(operator, operand)?);
            }
        }
    }
    Some(out)
}

// === impl Comparison ===

impl<'a> Comparison<'a> {
    fn parse(operator: &'a str, operand: &str) -> Option<Self> {
        let operand = operand.strip_prefix('v').unwrap_or(operand);
        let end = operand.find(['-', '+']).unwrap_or(operand.len());
        let (core, rest) = operand.split_at(end);
        let said = core.split('.').take_while(|part| number(part).is_some());
        let said: Vec<&str> = said.collect();
        let open = core.split('.').skip(said.len());
        let is_open = |part: &str| matches!(part, "x" | "X" | "*");
        if said.len() > 3 || !open.into_iter().all(is_open) {
            return None;
        }
        let part = |at: usize| said.get(at).copied().unwrap_or("0");
        let text = format!("{}.{}.{}{rest}", part(0), part(1), part(2));
        let operator = match operator {
            "" | "=" => "=",
            "!=" | ">" | "<" | ">=" | "<=" | "~" | "^" => operator,
            "=>" => ">=",
            "=<" => "<=",
            "~>" => "~",
            _ => return None,
        };
        Some(Self {
            operator,
            least: Version::parse(&text)?,
            parts: said.len(),
        })
    }

    fn holds(&self, version: &Version) -> bool {
        let order = version.order(&self.least);
        // The parts that are said are the same.
        let within = self.parts < 3 && self.same(version, self.parts);
        match self.operator {
            "!=" => {
                if self.parts < 3 {
                    !within
                } else {
                    order != Ordering::Equal
                }
            }
            ">" => order.is_gt() && !within,
            "<" => order.is_lt(),
            ">=" => order.is_ge(),
            "<=" => order.is_le() || within,
            // The last part that is said may grow.
            "~" => order.is_ge() && self.same(version, self.parts.min(2)),
            // The first part that is not zero stays.
            "^" => order.is_ge() && self.same(version, self.kept()),
            _ => {
                if self.parts < 3 {
                    within
                } else {
                    order.is_eq()
                }
            }
        }
    }

    fn kept(&self) -> usize {
        let least = &self.least;
        match (least.major, least.minor, self.parts) {
            (_, _, 0) => 0,
            (1.., ..) | (_, _, 1) => 1,
            (_, 1.., _) | (_, _, 2) => 2,
            _ => 3,
        }
    }

    fn same(&self, version: &Version, parts: usize) -> bool {
        let own = [self.least.major, self.least.minor, self.least.patch];
        let other = [version.major, version.minor, version.patch];
        own.iter()
            .zip(other.iter())
            .take(parts)
            .all(|(own, other)| own == other)
    }
}
