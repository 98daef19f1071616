//! Root keys that lie elsewhere: in hardware (SoftHSM's), and with another KMS (another
//! server's).

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use kms_wire::sign::SigningKey;

use crate::{
    call::{create_secret, ok, read_secret},
    place::{Place, Said, chmod, key, said},
    server::Server,
};

const VALUE: &str = "hunter2";
const PIN: &str = "canary-pin-7316";

/// A token of SoftHSM in the place's folder.
struct Token<'a> {
    place: &'a Place,
    module: PathBuf,
}

impl<'a> Token<'a> {
    fn new(place: &'a Place) -> Self {
        let module = [
            "/usr/lib/softhsm",
            "/usr/lib64/pkcs11",
            "/usr/local/lib/softhsm",
        ]
        .map(|folder| Path::new(folder).join("libsofthsm2.so"))
        .into_iter()
        .find(|module| module.exists())
        .unwrap_or_else(|| panic!("no SoftHSM for the tests: Debian's package is softhsm2"));
        let token = Self { place, module };
        fs::create_dir(place.path("tokens")).unwrap();
        let conf = format!(
            "directories.tokendir = {}\n",
            place.path("tokens").display()
        );
        fs::write(token.conf(), conf).unwrap();
        token.softhsm(&[
            "--init-token",
            "--free",
            "--label",
            "our token",
            "--so-pin",
            PIN,
        ]);
        fs::write(place.path("pin"), format!("{PIN}\n")).unwrap();
        chmod(&place.path("pin"), 0o600);
        token
    }

    fn conf(&self) -> PathBuf {
        self.place.path("softhsm2.conf")
    }

    fn softhsm(&self, words: &[&str]) {
        let mut command = Command::new("softhsm2-util");
        command.args(words).args(["--pin", PIN]);
        let said = said(command.env("SOFTHSM2_CONF", self.conf()));
        assert_eq!(said.code, Some(0), "{said:?}");
    }

    /// A key that may be taken out of the token.
    fn add_extractable(&self, label: &str) {
        let mut command = Command::new("pkcs11-tool");
        command
            .arg("--module")
            .arg(&self.module)
            .args(["--token-label", "our token", "--login", "--pin", PIN])
            .args(["--keygen", "--key-type", "GENERIC:32", "--label", label])
            .args(["--usage-sign", "--extractable"]);
        let said = said(command.env("SOFTHSM2_CONF", self.conf()));
        assert_eq!(said.code, Some(0), "{said:?}");
    }

    fn uri(&self, object: &str) -> String {
        format!(
            "pkcs11:token=our%20token;object={object}?module-path={}&pin-source={}",
            self.module.display(),
            self.place.path("pin").display()
        )
    }

    fn configure(&self, current: &str, previous: Option<&str>) {
        let previous = previous.map(|uri| format!("previous = '{uri}'\n"));
        self.place.configure(&format!(
            "[root_key]\ncurrent = '{current}'\n{}",
            previous.unwrap_or_default()
        ));
    }

    fn run(&self, words: &[&str]) -> Said {
        let mut command = self.place.command(words);
        let said = said(command.env("SOFTHSM2_CONF", self.conf()));
        assert!(!format!("{said:?}").contains(PIN), "{said:?}");
        said
    }

    fn done(&self, words: &[&str]) -> String {
        let said = self.run(words);
        assert_eq!(said.code, Some(0), "{words:?}: {said:?}");
        said.out
    }

    fn serve(&self) -> Server {
        let mut command = self.place.command(&["serve"]);
        command.env("SOFTHSM2_CONF", self.conf());
        Server::from(&mut command)
    }
}

#[test]
fn a_key_in_hardware_is_made_there_and_opens_the_store() {
    let place = Place::sqlite();
    let token = Token::new(&place);
    token.configure(&token.uri("root"), None);
    let said = token.run(&["serve"]);
    assert_eq!(said.code, Some(77), "{said:?}");
    assert!(said.err.contains("names no secret key"), "{said:?}");

    let admin = key(&token.done(&["init"]));
    let server = token.serve();
    create_secret(server.http, &admin, VALUE);
    server.stop();
    let out = token.done(&["doctor"]);
    assert!(
        out.contains("root key       pkcs11:token=our%20token"),
        "{out}"
    );

    // Another key of the same token takes its place.
    token.configure(&token.uri("root-2"), Some(&token.uri("root")));
    let out = token.done(&["rekey"]);
    assert!(out.contains("opens the store from now on"), "{out}");
    token.configure(&token.uri("root"), None);
    let said = token.run(&["serve"]);
    assert_eq!(said.code, Some(77), "{said:?}");
    token.configure(&token.uri("root-2"), None);
    let server = token.serve();
    assert_eq!(read_secret(server.http, &admin), VALUE);
}

