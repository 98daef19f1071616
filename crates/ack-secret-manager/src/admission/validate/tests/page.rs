//! What docs/ack-secret-manager.md says of mistakes is what the tests that it names show.

use super::*;

#[test]
fn the_page_says_what_is_refused() {
    let page = fs::read_to_string(folder("../../docs/ack-secret-manager.md")).unwrap();
    let section = page
        .split("## Mistakes that are found before")
        .nth(1)
        .unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(1);
    let mut seen = 0;
    for row in rows {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [_, alone, beside, tests] = cells[..] else {
            panic!("{row}");
        };
        let cases = tests.split(", ");
        let found: Vec<&str> = cases
            .map(|case| outcome(case.trim().trim_matches('`')))
            .collect();
        for said in [alone, beside].into_iter().filter(|said| !said.is_empty()) {
            assert!(found.contains(&said), "{row}: {found:?}");
        }
        for found in found {
            assert!([alone, beside].contains(&found), "{row}: {found}");
        }
        seen += 1;
    }
    assert!(seen >= 20, "{seen} rows");
}

fn outcome(case: &str) -> &'static str {
    let path = folder("tests/validate").join(case).join("verdict.yaml");
    let verdict: Expected = serde_json::from_value(yaml(&path)).unwrap();
    match (verdict.mistakes.is_empty(), verdict.warnings.is_empty()) {
        (false, _) => "refused",
        (true, false) => "warned",
        (true, true) => "taken",
    }
}
