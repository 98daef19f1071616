//! An expression over a document, as go-jmespath's interpreter does it.

use std::{borrow::Cow, collections::BTreeMap};

use jmespath::ast::{Ast, Comparator};

use super::{
    super::document::{Text, Tree, deep_equal},
    PathError, functions,
    item::{Found, Item, literal},
    slice,
};

/// How many values an expression may make. Go has no such bound, and would run out of memory.
const BUDGET: usize = 1_000_000;

/// Evaluates, and counts what it makes.
pub(super) struct Evaluator {
    left: usize,
}

/// What the expression finds; nothing if that is a reference to an expression.
pub(super) fn search<'a>(ast: &'a Ast, tree: &'a Tree) -> Result<Option<Found<'a>>, PathError> {
    let mut evaluator = Evaluator { left: BUDGET };
    Ok(evaluator.item(ast, tree.into())?.into_found())
}

// === impl Evaluator ===

impl Evaluator {
    /// Takes from the budget.
    pub(super) fn spend(&mut self, count: usize) -> Result<(), PathError> {
        self.left = self.left.checked_sub(count).ok_or(PathError::Size)?;
        Ok(())
    }

    /// A value of its own, to be put into another one.
    pub(super) fn own(&mut self, item: Item<'_>) -> Result<Tree, PathError> {
        match item {
            Item::Tree(tree) => {
                self.spend(tree.size())?;
                Ok(tree.into_owned())
            }
            // Its struct has nothing in it that Go would write.
            Item::Reference(_) => Ok(Tree::Map(BTreeMap::new())),
        }
    }

    pub(super) fn item<'a>(&mut self, ast: &'a Ast, at: Item<'a>) -> Result<Item<'a>, PathError> {
        self.spend(1)?;
        Ok(match ast {
            Ast::Identity { .. } => at,
            Ast::Literal { value, .. } => {
                let tree = literal(value);
                self.spend(tree.size())?;
                tree.into()
            }
            Ast::Field { name, .. } => field(at, name),
            Ast::Index { idx, .. } => index(at, *idx),
            Ast::Subexpr { lhs, rhs, .. } => {
                let at = self.item(lhs, at)?;
                self.item(rhs, at)?
            }
            Ast::Or { lhs, rhs, .. } => {
                let left = self.item(lhs, at.clone())?;
                if left.is_true() {
                    left
                } else {
                    self.item(rhs, at)?
                }
            }
            Ast::And { lhs, rhs, .. } => {
                let left = self.item(lhs, at.clone())?;
                if left.is_true() {
                    self.item(rhs, at)?
                } else {
                    left
                }
            }
            Ast::Not { node, .. } => Tree::Bool(!self.item(node, at)?.is_true()).into(),
            Ast::Condition {
                predicate, then, ..
            } => {
                if self.item(predicate, at.clone())?.is_true() {
                    self.item(then, at)?
                } else {
                    Item::null()
                }
            }
            Ast::Comparison {
                comparator,
                lhs,
                rhs,
                ..
            } => {
                let left = self.item(lhs, at.clone())?;
                let right = self.item(rhs, at)?;
                compare(comparator, &left, &right)
            }
            Ast::Expref { ast, .. } => Item::Reference(ast),
            Ast::Function { name, args, .. } => {
                let args: Result<Vec<_>, _> =
                    args.iter().map(|arg| self.item(arg, at.clone())).collect();
                functions::call(self, name, args?)?
            }
            Ast::MultiList { elements, .. } if !at.is_null() => {
                let mut list = Vec::new();
                for element in elements {
                    let item = self.item(element, at.clone())?;
                    list.push(self.own(item)?);
                }
                Tree::List(list).into()
            }
            Ast::MultiHash { elements, .. } if !at.is_null() => {
                let mut map = BTreeMap::new();
                for pair in elements {
                    let item = self.item(&pair.value, at.clone())?;
                    map.insert(Text::new(pair.key.as_str()), self.own(item)?);
                }
                Tree::Map(map).into()
            }
            Ast::MultiList { .. } | Ast::MultiHash { .. } => Item::null(),
            Ast::ObjectValues { node, .. } => self.values(node, at)?,
            Ast::Flatten { node, .. } => self.flatten(node, at)?,
            Ast::Slice {
                start, stop, step, ..
            } => self.slice(&at, *start, *stop, *step)?,
            Ast::Projection { lhs, rhs, .. } => self.projection(lhs, rhs, at)?,
        })
    }

    /// What does not evaluate on the left of these two is nothing, not an error.
    fn left<'a>(&mut self, ast: &'a Ast, at: Item<'a>) -> Result<Item<'a>, PathError> {
        match self.item(ast, at) {
            Err(error @ PathError::Size) => Err(error),
            other => Ok(other.unwrap_or_else(|_| Item::null())),
        }
    }

