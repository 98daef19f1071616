//! From nothing to an application with a ClientKey, as seed 003 does it in the console.

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use kms_client::{ClientKey, ClientKeyPassword, Connection, Identity, request::GetSecretValue};

use crate::{
    person::Person,
    program::{Dev, scratch},
};

#[tokio::test]
async fn an_access_point_ends_in_two_files_that_read_a_secret() {
    let (parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let me = Person::of(&dev);
    me.does(&[
        "aap",
        "network-rule",
        "create",
        "here",
        "--ip",
        "127.0.0.1",
        "--ip",
        "::1",
    ]);
    let permission = "RbacPermission/Template/CryptoServiceSecretUser";
    let policy = [
        "aap",
        "policy",
        "create",
        "app",
        "--permission",
        permission,
        "--resource",
        "secret/*",
    ];
    me.does(&[&policy[..], &["--network-rule", "here"]].concat());
    me.does(&["aap", "create", "app", "--policy", "app"]);
    let shown = me.does(&["aap", "show", "app"]);
    assert!(shown.contains("app"), "{shown}");
    assert!(me.does(&["aap", "list"]).contains("app"));

    let folder = parent.path().join("keys");
    fs::create_dir(&folder).unwrap();
    let made = me.does(&[
        "aap",
        "client-key",
        "create",
        "app",
        "--dir",
        folder.to_str().unwrap(),
    ]);
    let at = |head: &str| {
        let line = made.lines().find(|line| line.starts_with(head)).unwrap();
        line.strip_prefix(head).unwrap().trim().to_owned()
    };
    let (id, key, password) = (at("ClientKeyId"), at("key file"), at("password file"));
    assert_eq!(
        key,
        folder
            .join(format!("clientKey_{id}.json"))
            .to_str()
            .unwrap()
    );
    for file in [&key, &password] {
        let bits = fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(bits & 0o777, 0o600, "{file}");
    }
    let secret = fs::read_to_string(&password).unwrap();
    assert!(!made.contains(&secret), "the password is in the file alone");

    let password = ClientKeyPassword::File(PathBuf::from(&password));
    let identity = Identity::from(ClientKey::read(key.as_ref(), &password).unwrap());
    let client = Connection::new(
        dev.env.clone().into_iter().collect(),
        "cn-hangzhou".parse().unwrap(),
    )
    .endpoint(dev.env["KMS_TLS_ENDPOINT"].parse().unwrap())
    .ca_file(&dev.env["KMS_CA_FILE"])
    .identity(identity)
    .open()
    .unwrap();
    let read = GetSecretValue::new("agent-test".parse().unwrap());
    assert_eq!(
        client.call(&read).await.unwrap().secret_data.expose(),
        r#"{"k3":"v3"}"#
    );

    let list = me.does(&["aap", "client-key", "list", "app"]);
    let mut lines = list.lines();
    let heads = "CLIENT KEY NOT BEFORE NOT AFTER LAST USED DAYS LEFT";
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words(lines.next().unwrap()), heads);
    let row = words(lines.next().unwrap());
    let row: Vec<&str> = row.split(' ').collect();
    assert_eq!(row[0], id);
    // Just used, and good for five years, one or two of which are leap years.
    assert_eq!(row[3][..13], row[1][..13], "{list}");
    assert!(["1825", "1826"].contains(&row[4]), "{list}");
    let json = me.asks(&["aap", "client-key", "list", "app"]);
    assert_eq!(json["ClientKeys"][0]["LastUsedDate"], row[3]);
    me.does(&["aap", "client-key", "delete", &id, "--yes"]);
    client.call(&read).await.unwrap_err();
    let nowhere = me.say(&["aap", "client-key", "create", "app", "--dir", "/nowhere"]);
    assert!(nowhere.failed(70).contains("cannot use /nowhere"));
    assert_eq!(
        me.asks(&["aap", "client-key", "list", "app"])["ClientKeys"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
}

#[test]
fn an_instance_shows_itself_and_its_ca() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let me = Person::of(&dev);
    let id = dev.env["KMS_INSTANCE_ID"].as_str();
    assert_eq!(
        me.does(&["instance", "list", "-o", "name"]),
        format!("{id}\n")
    );
    assert!(me.does(&["instance", "show", id]).contains("Connected"));
    let ca = fs::read_to_string(&dev.env["KMS_CA_FILE"]).unwrap();
    assert_eq!(me.does(&["instance", "ca", id]).trim_end(), ca.trim_end());
}
