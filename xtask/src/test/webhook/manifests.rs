//! The manifests of suite/webhook: what of each is said at a real API server, which looks at its schemas
//! first. A first line `# says: …` is the mistake; warnings are looked at by the crate's own tests.

use std::fs;

use anyhow::{Context as _, Result, anyhow};
use serde_json::Value;

use super::{Stage, says, scene::Scene};

pub(super) fn check(stage: &mut Stage<'_>, scene: &Scene) -> Result<()> {
    for name in ["refused", "taken"] {
        let folder = stage.project.root.join("suite/webhook").join(name);
        let mut files: Vec<_> = fs::read_dir(&folder)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .with_context(|| format!("reading {}", folder.display()))?;
        files.sort_by_key(fs::DirEntry::file_name);
        for file in files {
            let text = fs::read_to_string(file.path())?;
            let file = file.file_name();
            let file = file.to_string_lossy();
            let file = file.trim_end_matches(".yaml");
            let object: Value =
                serde_saphyr::from_str(&text).with_context(|| format!("the manifest {file}"))?;
            let expected = text
                .lines()
                .next()
                .and_then(|line| line.strip_prefix("# says: "));
            let said = match (scene.apply(&object), expected) {
                (Ok(()), None) => Ok(()),
                (Err(error), Some(expected)) => says(&error, expected),
                (Ok(()), Some(expected)) => Err(anyhow!("it was taken, in spite of {expected}")),
                (Err(error), None) => Err(error),
            };
            stage.check(&format!("{name}-{file}"), said);
        }
    }
    Ok(())
}
