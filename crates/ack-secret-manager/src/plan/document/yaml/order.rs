//! The order of keys: numbers by size, strings naturally (`a2` before `a10`).

use std::sync::LazyLock;

use regex::Regex;

use super::super::{Text, Tree};

/// Sorts by comparing neighbours, for `before` is no total order: Go's numbers in strings overflow.
pub(super) fn sort<T>(items: &mut [T], before: impl Fn(&T, &T) -> bool) {
    for end in 1..items.len() {
        let mut at = end;
        while at > 0 && before_at(items, at, &before) {
            items.swap(at, at - 1);
            at -= 1;
        }
    }
}

fn before_at<T>(items: &[T], at: usize, before: &impl Fn(&T, &T) -> bool) -> bool {
    match (items.get(at), items.get(at - 1)) {
        (Some(this), Some(that)) => before(this, that),
        _ => false,
    }
}

/// Whether a key comes before another.
pub(super) fn before(a: &Tree, b: &Tree) -> bool {
    if let (Some(x), Some(y)) = (size(a), size(b)) {
        return match (a, b) {
            _ if x < y => true,
            _ if x > y => false,
            _ if rank(a) != rank(b) => rank(a) < rank(b),
            (Tree::Int(a), Tree::Int(b)) => a < b,
            (Tree::Uint(a), Tree::Uint(b)) => a < b,
            _ => false,
        };
    }
    match (a, b) {
        (Tree::Text(a), Tree::Text(b)) => text_before(a, b),
        _ => rank(a) < rank(b),
    }
}

/// As `reflect.Kind` counts.
fn rank(tree: &Tree) -> u8 {
    match tree {
        Tree::Bool(_) => 1,
        Tree::Int(_) => 2,
        Tree::Uint(_) => 11,
        Tree::Float(_) => 14,
        Tree::Null => 20,
        Tree::Map(_) | Tree::AnyMap(_) => 21,
        Tree::List(_) => 23,
        Tree::Text(_) => 24,
        Tree::Time(_) => 25,
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "Go compares them as float64 first, too"
)]
fn size(tree: &Tree) -> Option<f64> {
    match tree {
        Tree::Bool(truth) => Some(f64::from(u8::from(*truth))),
        Tree::Int(number) => Some(*number as f64),
        Tree::Uint(number) => Some(*number as f64),
        Tree::Float(number) => Some(*number),
        _ => None,
    }
}

/// Whether a string comes before another: letters by their code, numbers by their value.
pub(super) fn text_before(a: &Text, b: &Text) -> bool {
    let a: Vec<char> = a.lossy().chars().collect();
    let b: Vec<char> = b.lossy().chars().collect();
    let differs = a.iter().zip(&b).position(|(a, b)| a != b);
    let Some(at) = differs else {
        return a.len() < b.len();
    };
    let (Some(x), Some(y)) = (a.get(at).copied(), b.get(at).copied()) else {
        return false;
    };
    let same = a.get(..at).unwrap_or_default();
    match (is_letter(x), is_letter(y)) {
        (true, true) => return x < y,
        (false, false) => {}
        (x_letter, y_letter) => {
            let after_digit = same.last().copied().is_some_and(is_digit);
            return if after_digit { x_letter } else { y_letter };
        }
    }
    // A zero counts as a digit of its place only behind another digit than zero.
    let start = i64::from(
        (x == '0' || y == '0')
            && same
                .iter()
                .rev()
                .take_while(|c| is_digit(**c))
                .any(|c| *c != '0'),
    );
    let (x_number, x_digits) = number(start, a.get(at..).unwrap_or_default());
    let (y_number, y_digits) = number(start, b.get(at..).unwrap_or_default());
    if x_number != y_number {
        x_number < y_number
    } else if x_digits != y_digits {
        x_digits < y_digits
    } else {
        x < y
    }
}

fn number(start: i64, text: &[char]) -> (i64, usize) {
    let digits = text.iter().take_while(|c| is_digit(**c));
    digits.fold((start, 0), |(number, count), c| {
        let digit = i64::from(u32::from(*c)) - i64::from(u32::from('0'));
        (number.wrapping_mul(10).wrapping_add(digit), count + 1)
    })
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || (!c.is_ascii() && is_of(c, LETTER.as_ref()))
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || (!c.is_ascii() && is_of(c, DIGIT.as_ref()))
}

static LETTER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{L}$").ok());
static DIGIT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{Nd}$").ok());

fn is_of(c: char, class: Option<&Regex>) -> bool {
    class.is_some_and(|class| class.is_match(c.encode_utf8(&mut [0; 4])))
}
