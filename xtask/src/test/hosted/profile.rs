//! A profile of an example, filled in as its README says.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, ensure};

/// Copies the properties of a profile, and puts something else where these texts stand: each has
/// to stand somewhere.
pub(super) fn fill_in(from: &Path, to: &Path, changes: &[(&str, &str)]) -> Result<()> {
    const FILES: [&str; 2] = [
        "application.properties",
        "managed_credentials_providers.properties",
    ];
    fs::create_dir_all(to).with_context(|| format!("making {}", to.display()))?;
    let mut texts = Vec::new();
    for name in FILES {
        let file = from.join(name);
        let text = fs::read_to_string(&file);
        texts.push(text.with_context(|| format!("reading {}", file.display()))?);
    }
    for (found, wanted) in changes {
        let stands = texts.iter().any(|text| text.contains(found));
        ensure!(stands, "{found} stands nowhere in {}", from.display());
        for text in &mut texts {
            *text = text.replace(found, wanted);
        }
    }
    for (name, text) in FILES.iter().zip(texts) {
        fs::write(to.join(name), text).with_context(|| format!("writing {name}"))?;
    }
    Ok(())
}
