//! What ends at once, and what it says.

use std::{fs, net::TcpListener, process::Command};

use tempfile::tempdir;

use crate::program::{Dev, command, refused, scratch};

#[test]
fn a_second_one_in_the_same_folder_refuses() {
    let (_parent, dir) = scratch();
    let _dev = Dev::start(&dir);
    let (code, said) = refused(&mut command(&dir));
    assert_eq!(code, Some(70));
    assert!(
        said.contains("another kms-server dev is running in "),
        "{said}"
    );
}

#[test]
fn a_taken_port_is_named_with_its_flag() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for flag in ["--port", "--tls-port", "--instance-port", "--agent-port"] {
        let (_parent, dir) = scratch();
        let mut command = Command::new(env!("CARGO_BIN_EXE_kms-server"));
        command.arg("dev").arg("--dir").arg(&dir);
        for each in ["--port", "--tls-port", "--instance-port", "--agent-port"] {
            command.args([each, if each == flag { port.as_str() } else { "0" }]);
        }
        let (code, said) = refused(&mut command);
        assert_eq!(code, Some(70), "{said}");
        assert!(said.contains(&format!("port {port} is taken")), "{said}");
        assert!(said.contains(&format!(" {flag}")), "{said}");
        // And a second try with a free one goes on from there.
        drop(Dev::start(&dir));
    }
}

#[test]
fn a_foreign_folder_and_wrong_arguments_exit_with_64() {
    let foreign = tempdir().unwrap();
    fs::write(foreign.path().join("thesis.txt"), "").unwrap();
    let (code, said) = refused(&mut command(foreign.path()));
    assert_eq!(code, Some(64));
    assert!(
        said.contains("is not empty and was not made by kms-server dev"),
        "{said}"
    );
    assert_eq!(fs::read_dir(foreign.path()).unwrap().count(), 1);

    let output = Command::new(env!("CARGO_BIN_EXE_kms-server"))
        .args(["dev", "--prot", "1"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(64));
}

#[test]
fn help_teaches() {
    for arguments in [&["--help"][..], &["dev", "--help"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_kms-server"))
            .args(arguments)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0));
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(
            help.contains("agent-test") && help.contains(".kms-dev"),
            "{help}"
        );
    }
}
