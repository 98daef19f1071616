use kms_client::{CallError, Connection, Env, RetryPolicy, SigningKey, Source};
use kms_testkit::{FakeKms, Reply};
use kms_types::{EncryptionContext, Secret};

use super::{KeyVersion, Keys, Kms};

fn kms(fake: &FakeKms) -> Kms {
    let key = SigningKey {
        access_key_id: "LTAIexample".parse().unwrap(),
        access_key_secret: Secret::from("canary-of-an-access-key"),
        security_token: None,
    };
    let connection = Connection::new(Env::default(), "cn-hangzhou".parse().unwrap())
        .endpoint(fake.url().parse().unwrap())
        .source(Source::AccessKey(key));
    let client = connection.builder().unwrap().retry(RetryPolicy::never());
    let context = [("purpose".to_owned(), "kubernetes".to_owned())];
    Kms::new(
        client.build(),
        "alias/kubernetes".parse().unwrap(),
        context.into_iter().collect::<EncryptionContext>(),
    )
}

fn says(fake: &FakeKms, body: &str) {
    fake.set_otherwise(Reply::Body(200, body.as_bytes().to_vec()));
}

#[tokio::test]
async fn a_ciphertext_comes_with_the_key_and_its_version() {
    let fake = FakeKms::start().unwrap();
    says(
        &fake,
        r#"{"KeyId":"key-hzz1","KeyVersionId":"3a1b","CiphertextBlob":"AQID","RequestId":"R"}"#,
    );
    let encrypted = kms(&fake).encrypt(&Secret::new(vec![7])).await.unwrap();
    assert_eq!(encrypted.ciphertext, [1, 2, 3]);
    assert_eq!(encrypted.by.to_string(), "key-hzz1/3a1b");
    assert_eq!(fake.calls()[0].action, "Encrypt");
}

#[tokio::test]
async fn a_plaintext_is_a_secret() {
    let fake = FakeKms::start().unwrap();
    says(
        &fake,
        r#"{"KeyId":"key-hzz1","KeyVersionId":"3a1b","Plaintext":"Y2FuYXJ5","RequestId":"R"}"#,
    );
    let decrypted = kms(&fake).decrypt(&[1, 2, 3]).await.unwrap();
    assert_eq!(decrypted.plaintext.expose(), b"canary");
    assert_eq!(decrypted.by.to_string(), "key-hzz1/3a1b");
    assert!(
        !format!("{decrypted:?}").contains("99, 97"),
        "{decrypted:?}"
    );
    assert_eq!(fake.calls()[0].action, "Decrypt");
}

#[tokio::test]
async fn answers_that_are_none_are_errors_that_quote_nothing() {
    let fake = FakeKms::start().unwrap();
    for body in [
        r#"{"KeyId":"k","KeyVersionId":"","CiphertextBlob":"AQID","Plaintext":"Y2Fu"}"#,
        r#"{"KeyId":"k","KeyVersionId":"v","CiphertextBlob":"?cn","Plaintext":"?canary"}"#,
        r#"{"KeyId":"k","KeyVersionId":"v w","CiphertextBlob":"AQID","Plaintext":"Y2Fu"}"#,
    ] {
        says(&fake, body);
        let kms = kms(&fake);
        let encrypted = kms.encrypt(&Secret::new(vec![7])).await.unwrap_err();
        assert!(matches!(encrypted, CallError::Unreadable { .. }), "{body}");
        let decrypted = kms.decrypt(&[1]).await.unwrap_err();
        assert!(matches!(decrypted, CallError::Unreadable { .. }), "{body}");
        assert!(!decrypted.to_string().contains("canary"), "{decrypted}");
    }
}

#[test]
fn a_key_id_is_no_longer_than_kube_apiserver_takes() {
    assert!(KeyVersion::told(&"k".repeat(1021), "v").is_some());
    assert!(KeyVersion::told(&"k".repeat(1022), "v").is_none());
}
