//! From nodes to values: aliases followed, mappings merged, keys told apart.

use std::collections::BTreeMap;

use super::{
    super::{DEPTH, DocumentError, Text, Tree},
    compose::{Kind, Node, Nodes},
    resolve::{self, ScalarKind},
};

const MERGE: DocumentError = DocumentError::Sense("what is merged is no mapping");
const KEY: DocumentError = DocumentError::Sense("a key is a list or a mapping");

struct Decoder<'a> {
    nodes: &'a Nodes,
    /// Aliases that are being followed.
    following: Vec<usize>,
    depth: usize,
    steps: u32,
    alias_steps: u32,
    /// The keys that a mapping has, while others are merged into it.
    merged: Option<Vec<Tree>>,
}

/// What a mapping's pairs go into.
enum Target {
    Text(BTreeMap<Text, Tree>),
    Any(Vec<(Tree, Tree)>),
}

/// The document as an `interface{}`; nothing is `nil`.
pub(super) fn value(nodes: &Nodes) -> Result<Tree, DocumentError> {
    let mut decoder = Decoder::new(nodes);
    match nodes.root {
        Some(root) => decoder.value(root),
        None => Ok(Tree::Null),
    }
}

/// The document as a `map[string]interface{}`.
pub(super) fn mapping(nodes: &Nodes) -> Result<Option<BTreeMap<Text, Tree>>, DocumentError> {
    let Some(root) = nodes.root else {
        return Ok(None);
    };
    let mut decoder = Decoder::new(nodes);
    match &nodes.get(root)?.kind {
        Kind::Mapping(items) => {
            decoder.step()?;
            let mut target = Target::Text(BTreeMap::new());
            decoder.pairs(items, &mut target)?;
            match target {
                Target::Text(map) => Ok(Some(map)),
                Target::Any(_) => Err(KEY),
            }
        }
        Kind::Scalar { .. } if matches!(decoder.value(root)?, Tree::Null) => Ok(None),
        _ => Err(DocumentError::Sense("it is no mapping")),
    }
}

// === impl Decoder ===

impl<'a> Decoder<'a> {
    fn new(nodes: &'a Nodes) -> Self {
        Self {
            nodes,
            following: Vec::new(),
            depth: 0,
            steps: 0,
            alias_steps: 0,
            merged: None,
        }
    }

    /// Counts, and stops documents that are mostly aliases, where `yaml.v3` does.
    fn step(&mut self) -> Result<(), DocumentError> {
        const FEW: u32 = 400_000;
        const MANY: u32 = 4_000_000;
        self.steps += 1;
        if !self.following.is_empty() {
            self.alias_steps += 1;
        }
        let allowed = match self.steps {
            ..=FEW => 0.99,
            MANY.. => 0.10,
            steps => 0.99 - 0.89 * (f64::from(steps - FEW) / f64::from(MANY - FEW)),
        };
        let share = f64::from(self.alias_steps) / f64::from(self.steps);
        if self.alias_steps > 100 && self.steps > 1000 && share > allowed {
            return Err(DocumentError::Size);
        }
        Ok(())
    }

