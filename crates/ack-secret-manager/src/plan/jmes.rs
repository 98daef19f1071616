//! Parts of a document by JMESPath: `data.jmesPath` (reference k8s-sync §1.5, §2.10, §4 cases 6 to
//! 11). The expressions are parsed by the crate jmespath and evaluated here, over Go's values: what
//! go-jmespath makes of an `int`, which it takes for no number, is part of what a Secret holds.

mod evaluate;
mod functions;
mod item;
mod parse;
mod slice;

use thiserror::Error;

use super::{
    Compat, Data, Value,
    document::{self, DocumentError, Tree},
};
use crate::api::JmesPath;

/// What paths found.
#[derive(Clone, Debug)]
pub struct Selected {
    /// Under each alias.
    pub data: Data,
    /// The paths that gave nothing, in their order, and why.
    pub problems: Vec<(String, PathError)>,
    /// Whether nothing was found at all: the original then stores the whole document, though
    /// nobody asked for that.
    pub whole: bool,
}

/// Why a path gives nothing. No text quotes the document.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum PathError {
    /// There is nothing to look in.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The path is none.
    #[error("not an expression of JMESPath: {0}")]
    Syntax(String),
    /// A function of it cannot take what it is given.
    #[error("{function}() cannot take what it finds there")]
    Argument {
        /// Which.
        function: String,
    },
    /// It calls a function that nobody knows.
    #[error("JMESPath has no function {0}()")]
    Function(String),
    /// A slice with a step of 0.
    #[error("a slice has a step of 0")]
    Step,
    /// It makes much of little.
    #[error("the expression makes too many values")]
    Size,
    /// Nothing is there.
    #[error("nothing is there")]
    Nothing,
    /// What is there is a time, or a mapping with keys that are no strings, and has no text.
    #[error("what is there is neither a text, a number, a truth value, a list nor a mapping")]
    Kind,
}

/// How lists and mappings are written.
#[derive(Clone, Copy, Debug)]
enum Style {
    Json,
    Yaml,
}

/// Looks along each path. What a path without alias finds is under `name`, as 0.6 has it; of two
/// paths with one alias the last counts.
pub fn select(document: &Value, name: &str, paths: &[JmesPath], compat: Compat) -> Selected {
    let mut selected = Selected {
        data: Data::new(),
        problems: Vec::new(),
        whole: false,
    };
    let parsed = parse_document(document, compat);
    for one in paths {
        let found = match &parsed {
            Ok((tree, style)) => value_at(tree, &one.path, *style),
            Err(error) => Err(PathError::Document(*error)),
        };
        match found {
            Ok(value) => {
                let alias = if one.object_alias.is_empty() {
                    name
                } else {
                    &one.object_alias
                };
                selected.data.insert(alias.to_owned(), value);
            }
            Err(error) => selected.problems.push((one.path.clone(), error)),
        }
    }
    selected.whole = selected.data.is_empty();
    selected
}

/// Whether a path is one that could find something in a document.
///
/// # Errors
/// [`PathError::Syntax`] and [`PathError::Function`]: no document helps.
pub fn check(path: &str) -> Result<(), PathError> {
    let expression = parse::parse(path)?;
    // What only a document decides is not known of an empty one.
    match evaluate::search(&expression, &Tree::Null) {
        Err(error @ (PathError::Syntax(_) | PathError::Function(_))) => Err(error),
        _ => Ok(()),
    }
}

/// YAML first, then JSON; in 0.6 what is JSON stays JSON whoever parsed it.
fn parse_document(document: &Value, compat: Compat) -> Result<(Tree, Style), DocumentError> {
    // EXPOSE: into a tree of the document, wiped when the selection ends.
    let bytes = document.expose();
    let (tree, yaml) = match document::parse_yaml(bytes) {
        Ok(tree) => (tree, true),
        Err(error) => (document::parse_json(bytes).or(Err(error))?, false),
    };
    let style = match compat {
        Compat::V05 if yaml => Style::Yaml,
        Compat::V05 => Style::Json,
        Compat::V06 if document::is_json(bytes) => Style::Json,
        Compat::V06 => Style::Yaml,
    };
    Ok((tree, style))
}

fn value_at(tree: &Tree, path: &str, style: Style) -> Result<Value, PathError> {
    let expression = parse::parse(path)?;
    let found = evaluate::search(&expression, tree)?.ok_or(PathError::Kind)?;
    let text = match &*found {
        Tree::Null => return Err(PathError::Nothing),
        Tree::Text(text) => return Ok(Value::new(text.as_bytes().to_vec())),
        Tree::Int(number) => number.to_string(),
        Tree::Uint(number) => number.to_string(),
        Tree::Float(number) => document::general(*number),
        Tree::Bool(truth) => truth.to_string(),
        tree @ (Tree::List(_) | Tree::Map(_)) => {
            let mut out = match style {
                Style::Yaml => document::write_yaml(tree),
                Style::Json => document::write_json(tree).or(Err(PathError::Kind))?,
            };
            return Ok(Value::new(std::mem::take(&mut *out)));
        }
        Tree::Time(_) | Tree::AnyMap(_) => return Err(PathError::Kind),
    };
    Ok(Value::new(text.into_bytes()))
}

#[cfg(test)]
mod tests;