#[test]
fn a_token_that_cannot_be_used_is_refused_by_name() {
    let place = Place::sqlite();
    let token = Token::new(&place);
    token.add_extractable("loose");
    let uri = token.uri("root");
    token.configure(&uri, None);
    token.done(&["init"]);
    for (uri, why) in [
        (token.uri("loose"), "can be taken out of its token"),
        (uri.replace("our%20token", "theirs"), "tokens 0 are"),
        (uri.replace("libsofthsm2", "libnone"), "libnone.so"),
        (uri.replace("/pin", "/other-pin"), "other-pin"),
    ] {
        token.configure(&uri, None);
        let said = token.run(&["serve"]);
        assert_eq!(said.code, Some(77), "{said:?}");
        assert!(said.err.contains(why), "{said:?}");
    }
    token.configure(&uri, None);
    chmod(&place.path("pin"), 0o640);
    let said = token.run(&["serve"]);
    assert_eq!(said.code, Some(77), "{said:?}");
    assert!(said.err.contains("have rights to it"), "{said:?}");
    chmod(&place.path("pin"), 0o600);
    fs::write(place.path("pin"), "wrong").unwrap();
    let said = token.run(&["serve"]);
    assert_eq!(said.code, Some(77), "{said:?}");
    assert!(said.err.contains("logging in to the token"), "{said:?}");
}

/// `root-key wrap` by the KMS that serves there.
fn wrap(place: &Place, kms: SocketAddr, admin: &SigningKey, key_id: &str) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kms-server"));
    command
        .args(["root-key", "wrap", "--region", "cn-hangzhou"])
        .args(["--key", key_id, "--endpoint", &format!("http://{kms}")])
        .arg("--file")
        .arg(place.path("root.json"))
        .arg("--recovery")
        .arg(place.path("recovery"));
    said(as_user(&mut command, admin))
}

fn as_user<'a>(command: &'a mut Command, user: &SigningKey) -> &'a mut Command {
    command
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", user.access_key_id.as_str())
        .env(
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            // EXPOSE: to the program under test.
            user.access_key_secret.expose(),
        )
}

#[test]
fn another_kms_keeps_the_key_and_a_recovery_copy_does_without_it() {
    let keeper = Place::sqlite();
    let keeper_admin = keeper.init();
    let kms = Server::start(&keeper);
    let made = ok(kms.http, &keeper_admin, "CreateKey", &[]);
    let key_id = made["KeyMetadata"]["KeyId"].as_str().unwrap();

    let place = Place::sqlite();
    let said = wrap(&place, kms.http, &keeper_admin, key_id);
    assert_eq!(said.code, Some(0), "{said:?}");
    let recovery = fs::read_to_string(place.path("recovery")).unwrap();
    let wrapped = fs::read_to_string(place.path("root.json")).unwrap();
    assert!(!format!("{wrapped}{said:?}").contains(recovery.trim_end()));
    // Neither file is written over.
    let said = wrap(&place, kms.http, &keeper_admin, key_id);
    assert_eq!(said.code, Some(64), "{said:?}");

    let file = place.path("root.json");
    place.configure(&format!("[root_key]\ncurrent = 'kms:{}'\n", file.display()));
    let admin = key(&run_as(&place, &["init"], &keeper_admin).out);
    let mut command = place.command(&["serve"]);
    let server = Server::from(as_user(&mut command, &keeper_admin));
    create_secret(server.http, &admin, VALUE);
    server.stop();

    // Bound to its purpose: the KMS decrypts nothing else for a server.
    let other = ok(
        kms.http,
        &keeper_admin,
        "GenerateDataKey",
        &[("KeyId", key_id), ("NumberOfBytes", "32")],
    );
    let mut edited: serde_json::Value = serde_json::from_str(&wrapped).unwrap();
    edited["ciphertext_blob"] = other["CiphertextBlob"].clone();
    fs::write(&file, edited.to_string()).unwrap();
    let said = run_as(&place, &["serve"], &keeper_admin);
    assert_eq!(said.code, Some(69), "{said:?}");
    fs::write(&file, &wrapped).unwrap();

    kms.stop();
    let said = run_as(&place, &["serve"], &keeper_admin);
    assert_eq!(said.code, Some(69), "{said:?}");
    assert!(said.err.contains("recovery copy"), "{said:?}");
    place.configure(&format!(
        "[root_key]\ncurrent = 'file:{}'\nsame_filesystem = true\n",
        place.path("recovery").display()
    ));
    let server = Server::start(&place);
    assert_eq!(read_secret(server.http, &admin), VALUE);
}

fn run_as(place: &Place, words: &[&str], user: &SigningKey) -> Said {
    said(as_user(&mut place.command(words), user))
}