    /// Runs one level below.
    fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DocumentError>,
    ) -> Result<T, DocumentError> {
        if self.depth >= DEPTH {
            return Err(DocumentError::Size);
        }
        self.depth += 1;
        let read = read(self)?;
        self.depth -= 1;
        Ok(read)
    }

    fn value(&mut self, node: usize) -> Result<Tree, DocumentError> {
        self.step()?;
        let Node { kind, tag } = self.nodes.get(node)?;
        match kind {
            Kind::Scalar { value, plain } => scalar(tag.as_deref(), value, *plain),
            Kind::Sequence(items) => self
                .deeper(|decoder| items.iter().map(|item| decoder.value(*item)).collect())
                .map(Tree::List),
            Kind::Mapping(items) => {
                let mut target = Target::of(self.nodes, items)?;
                self.pairs(items, &mut target)?;
                Ok(target.into_tree())
            }
            Kind::Alias { node: target, .. } => self.follow(node, |decoder| decoder.value(*target)),
        }
    }

    /// A key of a `map[string]…`: the text as it stands. `nil` is no key, and its pair is dropped.
    fn text_key(&mut self, node: usize) -> Result<Option<Text>, DocumentError> {
        self.step()?;
        let Node { kind, tag } = self.nodes.get(node)?;
        match kind {
            Kind::Scalar { value, plain } => match scalar(tag.as_deref(), value, *plain)? {
                Tree::Null => Ok(None),
                Tree::Text(text) => Ok(Some(text)),
                _ => Ok(Some(Text::new(value.as_bytes()))),
            },
            Kind::Alias { node: target, .. } => {
                self.follow(node, |decoder| decoder.text_key(*target))
            }
            Kind::Sequence(_) | Kind::Mapping(_) => Err(KEY),
        }
    }

    fn follow<T>(
        &mut self,
        alias: usize,
        read: impl FnOnce(&mut Self) -> Result<T, DocumentError>,
    ) -> Result<T, DocumentError> {
        if self.following.contains(&alias) {
            return Err(DocumentError::Sense("an alias contains itself"));
        }
        self.following.push(alias);
        let read = self.deeper(read)?;
        self.following.pop();
        Ok(read)
    }

    fn pairs(&mut self, items: &[usize], target: &mut Target) -> Result<(), DocumentError> {
        self.keys_differ(items)?;
        self.deeper(|decoder| decoder.pairs_below(items, target))
    }

    fn pairs_below(&mut self, items: &[usize], target: &mut Target) -> Result<(), DocumentError> {
        let mut merged = self.merged.take();
        let mut merge = None;
        for pair in items.chunks_exact(2) {
            let [key, value] = *pair else { continue };
            if is_merge(self.nodes.get(key)?) {
                merge = Some(value);
                continue;
            }
            let key = match target {
                Target::Text(_) => self.text_key(key)?.map(Tree::Text),
                Target::Any(_) => Some(self.value(key)?),
            };
            let Some(key) = key else { continue };
            if let Some(merged) = &mut merged {
                if merged.iter().any(|known| known.same_key(&key)) {
                    continue;
                }
                merged.push(key.clone());
            }
            if matches!(key, Tree::List(_) | Tree::Map(_) | Tree::AnyMap(_)) {
                return Err(KEY);
            }
            let value = self.value(value)?;
            target.insert(key, value);
        }
        self.merged = merged;
        match merge {
            Some(merge) => self.merge(items, merge, target),
            None => Ok(()),
        }
    }

    /// `yaml.v3` compares keys as they stand, whatever they mean.
    fn keys_differ(&self, items: &[usize]) -> Result<(), DocumentError> {
        let mut known = std::collections::HashSet::new();
        for key in items.iter().step_by(2) {
            let as_stands = match &self.nodes.get(*key)?.kind {
                Kind::Scalar { value, .. } => (0, value.as_str(), 0),
                Kind::Sequence(_) => (1, "", 0),
                Kind::Mapping(_) => (2, "", 0),
                Kind::Alias { anchor, .. } => (3, "", *anchor),
            };
            if !known.insert(as_stands) {
                return Err(DocumentError::Sense("a key stands twice in one mapping"));
            }
        }
        Ok(())
    }

    /// What the mapping does not have itself comes from those behind `<<`, the first first.
    fn merge(
        &mut self,
        items: &[usize],
        merge: usize,
        target: &mut Target,
    ) -> Result<(), DocumentError> {
        let outermost = self.merged.is_none();
        if outermost {
            let keys: Result<_, _> = items
                .iter()
                .step_by(2)
                .map(|key| self.value(*key))
                .collect();
            self.merged = Some(keys?);
        }
        match &self.nodes.get(merge)?.kind {
            Kind::Sequence(sources) => {
                for source in sources {
                    self.merge_one(*source, target)?;
                }
            }
            _ => self.merge_one(merge, target)?,
        }
        if outermost {
            self.merged = None;
        }
        Ok(())
    }

    fn merge_one(&mut self, source: usize, target: &mut Target) -> Result<(), DocumentError> {
        self.step()?;
        match &self.nodes.get(source)?.kind {
            Kind::Mapping(items) => self.pairs(items, target),
            Kind::Alias { node, .. } => match &self.nodes.get(*node)?.kind {
                Kind::Mapping(items) => self.follow(source, |decoder| {
                    decoder.step()?;
                    decoder.pairs(items, target)
                }),
                _ => Err(MERGE),
            },
            _ => Err(MERGE),
        }
    }
}

