use super::check;
use crate::test::tidy::Source;

fn text(path: &str, text: &str) -> Source {
    Source {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

#[test]
fn names_file_and_line() {
    let host = ["https://py", "pi.org/simple"].concat();
    let key = ["LTAI", "5tAbCdEf7hIj2lMnOpQr"].concat();
    let error = check(&[text("a.md", &format!("fine\n{host}\nid = \"{key}\"\n"))]).unwrap_err();
    let host = ["py", "pi.org"].concat();
    assert_eq!(
        error.to_string(),
        format!("a.md:2: {host}\n    a.md:3: what could be the AccessKey id of a real account")
    );
}

#[test]
fn lets_names_of_registries_and_short_keys_pass() {
    check(&[
        text(
            "a.md",
            "from PyPI and crates.io, LTAI5tTestTestTestTest, a networked thing",
        ),
        text("Cargo.lock", &["index.crates", ".io"].concat()),
    ])
    .unwrap();
}

#[test]
fn lets_the_folder_of_a_containers_client_key_pass_and_no_other_home() {
    check(&[text("a.yaml", "mountPath: /root/resources")]).unwrap();
    let home = ["/ro", "ot/"].concat();
    let error = check(&[text("a.yaml", &format!("/root/resources and {home}.cache"))]).unwrap_err();
    assert_eq!(error.to_string(), format!("a.yaml:1: {home}"));
}
