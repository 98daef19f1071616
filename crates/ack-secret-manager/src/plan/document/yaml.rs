//! YAML as `yaml.v3` reads and writes it. The events come from saphyr-parser; what they mean, and
//! everything on the way back, is ours.

mod analyse;
mod compose;
mod decode;
mod emit;
mod mend;
mod order;
mod read;
mod resolve;
mod scalar;

use super::{DocumentError, Text, Tree};
use std::collections::BTreeMap;

pub(in crate::plan) use emit::write;

/// As `yaml.Unmarshal` into an `interface{}`.
pub(in crate::plan) fn parse(bytes: &[u8]) -> Result<Tree, DocumentError> {
    let text = read::text(bytes)?;
    decode::value(&compose::compose(&text)?)
}

/// As `yaml.Unmarshal` into a `map[string]interface{}`: what is not a mapping, nor nothing, is an
/// error, and keys are the texts that stand there.
pub(in crate::plan) fn parse_mapping(
    bytes: &[u8],
) -> Result<Option<BTreeMap<Text, Tree>>, DocumentError> {
    let text = read::text(bytes)?;
    decode::mapping(&compose::compose(&text)?)
}