fn scalar(tag: Option<&str>, value: &str, plain: bool) -> Result<Tree, DocumentError> {
    match tag {
        Some("!!binary") => binary(value),
        Some(tag) => resolve::tagged(tag, value),
        None if plain && value != "<<" => Ok(resolve::plain(value)),
        None => Ok(Tree::text(value)),
    }
}

/// Base64 with its padding; line ends do not count.
fn binary(value: &str) -> Result<Tree, DocumentError> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let text: zeroize::Zeroizing<String> = value
        .chars()
        .filter(|c| !matches!(c, '\r' | '\n'))
        .collect::<String>()
        .into();
    match STANDARD.decode(text.as_bytes()) {
        Ok(bytes) => Ok(Tree::text(bytes)),
        Err(_) => Err(DocumentError::Sense(
            "what is tagged as binary is no base64",
        )),
    }
}

fn is_merge(node: &Node) -> bool {
    match &node.kind {
        Kind::Scalar { value, plain } => {
            value.as_str() == "<<"
                && match node.tag.as_deref() {
                    None => *plain,
                    Some(tag) => tag == "!!merge",
                }
        }
        _ => false,
    }
}

// === impl Target ===

impl Target {
    /// Keys that are all strings make a `map[string]interface{}`.
    fn of(nodes: &Nodes, items: &[usize]) -> Result<Self, DocumentError> {
        for key in items.iter().step_by(2) {
            if !is_text(nodes, *key)? {
                return Ok(Self::Any(Vec::new()));
            }
        }
        Ok(Self::Text(BTreeMap::new()))
    }

    fn insert(&mut self, key: Tree, value: Tree) {
        match (self, key) {
            (Self::Text(map), Tree::Text(key)) => {
                map.insert(key, value);
            }
            (Self::Text(_), _) => {}
            (Self::Any(pairs), key) => {
                match pairs.iter_mut().find(|(known, _)| known.same_key(&key)) {
                    Some((_, old)) => *old = value,
                    None => pairs.push((key, value)),
                }
            }
        }
    }

    fn into_tree(self) -> Tree {
        match self {
            Self::Text(map) => Tree::Map(map),
            Self::Any(pairs) => Tree::AnyMap(pairs),
        }
    }
}

/// Whether the tag of a key, given or guessed, is that of strings or of `<<`.
fn is_text(nodes: &Nodes, node: usize) -> Result<bool, DocumentError> {
    let Node { kind, tag } = nodes.get(node)?;
    Ok(match (kind, tag.as_deref()) {
        // No alias has an anchor of its own, so this ends.
        (Kind::Alias { node: target, .. }, _) => is_text(nodes, *target)?,
        (_, Some(tag)) => tag == "!!str" || tag == "!!merge",
        (Kind::Scalar { value, plain }, None) => {
            !plain
                || value.as_str() == "<<"
                || resolve::kind(&resolve::plain(value)) == ScalarKind::Text
        }
        (Kind::Sequence(_) | Kind::Mapping(_), None) => false,
    })
}
