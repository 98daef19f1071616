//! Documents as Go has them: parsed by `yaml.v3` or `encoding/json` into values of no particular
//! type, and written again byte for byte as these two would (reference k8s-sync §1.5).

mod json;
mod number;
mod timestamp;
mod tree;
mod yaml;

pub(super) use json::{is_document as is_json, parse as parse_json, write as write_json};
pub(super) use number::general;
pub(super) use timestamp::Timestamp;
pub(super) use tree::{Text, Tree, deep_equal};
pub(super) use yaml::{
    parse as parse_yaml, parse_mapping as parse_yaml_mapping, write as write_yaml,
};

/// How deep documents may nest. Go stops at 10 000; what lies deeper than this is nobody's secret.
const DEPTH: usize = 256;

/// What is wrong with a document. Nothing of it is quoted.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DocumentError {
    /// The bytes are not text.
    #[error("the document is not text in UTF-8")]
    Encoding,
    /// Neither JSON nor YAML.
    #[error("the document does not parse: line {line}, column {column}")]
    Syntax {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// YAML that contradicts itself: a key twice in one mapping, a tag that does not fit its value.
    #[error("the document contradicts itself: {0}")]
    Sense(&'static str),
    /// Nested too deep, or grown too large by its aliases.
    #[error("the document is too large when its aliases are resolved, or nests too deep")]
    Size,
}

#[cfg(test)]
pub(super) mod golden;

#[cfg(test)]
mod tests;
