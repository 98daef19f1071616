//! The real program: `kms-server dev` in a folder of its own, on free ports, from its
//! first line to its last.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test whose server does not start has failed"
)]

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Read},
    net::{SocketAddr, TcpListener},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread::{self, JoinHandle},
};

use jiff::Timestamp;
use kms_testkit::{Exchange, LeakCheck, RawResponse};
use kms_types::RequestId;
use kms_wire::{
    Params,
    sign::{SigningKey, Unsigned, sign_acs3},
};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};

const CANARY: &str = "canary-value-密-7f3a9e41c2d8b605";

/// A server that runs; killed when dropped.
struct Dev {
    child: Child,
    dir: PathBuf,
    env: BTreeMap<String, String>,
    /// What it printed until it was ready.
    summary: String,
    errors: Option<JoinHandle<Vec<u8>>>,
}

impl Dev {
    fn start(dir: &Path) -> Self {
        let mut child = command(dir).spawn().unwrap();
        let mut errors = child.stderr.take().unwrap();
        let errors = thread::spawn(move || {
            let mut bytes = Vec::new();
            errors.read_to_end(&mut bytes).unwrap();
            bytes
        });
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut summary = String::new();
        while !summary.ends_with("\nready\n") {
            let count = out.read_line(&mut summary).unwrap();
            if count == 0 {
                let said = errors.join().unwrap();
                panic!("ended: {summary}{}", String::from_utf8_lossy(&said));
            }
        }
        // Kept open: the program may print, and nobody reads on.
        child.stdout = Some(out.into_inner());
        Self {
            child,
            dir: dir.canonicalize().unwrap(),
            env: sourced(&dir.join("env")),
            summary,
            errors: Some(errors),
        }
    }

    /// SIGTERM, and what it wrote to standard error until it ended well.
    fn stop(mut self) -> Vec<u8> {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        self.errors.take().unwrap().join().unwrap()
    }

    fn get(&self, target: &str, header: &str) -> RawResponse {
        let agent = self.env["KMS_AGENT"]
            .strip_prefix("http://localhost:")
            .unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], agent.parse().unwrap()));
        let request = format!("GET {target} HTTP/1.1\r\nHost: localhost:{agent}\r\n{header}\r\n");
        one(address, request.as_bytes())
    }

    fn read(&self, target: &str) -> RawResponse {
        let token = fs::read_to_string(self.dir.join("kmstoken")).unwrap();
        self.get(target, &format!("X-KMS-Token: {token}\r\n"))
    }

    /// One call of Kms with the AccessKey of DIR/env.
    fn call(&self, action: &str, params: &[(&str, &str)]) -> Value {
        let mut business = Params::default();
        for (name, value) in params {
            business.push(*name, *value);
        }
        let key = SigningKey {
            access_key_id: self.env["ALIBABA_CLOUD_ACCESS_KEY_ID"].parse().unwrap(),
            access_key_secret: self.env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"].as_str().into(),
            security_token: None,
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "the program's clock is the real one"
        )]
        let now = Timestamp::now();
        let signed = sign_acs3(
            &Unsigned {
                version: "2016-01-20",
                action,
                params: &business,
                host: &self.env["KMS_ENDPOINT"],
                user_agent: "test",
                provider: "",
                now,
                nonce: &RequestId::random().to_string(),
            },
            &key,
        );
        let mut request = format!("{} {} HTTP/1.1\r\n", signed.method, signed.target);
        for (name, value) in &signed.headers {
            request.extend([name, ": ", value, "\r\n"]);
        }
        request += "\r\n";
        let answer = one(
            self.env["KMS_ENDPOINT"].parse().unwrap(),
            request.as_bytes(),
        );
        serde_json::from_slice(&answer.body).unwrap()
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn command(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kms-server"));
    command
        .args([
            "dev",
            "--port",
            "0",
            "--tls-port",
            "0",
            "--agent-port",
            "0",
            "--dir",
        ])
        .arg(dir)
        // What a developer has in the shell must not count.
        .env("KMS_TOKEN", "wrong")
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "wrong")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What a shell has after `source`.
fn sourced(path: &Path) -> BTreeMap<String, String> {
    let output = Command::new("sh")
        .args(["-c", ". \"$0\" && env -0"])
        .arg(path)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .output()
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout)
        .unwrap()
        .split_terminator('\0')
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn one(address: SocketAddr, request: &[u8]) -> RawResponse {
    let mut exchange = Exchange::run(address, request, 1, false).unwrap();
    exchange.responses.remove(0)
}

fn refused(command: &mut Command) -> (Option<i32>, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    assert!(stdout.is_empty(), "{}", String::from_utf8_lossy(&stdout));
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(stderr.matches('\n').count(), 1, "one line: {stderr}");
    (status.code(), stderr)
}

fn scratch() -> (TempDir, PathBuf) {
    let parent = tempdir().unwrap();
    // A blank, for paths are quoted where a shell reads them.
    let dir = parent.path().join("my kms");
    (parent, dir)
}

