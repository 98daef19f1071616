use std::{cmp::Ordering, collections::BTreeMap};

use jmespath::ast::Ast;

use super::{
    super::{
        super::document::{Text, Tree},
        evaluate::Evaluator,
        item::Item,
    },
    Outcome, each,
};

/// A length as a number.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "no list has 2^52 items"
)]
pub(super) fn count(length: usize) -> f64 {
    length as f64
}

/// A list of `float64`.
pub(super) fn numbers(tree: &Tree) -> Option<Vec<f64>> {
    let Tree::List(list) = tree else { return None };
    list.iter()
        .map(|item| match item {
            Tree::Float(number) => Some(*number),
            _ => None,
        })
        .collect()
}

/// A list of strings.
pub(super) fn texts(tree: &Tree) -> Option<Vec<&Text>> {
    let Tree::List(list) = tree else { return None };
    list.iter()
        .map(|item| match item {
            Tree::Text(text) => Some(text),
            _ => None,
        })
        .collect()
}

/// Two lists or two mappings cannot be compared so; Go panics.
pub(super) fn contains(list: &[Tree], wanted: &Tree) -> Option<bool> {
    for item in list {
        if let (Tree::List(_), Tree::List(_))
        | (Tree::Map(_), Tree::Map(_))
        | (Tree::AnyMap(_), Tree::AnyMap(_)) = (item, wanted)
        {
            return None;
        }
        if super::super::super::document::deep_equal(item, wanted) {
            return Some(true);
        }
    }
    Some(false)
}

/// The largest or the smallest, the first of equals; of nothing, nothing.
pub(super) fn best(tree: &Tree, largest: bool) -> Option<Tree> {
    if let Some(numbers) = numbers(tree) {
        let mut best: Option<f64> = None;
        for number in numbers {
            best = match best {
                Some(best)
                    if !(if largest {
                        number > best
                    } else {
                        number < best
                    }) =>
                {
                    Some(best)
                }
                _ => Some(number),
            };
        }
        return Some(best.map_or(Tree::Null, Tree::Float));
    }
    let texts = texts(tree)?;
    let best = if largest {
        texts.into_iter().rev().max()
    } else {
        texts.into_iter().min()
    };
    Some(best.cloned().map_or(Tree::Null, Tree::Text))
}

pub(super) fn sort(tree: &Tree) -> Option<Tree> {
    if let Some(mut numbers) = numbers(tree) {
        numbers.sort_by(|a, b| ascending(*a, *b));
        return Some(Tree::List(numbers.into_iter().map(Tree::Float).collect()));
    }
    let mut texts = texts(tree)?;
    texts.sort();
    Some(Tree::List(
        texts.into_iter().cloned().map(Tree::Text).collect(),
    ))
}

/// What is no number comes first.
fn ascending(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b)
        .unwrap_or_else(|| b.is_nan().cmp(&a.is_nan()))
}

pub(super) fn map(evaluator: &mut Evaluator, by: &Ast, list: &Tree) -> Outcome {
    match list {
        Tree::List(items) => Ok(Some(Tree::List(each(evaluator, by, items)?))),
        _ => Ok(None),
    }
}

/// The original sorts the list within the document as well, for the paths that come after. Here
/// each path sees the document as it is.
pub(super) fn sort_by(evaluator: &mut Evaluator, list: &Tree, by: &Ast) -> Outcome {
    let Tree::List(items) = list else {
        return Ok(None);
    };
    let own = evaluator.own(list.into())?;
    let (Tree::List(owned), true) = (own, items.len() > 1) else {
        return Ok(Some(list.clone()));
    };
    let keys = Tree::List(each(evaluator, by, items)?);
    let mut order: Vec<usize> = (0..items.len()).collect();
    if let Some(numbers) = numbers(&keys) {
        order.sort_by(|a, b| match (numbers.get(*a), numbers.get(*b)) {
            (Some(a), Some(b)) => ascending(*a, *b),
            _ => Ordering::Equal,
        });
    } else if let Some(texts) = texts(&keys) {
        order.sort_by_key(|place| texts.get(*place).copied());
    } else {
        return Ok(None);
    }
    Ok(Some(Tree::List(
        order
            .iter()
            .filter_map(|place| owned.get(*place))
            .cloned()
            .collect(),
    )))
}

/// The first item of those with the largest or smallest key.
pub(super) fn best_by(evaluator: &mut Evaluator, list: &Tree, by: &Ast, largest: bool) -> Outcome {
    let Tree::List(items) = list else {
        return Ok(None);
    };
    if let [] | [_] = items.as_slice() {
        return Ok(Some(items.first().cloned().unwrap_or(Tree::Null)));
    }
    let keys = Tree::List(each(evaluator, by, items)?);
    let mut best = 0;
    if let Some(numbers) = numbers(&keys) {
        for (place, number) in numbers.iter().enumerate() {
            let Some(so_far) = numbers.get(best) else {
                break;
            };
            if if largest {
                number > so_far
            } else {
                number < so_far
            } {
                best = place;
            }
        }
    } else if let Some(texts) = texts(&keys) {
        for (place, text) in texts.iter().enumerate() {
            let Some(so_far) = texts.get(best) else { break };
            if if largest {
                text > so_far
            } else {
                text < so_far
            } {
                best = place;
            }
        }
    } else {
        return Ok(None);
    }
    Ok(items.get(best).cloned())
}

/// Later mappings win.
pub(super) fn merge(evaluator: &mut Evaluator, args: &[Item<'_>]) -> Outcome {
    let mut merged = BTreeMap::new();
    for arg in args {
        let Some(Tree::Map(map)) = arg.tree() else {
            return Ok(None);
        };
        for (key, value) in map {
            merged.insert(key.clone(), evaluator.own(value.into())?);
        }
    }
    Ok(Some(Tree::Map(merged)))
}
