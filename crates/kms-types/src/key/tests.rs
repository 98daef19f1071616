use super::*;

#[test]
fn names_travel_as_the_cloud_writes_them() {
    let names = |all: &[KeySpec]| {
        all.iter()
            .map(|spec| spec.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        names(KeySpec::ALL),
        "Aliyun_AES_256 Aliyun_AES_192 Aliyun_AES_128 Aliyun_SM4 RSA_2048 RSA_3072 RSA_4096 \
         EC_P256 EC_P256K EC_SM2 HMAC_SHA_224 HMAC_SHA_256 HMAC_SHA_384 HMAC_SHA_512 HMAC_SM3"
    );
    for spec in KeySpec::ALL {
        assert_eq!(spec.as_str().parse(), Ok(*spec));
    }
    assert_eq!(KeySpec::default().as_str(), "Aliyun_AES_256");
    assert_eq!("SIGN/VERIFY".parse(), Ok(KeyUsage::SignVerify));
    let error = "sign/verify".parse::<KeyUsage>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "must be ENCRYPT/DECRYPT, SIGN/VERIFY or GENERATE/VERIFY_MAC"
    );
}

/// The tables of AsymmetricSign and AsymmetricEncrypt in the cloud's documents.
#[test]
fn each_kind_of_key_has_its_algorithms() {
    let told = |spec: KeySpec| {
        let mut all: Vec<&str> = spec.usages().iter().map(|usage| usage.as_str()).collect();
        all.extend(spec.signature_algorithms().iter().map(|name| name.as_str()));
        all.extend(
            spec.encryption_algorithms()
                .iter()
                .map(|name| name.as_str()),
        );
        all.extend(spec.mac_algorithm().map(MacAlgorithm::as_str));
        all.join(" ")
    };
    let rsa = "SIGN/VERIFY ENCRYPT/DECRYPT RSA_PSS_SHA_256 RSA_PKCS1_SHA_256 RSAES_OAEP_SHA_256 \
               RSAES_OAEP_SHA_1";
    assert_eq!(told(KeySpec::Rsa2048), rsa);
    assert_eq!(told(KeySpec::Rsa3072), rsa);
    assert_eq!(told(KeySpec::Rsa4096), rsa);
    assert_eq!(told(KeySpec::EcP256), "SIGN/VERIFY ECDSA_SHA_256");
    assert_eq!(told(KeySpec::EcP256K), "SIGN/VERIFY ECDSA_SHA_256");
    assert_eq!(
        told(KeySpec::EcSm2),
        "SIGN/VERIFY ENCRYPT/DECRYPT SM2DSA SM2PKE"
    );
    assert_eq!(told(KeySpec::Sm4), "ENCRYPT/DECRYPT");
    assert_eq!(told(KeySpec::HmacSm3), "GENERATE/VERIFY_MAC HMAC_SM3");
    assert!(KeySpec::Sm4.is_symmetric());
    assert!(!KeySpec::HmacSha256.is_symmetric());
    assert!(!KeySpec::EcSm2.is_symmetric());
    assert!(KeySpec::EcSm2.is_pair());
}

#[test]
fn version_ids_are_36_characters_of_one_form() {
    let good = "2ab1a983-7072-4bbc-a582-584b5bd8f0e1";
    assert_eq!(good.parse::<KeyVersionId>().unwrap().as_str(), good);
    assert_eq!(KeyVersionId::random().as_str().len(), 36);
    for bad in [
        "",
        "2AB1A983-7072-4BBC-A582-584B5BD8F0E1",
        "2ab1a98307072-4bbc-a582-584b5bd8f0e1",
        "2ab1a983-7072-4bbc-a582-584b5bd8f0e",
        "2ab1a983-7072-4bbc-a582-584b5bd8f0e12",
        "2ab1a983-7072-4bbc-a582-584b5bd8f0ég",
        "-ab1a983-7072-4bbc-a582-584b5bd8f0e1",
    ] {
        assert!(bad.parse::<KeyVersionId>().is_err(), "{bad}");
    }
    assert!("key-hzz630494463ejqjx12ab".parse::<KeyId>().is_ok());
    assert!("key/hzz".parse::<KeyId>().is_err());
}

#[test]
fn a_context_has_each_name_once_and_tells_nobody() {
    let json = r#"{"b":"2","a":"1"}"#;
    let context: EncryptionContext = serde_json::from_str(json).unwrap();
    assert_eq!(
        context.pairs().collect::<Vec<_>>(),
        [("a", "1"), ("b", "2")]
    );
    assert_eq!(
        serde_json::to_string(&context).unwrap(),
        r#"{"a":"1","b":"2"}"#
    );
    assert_eq!(format!("{context:?}"), "EncryptionContext(2 pairs)");
    for bad in [r#"{"a":"1","a":"1"}"#, r#"{"a":1}"#, r#"["a"]"#, "null"] {
        assert!(
            serde_json::from_str::<EncryptionContext>(bad).is_err(),
            "{bad}"
        );
    }
}

#[test]
fn a_key_is_named_by_id_alias_or_arn() {
    for good in [
        "1234abcd-12ab-34cd-56ef-123456789012",
        "key-hzz1",
        "alias/app/db_1",
        "acs:kms:cn-hangzhou:1234567890123456:key/key-hzz1",
        "acs:kms:cn-hangzhou:1234567890123456:alias/app",
    ] {
        let parsed: KeyRef = good.parse().unwrap();
        assert_eq!(parsed.to_string(), good);
        assert_eq!(parsed.owner().is_some(), good.starts_with("acs:"));
        let is_alias = matches!(parsed.name(), KeyName::Alias(_));
        assert_eq!(is_alias, good.contains("alias/"), "{good}");
    }
    for bad in [
        "",
        "alias/",
        "alias/a//b",
        "alias/é",
        "key/a",
        "acs:kms:cn-hangzhou:1234567890123456:secret/a",
        "acs:kms:cn-hangzhou:1234567890123456:key/alias/a",
        "acs:kms:cn-hangzhou:key/a",
        "acs:ram:cn-hangzhou:1234567890123456:key/a",
    ] {
        assert!(bad.parse::<KeyRef>().is_err(), "{bad}");
    }
    let long = format!("alias/{}", "a".repeat(249));
    assert!(long.parse::<AliasName>().is_ok());
    assert!(format!("{long}a").parse::<AliasName>().is_err());
    assert!("alias/acs/ecs".parse::<AliasName>().unwrap().is_reserved());
    assert!(!"alias/app".parse::<AliasName>().unwrap().is_reserved());
}