#[test]
fn everything_works_and_is_kept_and_nothing_leaks() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    assert!(dev.summary.contains("source "), "{}", dev.summary);

    // Both routes of seed 000, with seed 002's demo secret.
    for target in ["/secretsmanager/get?secretId=agent-test", "/v1/agent-test"] {
        let answer = dev.read(target);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let mut body: Value = serde_json::from_slice(&answer.body).unwrap();
        for made_up in ["CreateTime", "RequestId"] {
            assert!(
                body.as_object_mut()
                    .unwrap()
                    .remove(made_up)
                    .unwrap()
                    .is_string()
            );
        }
        assert_eq!(
            body,
            json!({
                "SecretData": "{\"k3\":\"v3\"}",
                "SecretDataType": "text",
                "SecretName": "agent-test",
                "SecretType": "Generic",
                "VersionId": "v2",
                "VersionStages": {"VersionStage": ["ACSCurrent"]},
            })
        );
    }
    assert_eq!(dev.get("/v1/agent-test", "").status, 403);

    let params = [
        ("SecretName", "mine"),
        ("SecretData", CANARY),
        ("VersionId", "1"),
    ];
    let created = dev.call("CreateSecret", &params);
    assert_eq!(created["SecretName"], "mine", "{created}");
    assert!(dev.read("/v1/mine").text().contains(CANARY));
    // A refusal repeats parameters to the caller, and to nobody else.
    let refused = dev.call("CreateSecret", &params);
    assert_eq!(refused["Code"], "Rejected.ResourceExist");

    let env = dev.env.clone();
    let token = fs::read(dir.join("kmstoken")).unwrap();
    let ca = fs::read(dir.join("ca.pem")).unwrap();
    let (mut printed, first) = (dev.summary.clone().into_bytes(), dev.stop());
    printed.extend(first);

    let dev = Dev::start(&dir);
    assert!(dev.read("/v1/mine").text().contains(CANARY));
    for kept in [
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    ] {
        assert_eq!(dev.env[kept], env[kept], "{kept}");
    }
    assert_eq!(fs::read(dir.join("kmstoken")).unwrap(), token);
    assert_eq!(fs::read(dir.join("ca.pem")).unwrap(), ca);
    printed.extend(dev.stop());

    let values = LeakCheck::default().with("the value", CANARY.as_bytes());
    let all = values.clone().with("the token", &token).with(
        "the AccessKey",
        env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"].as_bytes(),
    );
    all.assert_clean("what it printed", &printed);
    assert!(all.assert_clean_folder(&dir.join("logs")) >= 2);
    values.assert_clean_folder(&dir);
    // Sealed as well: these two have files of their own, at the top.
    all.assert_clean_folder(&dir.join("store"));
}

#[test]
fn files_are_for_their_owner_alone() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let mut files = 0;
    let mut folders = vec![dev.dir.clone()];
    while let Some(folder) = folders.pop() {
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
                files += 1;
            }
        }
    }
    assert!(files >= 10, "{files}");
    let lines: Vec<_> = fs::read_to_string(dir.join("env"))
        .unwrap()
        .lines()
        .map(|line| line.split_once('=').unwrap().0.to_owned())
        .collect();
    assert_eq!(
        lines,
        [
            "export ALIBABA_CLOUD_ACCESS_KEY_ID",
            "export ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            "export KMS_ENDPOINT",
            "export KMS_TLS_ENDPOINT",
            "export KMS_CA_FILE",
            "export KMS_TOKEN",
            "export KMS_AGENT",
        ]
    );
    assert_eq!(Path::new(&dev.env["KMS_CA_FILE"]), dev.dir.join("ca.pem"));
    assert_eq!(
        dev.env["KMS_TOKEN"],
        format!("file://{}", dev.dir.join("kmstoken").display())
    );
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_lost_env_costs_an_accesskey_and_the_second_time_says_so() {
    let (_parent, dir) = scratch();
    let first = Dev::start(&dir).env["ALIBABA_CLOUD_ACCESS_KEY_ID"].clone();
    fs::remove_file(dir.join("env")).unwrap();
    let second = Dev::start(&dir).env["ALIBABA_CLOUD_ACCESS_KEY_ID"].clone();
    assert_ne!(first, second);
    fs::remove_file(dir.join("env")).unwrap();
    let (code, said) = refused(&mut command(&dir));
    assert_eq!(code, Some(70));
    assert!(said.contains("begin anew"), "{said}");
}

#[test]
fn data_without_its_root_key_is_not_begun_anew() {
    let (_parent, dir) = scratch();
    drop(Dev::start(&dir));
    fs::remove_file(dir.join("root.key")).unwrap();
    let (code, said) = refused(&mut command(&dir));
    assert_eq!(code, Some(70));
    assert!(said.contains("the root key is lost"), "{said}");
    assert!(!dir.join("root.key").exists());
}

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
    for flag in ["--port", "--tls-port", "--agent-port"] {
        let (_parent, dir) = scratch();
        let mut command = Command::new(env!("CARGO_BIN_EXE_kms-server"));
        command.arg("dev").arg("--dir").arg(&dir);
        for each in ["--port", "--tls-port", "--agent-port"] {
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
