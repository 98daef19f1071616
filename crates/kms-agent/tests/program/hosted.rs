//! Hosted AccessKeys for programs that know no KMS: `credential`, CredentialsURI, files.

use std::{fs, os::unix::fs::PermissionsExt};

use kms_testkit::{
    FakeKms, Reply,
    agent::{AgentSetup, TOKEN},
    read_one,
};
use serde_json::{Value, json};

use crate::{PROGRAM, eventually, program, text};

const NAME: &str = "acs/ram/user/app";

fn host(kms: &FakeKms, id: &str) {
    let value = json!({"AccessKeyId": id, "AccessKeySecret": "s3cret/+="});
    kms.set(NAME, Reply::Text(value.to_string()));
}

#[test]
fn credential_prints_what_an_external_process_prints() {
    for response_type in 0..3 {
        let kms = FakeKms::start().unwrap();
        host(&kms, "LTAI5tHosted");
        kms.set("plain", Reply::Text("{\"a\":\"hunter2\"}".to_owned()));
        kms.set("gone", Reply::not_found());
        let agent = AgentSetup::new(PROGRAM, &kms.url())
            .config("Server", &format!("ResponseType = {response_type}"))
            .start();
        let url = format!("http://localhost:{}", agent.address().port());
        let run = |name: &str| {
            let env = [("KMS_AGENT", url.as_str()), ("KMS_TOKEN", TOKEN)];
            let output = program(agent.dir(), &["credential", name], &env);
            (
                output.status.code(),
                text(&output.stdout),
                text(&output.stderr),
            )
        };
        let (code, out, err) = run(NAME);
        assert_eq!((code, &*err), (Some(0), ""));
        assert_eq!(
            out,
            "{\"mode\":\"AK\",\"access_key_id\":\"LTAI5tHosted\",\"access_key_secret\":\"s3cret/+=\"}\n"
        );
        let (code, out, err) = run("plain");
        assert_eq!((code, &*out), (Some(70), ""));
        assert!(
            err.contains("is no JSON with the texts AccessKeyId"),
            "{err}"
        );
        assert!(!err.contains("hunter2"));
        let (code, _, err) = run("gone");
        assert_eq!(code, Some(70));
        assert!(err.contains("cannot read gone"), "{err}");
    }
}

#[test]
fn a_credentials_uri_follows_the_rotation_and_the_log_stays_clean() {
    let kms = FakeKms::start().unwrap();
    host(&kms, "LTAI5tOld");
    let agent = AgentSetup::new(PROGRAM, &kms.url())
        .config("Server", &format!("CredentialsUriSecrets = [\"{NAME}\"]"))
        .config("Server", "CredentialsUriToken = \"query\"")
        .config("Cache", "TtlSeconds = 1")
        .start();
    let ask = || {
        use std::io::Write;
        let request =
            format!("GET /credentials/{NAME}?token={TOKEN} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        let mut stream = std::net::TcpStream::connect(agent.address()).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let response = read_one(&mut stream).unwrap();
        serde_json::from_slice::<Value>(&response.body).unwrap()
    };
    let first = ask();
    assert_eq!(first["Code"], "Success");
    assert_eq!(first["AccessKeyId"], "LTAI5tOld");
    assert_eq!(first["SecurityToken"], "");
    host(&kms, "LTAI5tNew");
    eventually("the new key", || ask()["AccessKeyId"] == "LTAI5tNew");
    // Neither the token nor any other secret is in what it wrote down.
    agent.stop_clean();
}

#[test]
fn rendered_files_are_there_before_the_agent_listens_and_follow_the_rotation() {
    let kms = FakeKms::start().unwrap();
    host(&kms, "LTAI5tOld");
    let entries = [
        ("config.json", "profile", ""),
        ("credentials", "ini", "Mode = \"0640\""),
        ("env", "env", ""),
    ]
    .map(|(file, format, more)| {
        format!("Secret = \"{NAME}\"\nFile = \"{file}\"\nFormat = \"{format}\"\n{more}")
    });
    let agent = AgentSetup::new(PROGRAM, &kms.url())
        .config("Cache", "TtlSeconds = 1")
        .config("[Render]", &entries.join("\n[[Render]]\n"))
        .start();
    let read = |file: &str| fs::read_to_string(agent.dir().join(file)).unwrap();
    let mode = |file: &str| {
        let metadata = fs::metadata(agent.dir().join(file)).unwrap();
        metadata.permissions().mode() & 0o777
    };
    let all = ["config.json", "credentials", "env"];
    for file in all {
        assert!(read(file).contains("LTAI5tOld"), "{file}");
    }
    host(&kms, "LTAI5tNew");
    for file in all {
        eventually(file, || read(file).contains("LTAI5tNew"));
        assert!(!read(file).contains("LTAI5tOld"));
    }
    assert_eq!(all.map(mode), [0o600, 0o640, 0o600]);
    kms.set_down(true);
    drop(agent);
}

#[test]
fn a_file_of_somebody_else_ends_the_start() {
    let kms = FakeKms::start().unwrap();
    host(&kms, "LTAI5tOld");
    let entry = format!("Secret = \"{NAME}\"\nFile = \"mine\"\nFormat = \"ini\"");
    let setup = AgentSetup::new(PROGRAM, &kms.url()).config("[Render]", &entry);
    fs::write(setup.dir().join("mine"), "[default]\n").unwrap();
    let ended = setup.try_start().err().unwrap();
    assert_eq!(ended.status.code(), Some(64));
    assert!(
        ended
            .output
            .contains("mine is there and was not written by this agent"),
        "{}",
        ended.output
    );
}
