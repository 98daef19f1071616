use proptest::prelude::*;

use super::EnvFile;

#[test]
fn lines_are_made_for_source() {
    let file = EnvFile::default()
        .with("KMS_ENDPOINT", "127.0.0.1:9470")
        .with("KMS_CA_FILE", "/home/it's me/ca.pem");
    assert_eq!(
        file.render().as_str(),
        "export KMS_ENDPOINT=127.0.0.1:9470\nexport KMS_CA_FILE='/home/it'\\''s me/ca.pem'\n"
    );
}

#[test]
fn a_shell_reads_what_was_written() {
    let value = "a b$HOME`id`\"'\\x!";
    let text = EnvFile::default().with("V", value).render();
    let script = format!("{}printf %s \"$V\"", text.as_str());
    let output = std::process::Command::new("sh")
        .arg("-c")
        .arg(script)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), value);
}

#[test]
fn values_are_not_shown() {
    let file = EnvFile::default().with("S", "canary-5d0c7e93");
    assert!(!format!("{file:?}").contains("canary"));
}

proptest! {
    #[test]
    fn what_was_written_is_read_back(value in "[ -~äß中]{0,40}") {
        let text = EnvFile::default().with("A", "1").with("V", &value).render();
        let read = EnvFile::parse(&text);
        prop_assert_eq!(read.get("V").unwrap().expose(), &value);
    }
}
