use kms_types::Secret;

use crate::request::{
    AssumeRole, AsymmetricSign, AsymmetricVerify, CreateSecret, Decrypt, Encrypt, GenerateDataKey,
    Operation, PutSecretValue,
};

/// What of it travels, and that the other side takes it.
fn sent<O: Operation>(operation: &O) -> String {
    let params = operation.to_params();
    O::from_params(&params).unwrap();
    params.canonical()
}

#[test]
fn the_usual_form_says_what_must_be_said_and_leaves_the_rest_to_the_service() {
    let key = || "key-hzz1".parse().unwrap();
    let version = || "2ab1a983-7072-4bbc-a582-584b5bd8f0e1".parse().unwrap();
    let algorithm = || "ECDSA_SHA_256".parse().unwrap();
    let text = || Secret::from("v");
    for (sent, expected) in [
        (
            sent(&Encrypt::new(key(), Secret::new(vec![1]))),
            "KeyId=key-hzz1&Plaintext=AQ%3D%3D",
        ),
        (sent(&Decrypt::new(vec![1])), "CiphertextBlob=AQ%3D%3D"),
        (sent(&GenerateDataKey::new(key())), "KeyId=key-hzz1"),
        (
            sent(&AsymmetricSign::new(key(), version(), algorithm(), vec![1])),
            "Algorithm=ECDSA_SHA_256&Digest=AQ%3D%3D&KeyId=key-hzz1&KeyVersionId=2ab1a983-7072-4bbc-a582-584b5bd8f0e1",
        ),
        (
            sent(&AsymmetricVerify::new(
                key(),
                version(),
                algorithm(),
                vec![1],
                vec![2],
            )),
            "Algorithm=ECDSA_SHA_256&Digest=AQ%3D%3D&KeyId=key-hzz1&KeyVersionId=2ab1a983-7072-4bbc-a582-584b5bd8f0e1&Value=Ag%3D%3D",
        ),
        (
            sent(&CreateSecret::new(
                "a".parse().unwrap(),
                text(),
                "v1".parse().unwrap(),
            )),
            "SecretData=v&SecretDataType=text&SecretName=a&SecretType=Generic&VersionId=v1",
        ),
        (
            sent(&PutSecretValue::new(
                "a".parse().unwrap(),
                text(),
                "v2".parse().unwrap(),
            )),
            "SecretData=v&SecretDataType=text&SecretName=a&VersionId=v2",
        ),
        (
            sent(&AssumeRole::new("acs:ram::1234567890123456:role/app", "me")),
            "RoleArn=acs%3Aram%3A%3A1234567890123456%3Arole%2Fapp&RoleSessionName=me",
        ),
    ] {
        assert_eq!(sent, expected);
    }
}
