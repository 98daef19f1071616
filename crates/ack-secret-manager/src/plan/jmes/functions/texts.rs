use super::super::super::document::{Text, Tree};

pub(super) fn contains(text: &Text, part: &Text) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    part.is_empty() || text.windows(part.len()).any(|window| window == part)
}

pub(super) fn join(between: &Text, texts: &[&Text]) -> Tree {
    let parts: Vec<&[u8]> = texts.iter().map(|text| text.as_bytes()).collect();
    Tree::text(parts.join(between.as_bytes()))
}

pub(super) fn reverse(text: &Text) -> Tree {
    Tree::text(text.lossy().chars().rev().collect::<String>())
}

/// Of a text that is a number to `strconv.ParseFloat`. Of what is none there is none; an `int` is a
/// value that the function does not know.
pub(super) fn to_number(tree: &Tree) -> Option<Tree> {
    Some(match tree {
        Tree::Float(number) => Tree::Float(*number),
        Tree::Text(text) => std::str::from_utf8(text.as_bytes())
            .ok()
            .and_then(number)
            .map_or(Tree::Null, Tree::Float),
        Tree::List(_) | Tree::Map(_) | Tree::Null | Tree::Bool(_) => Tree::Null,
        Tree::Int(_) | Tree::Uint(_) | Tree::Time(_) | Tree::AnyMap(_) => return None,
    })
}

/// Go's numbers in bases other than 10 are left out: `0x1p-2` is nobody's secret.
fn number(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    let separated = bytes
        .iter()
        .enumerate()
        .all(|(at, byte)| *byte != b'_' || (digit(at.checked_sub(1)) && digit(at.checked_add(1))));
    let number = text
        .replace('_', "")
        .parse::<f64>()
        .ok()
        .filter(|_| separated)?;
    let written_so = text
        .trim_start_matches(['+', '-'])
        .starts_with(|c: char| c.is_alphabetic());
    (number.is_finite() || written_so).then_some(number)
}
