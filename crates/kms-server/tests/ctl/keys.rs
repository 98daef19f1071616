//! Keys by command: what they are, and what is done with them.

use serde_json::json;

use crate::{
    person::Person,
    program::{Dev, scratch},
};

const TEXT: &str = "hunter2 – 密码 <&> \"100%\"";

/// Makes a key; its id.
fn create(me: &Person<'_>, words: &[&str]) -> String {
    let made = me.asks(&[&["key", "create"], words].concat());
    made["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned()
}

/// What `key encrypt` printed, decrypted.
fn decrypted(me: &Person<'_>, blob: &str, words: &[&str]) -> String {
    let command = [&["key", "decrypt"], words].concat();
    me.pipe(blob.as_bytes(), &command).done()
}

#[test]
fn what_is_encrypted_is_decrypted_in_its_context_alone() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let me = Person::of(&dev);
    let key = create(&me, &["--description", "für <alle>"]);
    me.does(&["key", "alias", "create", "alias/app", &key]);
    let of = me.does(&["key", "alias", "of", &key, "-o", "name"]);
    assert_eq!(of, "alias/app\n");

    let context = ["--context", "app=wéb & \"more\"", "--context", "id=1"];
    let encrypt = [&["key", "encrypt", "alias/app"], &context[..]].concat();
    let blob = me.pipe(TEXT.as_bytes(), &encrypt).done();
    assert_eq!(decrypted(&me, &blob, &context), TEXT);
    let elsewhere = ["key", "decrypt", "--context", "app=other"];
    let said = me.pipe(blob.as_bytes(), &elsewhere).failed(70);
    assert!(said.contains("InvalidParameter"), "{said}");

    let second = create(&me, &[]);
    let again = ["key", "re-encrypt", &second, "--from-context"];
    let again = [
        &again[..],
        &["app=wéb & \"more\"", "--from-context", "id=1"],
    ]
    .concat();
    let moved = me.pipe(blob.as_bytes(), &again).done();
    assert_eq!(decrypted(&me, &moved, &[]), TEXT);

    let lines = me.does(&["key", "data-key", "alias/app", "--bytes", "48"]);
    let value = |name: &str| {
        let prefix = format!("export {name}=");
        let found = lines.lines().find_map(|line| line.strip_prefix(&prefix));
        found
            .unwrap_or_else(|| panic!("{lines}"))
            .trim_matches('\'')
            .to_owned()
    };
    let sealed = value("KMS_DATA_KEY_ENCRYPTED");
    let opened = me
        .pipe(sealed.as_bytes(), &["key", "decrypt", "--json"])
        .done();
    let opened: serde_json::Value = serde_json::from_str(&opened).unwrap();
    assert_eq!(opened["Plaintext"], value("KMS_DATA_KEY"));
    let unseen = me.does(&[
        "key",
        "data-key-encrypted",
        "alias/app",
        "--spec",
        "AES_128",
    ]);
    let opened = me
        .pipe(unseen.as_bytes(), &["key", "decrypt", "--json"])
        .done();
    assert!(opened.contains(&format!("\"KeyId\":\"{key}\"")), "{opened}");

    me.does(&["key", "alias", "update", "alias/app", &second]);
    let list = me.does(&["key", "alias", "list"]);
    assert!(list.contains(&second), "{list}");
    me.does(&["key", "alias", "delete", "alias/app", "--yes"]);
    let said = me.say(&["key", "describe", "alias/app"]).failed(70);
    assert!(said.contains("Forbidden.AliasNotFound"), "{said}");
}

