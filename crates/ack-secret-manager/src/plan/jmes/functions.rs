//! JMESPath's functions as go-jmespath has them: a number is a `float64`, which whole numbers of
//! YAML are not.

mod lists;
mod texts;

use jmespath::ast::Ast;

use super::{
    super::document::{self, Text, Tree},
    PathError,
    evaluate::Evaluator,
    item::Item,
};

/// The value that a function returns; an argument that it cannot take is an error of its own.
type Outcome = Result<Option<Tree>, PathError>;

/// Calls a function of the specification.
pub(super) fn call<'a>(
    evaluator: &mut Evaluator,
    name: &str,
    args: Vec<Item<'a>>,
) -> Result<Item<'a>, PathError> {
    let wrong = || PathError::Argument {
        function: name.to_owned(),
    };
    let returned = match (name, args.as_slice()) {
        ("not_null", [_, ..]) => {
            return Ok(args
                .into_iter()
                .find(|arg| !arg.is_null())
                .unwrap_or_else(Item::null));
        }
        ("to_array", [reference @ Item::Reference(_)]) => {
            Some(Tree::List(vec![evaluator.own(reference.clone())?]))
        }
        ("map", [Item::Reference(each), Item::Tree(list)]) => lists::map(evaluator, each, list)?,
        ("sort_by", [Item::Tree(list), Item::Reference(by)]) => {
            lists::sort_by(evaluator, list, by)?
        }
        ("max_by", [Item::Tree(list), Item::Reference(by)]) => {
            lists::best_by(evaluator, list, by, true)?
        }
        ("min_by", [Item::Tree(list), Item::Reference(by)]) => {
            lists::best_by(evaluator, list, by, false)?
        }
        ("merge", [_, ..]) => lists::merge(evaluator, &args)?,
        _ => {
            let trees: Option<Vec<&Tree>> = args.iter().map(Item::tree).collect();
            let trees = trees.ok_or_else(wrong)?;
            if !KNOWN.contains(&name) {
                return Err(PathError::Function(name.to_owned()));
            }
            for tree in &trees {
                evaluator.spend(tree.size())?;
            }
            of_values(name, &trees)
        }
    };
    returned.map(Item::from).ok_or_else(wrong)
}

/// All of them.
const KNOWN: &[&str] = &[
    "abs",
    "avg",
    "ceil",
    "contains",
    "ends_with",
    "floor",
    "join",
    "keys",
    "length",
    "map",
    "max",
    "max_by",
    "merge",
    "min",
    "min_by",
    "not_null",
    "reverse",
    "sort",
    "sort_by",
    "starts_with",
    "sum",
    "to_array",
    "to_number",
    "to_string",
    "type",
    "values",
];

fn of_values(name: &str, args: &[&Tree]) -> Option<Tree> {
    Some(match (name, args) {
        ("abs", [Tree::Float(number)]) => Tree::Float(number.abs()),
        ("ceil", [Tree::Float(number)]) => Tree::Float(number.ceil()),
        ("floor", [Tree::Float(number)]) => Tree::Float(number.floor()),
        ("avg", [list]) => {
            let numbers = lists::numbers(list)?;
            Tree::Float(numbers.iter().sum::<f64>() / lists::count(numbers.len()))
        }
        // From 0, not from the -0 that an empty sum is in Rust.
        ("sum", [list]) => Tree::Float(lists::numbers(list)?.iter().fold(0.0, |sum, n| sum + n)),
        ("contains", [Tree::Text(text), part]) => Tree::Bool(match part {
            Tree::Text(part) => texts::contains(text, part),
            _ => false,
        }),
        ("contains", [Tree::List(list), item]) => Tree::Bool(lists::contains(list, item)?),
        ("starts_with", [Tree::Text(text), Tree::Text(start)]) => {
            Tree::Bool(text.as_bytes().starts_with(start.as_bytes()))
        }
        ("ends_with", [Tree::Text(text), Tree::Text(end)]) => {
            Tree::Bool(text.as_bytes().ends_with(end.as_bytes()))
        }
        ("join", [Tree::Text(between), list]) => texts::join(between, &lists::texts(list)?),
        ("keys", [Tree::Map(map)]) => Tree::List(map.keys().cloned().map(Tree::Text).collect()),
        ("values", [Tree::Map(map)]) => Tree::List(map.values().cloned().collect()),
        ("length", [Tree::Text(text)]) => Tree::Float(lists::count(text.lossy().chars().count())),
        ("length", [Tree::List(list)]) => Tree::Float(lists::count(list.len())),
        ("length", [Tree::Map(map)]) => Tree::Float(lists::count(map.len())),
        ("max", [list]) => lists::best(list, true)?,
        ("min", [list]) => lists::best(list, false)?,
        ("reverse", [Tree::Text(text)]) => texts::reverse(text),
        ("reverse", [Tree::List(list)]) => Tree::List(list.iter().rev().cloned().collect()),
        ("sort", [list]) => lists::sort(list)?,
        ("to_array", [list @ Tree::List(_)]) => (*list).clone(),
        ("to_array", [tree]) => Tree::List(vec![(*tree).clone()]),
        ("to_number", [tree]) => texts::to_number(tree)?,
        ("to_string", [text @ Tree::Text(_)]) => (*text).clone(),
        ("to_string", [tree]) => Tree::Text(Text::new(document::write_json(tree).ok()?.as_slice())),
        ("type", [tree]) => Tree::text(type_name(tree)?),
        _ => return None,
    })
}

fn type_name(tree: &Tree) -> Option<&'static str> {
    Some(match tree {
        Tree::Null => "null",
        Tree::Bool(_) => "boolean",
        Tree::Float(_) => "number",
        Tree::Text(_) => "string",
        Tree::List(_) => "array",
        Tree::Map(_) => "object",
        Tree::Int(_) | Tree::Uint(_) | Tree::Time(_) | Tree::AnyMap(_) => return None,
    })
}

/// What a reference finds in each item of a list.
fn each<'a>(
    evaluator: &mut Evaluator,
    by: &'a Ast,
    items: &'a [Tree],
) -> Result<Vec<Tree>, PathError> {
    let mut found = Vec::with_capacity(items.len());
    for item in items {
        let item = evaluator.item(by, item.into())?;
        found.push(evaluator.own(item)?);
    }
    Ok(found)
}