    /// Before the values come as many nothings as there are: go-jmespath makes room for them, and
    /// then puts them behind it.
    fn values<'a>(&mut self, node: &'a Ast, at: Item<'a>) -> Result<Item<'a>, PathError> {
        let left = self.left(node, at)?;
        let Some(Tree::Map(map)) = left.tree() else {
            return Ok(Item::null());
        };
        let mut list = vec![Tree::Null; map.len()];
        for value in map.values() {
            list.push(self.own(value.into())?);
        }
        Ok(Tree::List(list).into())
    }

    fn flatten<'a>(&mut self, node: &'a Ast, at: Item<'a>) -> Result<Item<'a>, PathError> {
        let left = self.left(node, at)?;
        let Some(Tree::List(items)) = left.tree() else {
            return Ok(Item::null());
        };
        let mut list = Vec::new();
        for item in items {
            match item {
                Tree::List(items) => {
                    for item in items {
                        list.push(self.own(item.into())?);
                    }
                }
                item => list.push(self.own(item.into())?),
            }
        }
        Ok(Tree::List(list).into())
    }

    fn slice<'a>(
        &mut self,
        at: &Item<'a>,
        start: Option<i32>,
        end: Option<i32>,
        step: i32,
    ) -> Result<Item<'a>, PathError> {
        let Some(Tree::List(items)) = at.tree() else {
            return Ok(Item::null());
        };
        let mut list = Vec::new();
        for place in slice::places(items.len(), start, end, step)? {
            if let Some(item) = items.get(place) {
                list.push(self.own(item.into())?);
            }
        }
        Ok(Tree::List(list).into())
    }

    fn projection<'a>(
        &mut self,
        lhs: &'a Ast,
        rhs: &'a Ast,
        at: Item<'a>,
    ) -> Result<Item<'a>, PathError> {
        let filters = matches!(rhs, Ast::Condition { .. });
        let left = if filters {
            self.left(lhs, at)?
        } else {
            self.item(lhs, at)?
        };
        let mut list = Vec::new();
        let mut keep = |evaluator: &mut Self, item: Item<'_>| {
            if !item.is_null() {
                list.push(evaluator.own(item)?);
            }
            Ok::<_, PathError>(())
        };
        match left {
            Item::Tree(Cow::Borrowed(Tree::List(items))) => {
                for item in items {
                    let item = self.item(rhs, item.into())?;
                    keep(self, item)?;
                }
            }
            Item::Tree(Cow::Owned(Tree::List(items))) => {
                for item in items {
                    let item = self.item(rhs, item.into())?;
                    keep(self, item)?;
                }
            }
            _ => return Ok(Item::null()),
        }
        Ok(Tree::List(list).into())
    }
}

fn field<'a>(at: Item<'a>, name: &str) -> Item<'a> {
    let name = Text::new(name);
    match at {
        Item::Tree(Cow::Borrowed(Tree::Map(map))) => {
            map.get(&name).map_or_else(Item::null, Item::from)
        }
        Item::Tree(Cow::Owned(Tree::Map(mut map))) => {
            map.remove(&name).map_or_else(Item::null, Item::from)
        }
        _ => Item::null(),
    }
}

fn index(at: Item<'_>, index: i32) -> Item<'_> {
    let place = |length: usize| {
        let length = i64::try_from(length).ok()?;
        let index = i64::from(index);
        usize::try_from(if index < 0 { index + length } else { index }).ok()
    };
    match at {
        Item::Tree(Cow::Borrowed(Tree::List(list))) => place(list.len())
            .and_then(|place| list.get(place))
            .map_or_else(Item::null, Item::from),
        Item::Tree(Cow::Owned(Tree::List(mut list))) => match place(list.len()) {
            Some(place) if place < list.len() => list.swap_remove(place).into(),
            _ => Item::null(),
        },
        _ => Item::null(),
    }
}

/// Numbers are compared only if both are `float64`; equal are values of one type only.
fn compare<'a>(comparator: &Comparator, left: &Item<'a>, right: &Item<'a>) -> Item<'a> {
    let equal = || match (left, right) {
        (Item::Tree(left), Item::Tree(right)) => deep_equal(left, right),
        _ => false,
    };
    let (left, right) = match (comparator, left.tree(), right.tree()) {
        (Comparator::Equal, ..) => return Tree::Bool(equal()).into(),
        (Comparator::NotEqual, ..) => return Tree::Bool(!equal()).into(),
        (_, Some(Tree::Float(left)), Some(Tree::Float(right))) => (left, right),
        _ => return Item::null(),
    };
    Tree::Bool(match comparator {
        Comparator::LessThan => left < right,
        Comparator::LessThanEqual => left <= right,
        Comparator::GreaterThan => left > right,
        Comparator::GreaterThanEqual | Comparator::Equal | Comparator::NotEqual => left >= right,
    })
    .into()
}
