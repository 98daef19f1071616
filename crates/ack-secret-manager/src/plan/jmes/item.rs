use std::{borrow::Cow, ops::Deref};

use jmespath::{Variable, ast::Ast};

use super::super::document::{Text, Tree};

/// What an expression has come to: a part of the document, a value of its own, or `&expression`.
#[derive(Clone, Debug)]
pub(super) enum Item<'a> {
    Tree(Cow<'a, Tree>),
    Reference(&'a Ast),
}

/// A value that is no reference.
pub(super) struct Found<'a>(Cow<'a, Tree>);

// === impl Item ===

impl<'a> Item<'a> {
    pub(super) fn null() -> Self {
        Tree::Null.into()
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Tree(tree) if matches!(**tree, Tree::Null))
    }

    /// The value; a reference is none.
    pub(super) fn tree(&self) -> Option<&Tree> {
        match self {
            Self::Tree(tree) => Some(tree),
            Self::Reference(_) => None,
        }
    }

    pub(super) fn into_found(self) -> Option<Found<'a>> {
        match self {
            Self::Tree(tree) => Some(Found(tree)),
            Self::Reference(_) => None,
        }
    }

    /// As `isFalse` of go-jmespath, turned around: no number is false, not even 0.
    pub(super) fn is_true(&self) -> bool {
        let Some(tree) = self.tree() else {
            return true;
        };
        match tree {
            Tree::Null => false,
            Tree::Bool(truth) => *truth,
            Tree::Text(text) => !text.as_bytes().is_empty(),
            Tree::List(list) => !list.is_empty(),
            Tree::Map(map) => !map.is_empty(),
            Tree::AnyMap(pairs) => !pairs.is_empty(),
            Tree::Int(_) | Tree::Uint(_) | Tree::Float(_) | Tree::Time(_) => true,
        }
    }
}

impl From<Tree> for Item<'_> {
    fn from(tree: Tree) -> Self {
        Self::Tree(Cow::Owned(tree))
    }
}

impl<'a> From<&'a Tree> for Item<'a> {
    fn from(tree: &'a Tree) -> Self {
        Self::Tree(Cow::Borrowed(tree))
    }
}

// === impl Found ===

impl Deref for Found<'_> {
    type Target = Tree;

    fn deref(&self) -> &Tree {
        &self.0
    }
}

/// A literal of an expression, its numbers as Go's JSON has them.
pub(super) fn literal(variable: &Variable) -> Tree {
    match variable {
        Variable::Null | Variable::Expref(_) => Tree::Null,
        Variable::Bool(truth) => Tree::Bool(*truth),
        Variable::String(text) => Tree::text(text.as_str()),
        Variable::Number(number) => Tree::Float(number.as_f64().unwrap_or_default()),
        Variable::Array(items) => Tree::List(items.iter().map(|item| literal(item)).collect()),
        Variable::Object(map) => Tree::Map(
            map.iter()
                .map(|(key, value)| (Text::new(key.as_str()), literal(value)))
                .collect(),
        ),
    }
}
