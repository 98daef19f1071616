//! What a plain scalar stands for: `yaml.v3`'s mixture of YAML 1.1 and 1.2.

use super::super::{DocumentError, Timestamp, Tree};

const MISFIT: DocumentError = DocumentError::Sense("a tag does not fit its value");

/// The kinds that a scalar's looks or its tag decide between.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum ScalarKind {
    Null,
    Bool,
    Int,
    Float,
    Time,
    Text,
}

/// The value of a scalar that has no tag and no quotes.
pub(super) fn plain(text: &str) -> Tree {
    looks(text, None)
}

/// The kind that a scalar without a tag is of.
pub(super) fn kind(tree: &Tree) -> ScalarKind {
    match tree {
        Tree::Null => ScalarKind::Null,
        Tree::Bool(_) => ScalarKind::Bool,
        Tree::Int(_) | Tree::Uint(_) => ScalarKind::Int,
        Tree::Float(_) => ScalarKind::Float,
        Tree::Time(_) => ScalarKind::Time,
        Tree::Text(_) | Tree::List(_) | Tree::Map(_) | Tree::AnyMap(_) => ScalarKind::Text,
    }
}

/// The value of a scalar with this tag, in quotes or not. A tag that is none of YAML's own says
/// nothing about the value.
pub(super) fn tagged(tag: &str, text: &str) -> Result<Tree, DocumentError> {
    let wanted = match tag {
        "!!null" => ScalarKind::Null,
        "!!bool" => ScalarKind::Bool,
        "!!int" => ScalarKind::Int,
        "!!float" => ScalarKind::Float,
        "!!timestamp" => ScalarKind::Time,
        // `!!str` among them.
        _ => return Ok(Tree::text(text)),
    };
    let tree = looks(text, Some(wanted));
    match (wanted, &tree) {
        #[expect(
            clippy::as_conversions,
            clippy::cast_precision_loss,
            reason = "Go rounds to the nearest, too; an uint64 it refuses"
        )]
        (ScalarKind::Float, Tree::Int(number)) => Ok(Tree::Float(*number as f64)),
        _ if kind(&tree) == wanted => Ok(tree),
        _ => Err(MISFIT),
    }
}

fn looks(text: &str, wanted: Option<ScalarKind>) -> Tree {
    word(text)
        .or_else(|| match text.as_bytes().first()? {
            b'.' => float_of_go(text).map(Tree::Float),
            b'0'..=b'9' | b'+' | b'-' => number(text, wanted),
            _ => None,
        })
        .unwrap_or_else(|| Tree::text(text))
}

fn word(text: &str) -> Option<Tree> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Tree::Null,
        "true" | "True" | "TRUE" => Tree::Bool(true),
        "false" | "False" | "FALSE" => Tree::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Tree::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Tree::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Tree::Float(f64::NEG_INFINITY),
        _ => return None,
    })
}

fn number(text: &str, wanted: Option<ScalarKind>) -> Option<Tree> {
    if matches!(wanted, None | Some(ScalarKind::Time))
        && let Some(time) = Timestamp::parse(text.as_bytes())
    {
        return Some(Tree::Time(time));
    }
    let text = text.replace('_', "");
    integer(&text)
        .or_else(|| {
            styled_float(&text)
                .then(|| finite(&text))
                .flatten()
                .map(Tree::Float)
        })
        .or_else(|| signed_after_prefix(&text))
}

/// As `strconv.ParseInt`, then `ParseUint`, with base 0: `0x1F`, `0b1`, `0o17` and `017`.
fn integer(text: &str) -> Option<Tree> {
    let (negative, signed, digits) = match text.as_bytes().first()? {
        b'-' => (true, true, text.get(1..)?),
        b'+' => (false, true, text.get(1..)?),
        _ => (false, false, text),
    };
    let (digits, base) = based(digits)?;
    let size = if digits.is_empty() {
        0
    } else {
        unsigned(digits, base)?
    };
    let number = if negative {
        0i64.checked_sub_unsigned(size)
    } else {
        i64::try_from(size).ok()
    };
    match number {
        Some(number) => Some(Tree::Int(number)),
        None if signed => None,
        None => Some(Tree::Uint(size)),
    }
}

/// The digits, none for `0`, and their base.
fn based(text: &str) -> Option<(&str, u32)> {
    Some(match text.as_bytes() {
        [] => return None,
        [b'0', b'x' | b'X', _, ..] => (text.get(2..)?, 16),
        [b'0', b'o' | b'O', _, ..] => (text.get(2..)?, 8),
        [b'0', b'b' | b'B', _, ..] => (text.get(2..)?, 2),
        [b'0', ..] => (text.get(1..)?, 8),
        _ => (text, 10),
    })
}

/// Digits and nothing else.
fn unsigned(digits: &str, base: u32) -> Option<u64> {
    let all_digits = digits.chars().all(|c| c.is_digit(base));
    all_digits
        .then(|| u64::from_str_radix(digits, base).ok())
        .flatten()
}

/// `0b-1` and `0o+7` are numbers to `yaml.v3`, for it cuts the prefix off and asks again.
fn signed_after_prefix(text: &str) -> Option<Tree> {
    let base = if text.starts_with("0b") {
        2
    } else if text.starts_with("0o") {
        8
    } else {
        return None;
    };
    let rest = text.get(2..)?;
    let digits = rest.strip_prefix(['+', '-'])?;
    let size = unsigned(digits, base)?;
    if rest.starts_with('-') {
        0i64.checked_sub_unsigned(size).map(Tree::Int)
    } else {
        i64::try_from(size).ok().map(Tree::Int)
    }
}

/// Whether it matches `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
fn styled_float(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa_fits = match mantissa.split_once('.') {
        Some(("", part)) => !part.is_empty() && digits(part),
        Some((whole, part)) => digits(whole) && digits(part),
        None => !mantissa.is_empty() && digits(mantissa),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    mantissa_fits && exponent_fits
}

/// As `strconv.ParseFloat` of what begins with a point: digits may have single lines between them.
fn float_of_go(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let separated = bytes.iter().enumerate().all(|(at, byte)| {
        let digit = |at: Option<usize>| {
            at.and_then(|at| bytes.get(at))
                .is_some_and(u8::is_ascii_digit)
        };
        *byte != b'_' || (digit(at.checked_sub(1)) && digit(at.checked_add(1)))
    });
    let plain = text.replace('_', "");
    (separated && styled_float(&plain))
        .then(|| finite(&plain))
        .flatten()
}

/// A number too large for `float64` is none to Go.
fn finite(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}
