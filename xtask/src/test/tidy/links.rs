//! A link from one page to another leads somewhere.

use std::path::{Component, Path, PathBuf};

use anyhow::Result;

use super::{Source, none};

pub(super) fn check(root: &Path, sources: &[Source]) -> Result<()> {
    let findings: Vec<String> = sources
        .iter()
        .filter(|source| source.ends_in("md"))
        .flat_map(|source| {
            local_links(&source.text)
                .filter(|link| !root.join(target(&source.path, link)).exists())
                .map(|link| format!("{} links to {link}, which is not there", source.path))
        })
        .collect();
    none(&findings)
}

/// Where links lead, those aside that leave the project or stay on the page.
fn local_links(page: &str) -> impl Iterator<Item = &str> {
    page.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#']).next())
        .filter(|link| !link.is_empty() && !link.contains("://"))
}

/// Seen from the project's folder.
fn target(page: &str, link: &str) -> PathBuf {
    let mut path = PathBuf::from(page);
    path.pop();
    for part in Path::new(link).components() {
        if part == Component::ParentDir {
            path.pop();
        } else {
            path.push(part);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{local_links, target};

    #[test]
    fn finds_links_within_the_project() {
        let page = "[a](docs/a.md) [b](#there) [c](https://example.com) ![d](../d.png#top)";
        let links: Vec<&str> = local_links(page).collect();
        assert_eq!(links, ["docs/a.md", "../d.png"]);
    }

    #[test]
    fn leads_from_the_page() {
        assert_eq!(
            target("docs/decisions/1.md", "../a.md"),
            Path::new("docs/a.md")
        );
        assert_eq!(target("README.md", "docs"), Path::new("docs"));
    }
}