#[test]
fn a_key_is_changed_and_taken_back_before_its_end() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let me = Person::of(&dev);
    let key = create(&me, &["--tag", "team=wéb", "--description", "first"]);
    let metadata = || me.asks(&["key", "describe", &key])["KeyMetadata"].clone();

    me.does(&["key", "update", &key, "--description", "second & last"]);
    assert_eq!(metadata()["Description"], "second & last");
    me.does(&["key", "tag", &key, "id=12345678901234567890"]);
    let tags = me.does(&["key", "tags", &key]);
    for part in ["team", "wéb", "12345678901234567890"] {
        assert!(tags.contains(part), "{tags}");
    }
    me.does(&["key", "untag", &key, "team"]);
    assert!(!me.does(&["key", "tags", &key]).contains("team"));

    me.does(&["key", "rotate", &key]);
    let versions = me.does(&["key", "versions", &key, "-o", "name"]);
    assert_eq!(versions.lines().count(), 2, "{versions}");
    me.does(&["key", "rotation", &key, "--every", "90d"]);
    assert_eq!(metadata()["AutomaticRotation"], "Enabled");
    assert_eq!(metadata()["RotationInterval"], "7776000s");
    me.does(&["key", "rotation", &key, "--off"]);
    assert_eq!(metadata()["AutomaticRotation"], "Disabled");

    me.does(&["key", "disable", &key, "--yes"]);
    let said = me.pipe(b"x", &["key", "encrypt", &key]).failed(70);
    assert!(said.contains("Rejected.Disabled"), "{said}");
    let list = ["key", "list", "--state", "Disabled", "-o", "name"];
    assert_eq!(me.does(&list), format!("{key}\n"));
    me.does(&["key", "enable", &key]);

    let arn = metadata()["Arn"].as_str().unwrap().to_owned();
    me.does(&["key", "protect", &arn, "--reason", "in use"]);
    let end = ["key", "schedule-deletion", &key, "--days", "7", "--yes"];
    me.say(&end).failed(70);
    me.does(&["key", "unprotect", &arn]);
    me.does(&end);
    assert_eq!(metadata()["KeyState"], "PendingDeletion");
    me.does(&["key", "cancel-deletion", &key]);
    assert_ne!(metadata()["KeyState"], "PendingDeletion");
}

#[test]
fn what_a_key_signs_is_verified_and_other_things_are_not() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let me = Person::of(&dev);
    let pair = create(&me, &["--spec", "EC_P256", "--usage", "SIGN/VERIFY"]);
    let how = [pair.as_str(), "--algorithm", "ECDSA_SHA_256"];
    let sign = [&["key", "sign"], &how[..]].concat();
    let signature = me.pipe(TEXT.as_bytes(), &sign).done();
    let verify = [
        &["key", "verify"],
        &how[..],
        &["--signature", signature.trim()],
    ]
    .concat();
    me.pipe(TEXT.as_bytes(), &verify).done();
    me.pipe(b"other", &verify).failed(70);
    let pem = me.does(&["key", "public-key", &pair]);
    assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----"), "{pem}");

    let rsa = create(&me, &["--spec", "RSA_2048", "--usage", "ENCRYPT/DECRYPT"]);
    let how = [rsa.as_str(), "--algorithm", "RSAES_OAEP_SHA_256"];
    let to = [&["key", "asymmetric-encrypt"], &how[..]].concat();
    let from = [&["key", "asymmetric-decrypt"], &how[..]].concat();
    let blob = me.pipe(TEXT.as_bytes(), &to).done();
    assert_eq!(me.pipe(blob.as_bytes(), &from).done(), TEXT);

    let usage = "GENERATE/VERIFY_MAC";
    let secret = create(&me, &["--spec", "HMAC_SHA_256", "--usage", usage]);
    let how = [secret.as_str(), "--algorithm", "HMAC_SHA_256"];
    let mac = [&["key", "mac"], &how[..]].concat();
    let code = me.pipe(TEXT.as_bytes(), &mac).done();
    let verify = [&["key", "verify-mac"], &how[..], &["--mac", code.trim()]].concat();
    me.pipe(TEXT.as_bytes(), &verify).done();
    me.pipe(b"other", &verify).failed(70);
}

#[test]
fn material_is_imported_forgotten_and_imported_again() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let me = Person::of(&dev);
    let key = create(&me, &["--origin", "EXTERNAL"]);
    let material: Vec<u8> = (0..32).map(|byte| byte * 7 + 1).collect();
    let import = ["key", "import", "material", &key];
    let encrypt = ["key", "encrypt", &key];
    let said = me.pipe(b"x", &encrypt).failed(70);
    assert!(said.contains("Rejected.PendingImport"), "{said}");

    me.pipe(&material, &import).done();
    let blob = me.pipe(TEXT.as_bytes(), &encrypt).done();
    me.does(&["key", "import", "forget", &key, "--yes"]);
    me.pipe(blob.as_bytes(), &["key", "decrypt"]).failed(70);

    // Other material is refused, the same opens what it has sealed.
    let said = me.pipe(&[9; 32], &import).failed(70);
    assert!(
        said.contains("must be the material that was imported first"),
        "{said}"
    );
    me.pipe(&material, &import).done();
    assert_eq!(decrypted(&me, &blob, &[]), TEXT);

    let given = me.asks(&["key", "import", "parameters", &key]);
    assert_eq!(given["KeyId"], json!(key));
    assert!(given["ImportToken"].is_string() && given["PublicKey"].is_string());
}
