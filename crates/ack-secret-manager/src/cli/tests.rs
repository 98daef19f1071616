use super::*;

fn read(line: &[&str]) -> Option<Command> {
    let arguments = line.iter().map(OsString::from);
    parse(arguments, &Env::default()).ok()
}

#[test]
fn flags_alone_run_the_operator() {
    for line in [
        &["ack-secret-manager"][..],
        &["ack-secret-manager", "--region=cn-beijing"],
        &["ack-secret-manager", "-region", "cn-beijing"],
    ] {
        assert!(matches!(read(line), Some(Command::Operator(_))), "{line:?}");
    }
}

#[test]
fn flags_can_be_looked_at_alone() {
    let line = [
        "ack-secret-manager",
        "check",
        "--region=cn-beijing",
        "-disable-polling",
    ];
    let Some(Command::Check(settings)) = read(&line) else {
        panic!("{line:?}");
    };
    assert!(settings.remote.polling.is_none());
    assert!(read(&["ack-secret-manager", "check", "--regiom=x"]).is_none());
}

#[test]
fn a_word_is_a_command() {
    for (line, tool) in [
        (&["ack-secret-manager", "crds"][..], "Crds"),
        (&["ack-secret-manager", "version"], "Version"),
        (&["ack-secret-manager", "--version"], "Version"),
        (
            &["ack-secret-manager", "convert", "--strict", "a.yaml", "-"],
            "Convert",
        ),
        (
            &["ack-secret-manager", "validate", "--strict", "-"],
            "Validate",
        ),
        (
            &["ack-secret-manager", "cleanup", "--watch-namespaces=a,b"],
            "Cleanup",
        ),
        (
            &[
                "ack-secret-manager",
                "webhook",
                "--service=a",
                "--agent-image=b",
            ],
            "Webhook",
        ),
    ] {
        let Some(Command::Tool(read)) = read(line) else {
            panic!("{line:?}");
        };
        assert!(format!("{read:?}").starts_with(tool), "{read:?}");
    }
    for line in [
        &["ack-secret-manager", "webhook", "--tls-cert-file=a"][..],
        &["ack-secret-manager", "webhook", "--listen=8443"],
        &["ack-secret-manager", "cleanup", "--watch-namespaces=A"],
        &["ack-secret-manager", "serve"],
    ] {
        assert!(read(line).is_none(), "{line:?}");
    }
}
