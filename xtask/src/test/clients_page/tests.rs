use super::{COLUMNS, compare, rows};

fn page(cells: &str) -> String {
    let heads: Vec<&str> = COLUMNS.iter().map(|(what, _)| *what).collect();
    format!(
        "# Clients\n\n| client | part | checks | {} |\n|{}\n| Some (Go) | sdk-go | `go-v3` `keys-go` | {cells} |\n",
        heads.join(" | "),
        "---|".repeat(3 + COLUMNS.len())
    )
}

fn told(cells: &str, passed: &[&str]) -> Result<(), String> {
    let page = page(cells);
    let rows = rows(&page).unwrap();
    let [row] = rows.as_slice() else {
        panic!("one row")
    };
    let passed: Vec<String> = passed.iter().map(|name| (*name).to_owned()).collect();
    compare(row, &passed).map_err(|error| error.to_string())
}

const DONE: [&str; 4] = [
    "go-v3-create-and-read-plain",
    "go-v3-tag",
    "keys-go-sign-and-verify",
    "go-v3-missing-secret",
];

#[test]
fn a_page_that_says_what_was_done_is_right() {
    told("yes | yes | – | yes | – | – | yes | yes", &DONE).unwrap();
}

#[test]
fn it_may_not_promise_more_or_hide_something() {
    let promised = told("yes | yes | yes | yes | – | – | yes | yes", &DONE).unwrap_err();
    assert!(promised.contains("lists: \"yes\""), "{promised}");
    let hidden = told("yes | yes | – | yes | – | – | – | yes", &DONE).unwrap_err();
    assert!(hidden.contains("signs: \"–\""), "{hidden}");
}

#[test]
fn what_another_client_did_or_what_only_begins_alike_does_not_count() {
    let said = "– | – | – | – | – | – | – | –";
    told(said, &["go-v1-tag", "go-v3-tagged", "other-go-v3-tag"]).unwrap();
}

#[test]
fn a_table_of_another_form_is_refused() {
    assert!(rows("| client | part |\n").is_err());
}
