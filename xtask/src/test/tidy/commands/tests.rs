use super::{check, shell_lines};
use crate::test::tidy::Source;

const PAGE: &str = "
Text with `code`.
```sh
# a comment
cargo run --release -- dev

```
```toml
key = 1
```
```sh
curl localhost
```
";

#[test]
fn only_shell_blocks_count() {
    let lines: Vec<&str> = shell_lines(PAGE).collect();
    assert_eq!(lines, ["cargo run --release -- dev", "curl localhost"]);
}

#[test]
fn a_command_that_nothing_runs_is_named() {
    let source = |path: &str, text: &str| Source {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let error = check(&[
        source("docs/page.md", PAGE),
        source("README.md", "```sh\ncargo run --release -- dev\n```\n"),
        source("xtask/src/bench.rs", "curl localhost"),
    ])
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "docs/page.md: nothing runs `curl localhost`"
    );
}
