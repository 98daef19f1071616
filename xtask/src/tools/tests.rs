use super::*;

#[test]
fn a_command_is_written_down_without_its_environment() {
    let mut command = Command::new("a program");
    command.args(["--flag", "va\"lue"]).env("KEY", "hunter2");
    assert_eq!(line(&command), r#""a program" "--flag" "va\"lue""#);
}
