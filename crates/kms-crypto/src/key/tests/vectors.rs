//! Published examples. Private keys are put into PKCS#8 by hand: RFC 5958 and RFC 5915.

use kms_types::{EncryptionAlgorithm, KeySpec, SignatureAlgorithm};

use super::*;

/// PKCS#8 of an elliptic curve's key without its public half.
fn pkcs8(curve: &str, private: &str) -> Vec<u8> {
    let algorithm = der(
        0x30,
        &[unhex("06072a8648ce3d0201"), der(6, &[unhex(curve)])],
    );
    let key = der(0x30, &[unhex("020101"), der(4, &[unhex(private)])]);
    der(0x30, &[unhex("020100"), algorithm, der(4, &[key])])
}

/// Tag, length below 128, content.
fn der(tag: u8, content: &[Vec<u8>]) -> Vec<u8> {
    let content = content.concat();
    assert!(content.len() < 128);
    let mut out = vec![tag, u8::try_from(content.len()).unwrap()];
    out.extend(content);
    out
}

fn integer(hex: &str) -> Vec<u8> {
    let mut bytes = unhex(hex);
    if bytes[0] & 0x80 != 0 {
        bytes.insert(0, 0);
    }
    der(2, &[bytes])
}

const SM2: &str = "2a811ccf5501822d";
const P256: &str = "2a8648ce3d030107";

/// The key of GB/T 32918.5, appendix A.
fn sm2() -> KeyHandle {
    let private = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
    imported(KeySpec::EcSm2, &pkcs8(SM2, private))
}

#[test]
fn sm2_has_the_public_key_of_gb_t_32918() {
    let public = sm2().public_key_der().unwrap();
    assert_eq!(
        hex::encode(&public[public.len() - 65..]),
        "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
         ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
    );
}

/// Appendix A.2: message, digest of Z(A) and message, signature.
#[test]
fn sm2_verifies_the_signature_of_gb_t_32918() {
    let digest = unhex("f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640");
    let signature = der(
        0x30,
        &[
            integer("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"),
            integer("b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"),
        ],
    );
    let check = |what| sm2().verify(SignatureAlgorithm::Sm2Dsa, what, &signature);
    assert_eq!(check(ToSign::Message(b"message digest")), Ok(true));
    assert_eq!(check(ToSign::Digest(&digest)), Ok(true));
    assert_eq!(check(ToSign::Message(b"message digesT")), Ok(false));
    assert_eq!(check(ToSign::Digest(&[0; 32])), Ok(false));
    assert_eq!(
        check(ToSign::Digest(&[0; 31])),
        Err(KeyError::Digest { length: 32 })
    );
}

/// Appendix A.3: point, ciphertext and digest of the message `encryption standard`.
#[test]
fn sm2_decrypts_the_ciphertext_of_gb_t_32918() {
    let text = der(
        0x30,
        &[
            integer("04ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"),
            integer("e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0"),
            der(
                4,
                &[unhex(
                    "59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766",
                )],
            ),
            der(4, &[unhex("21886ca989ca9c7d58087307ca93092d651efa")]),
        ],
    );
    let decrypt = |text: &[u8]| {
        sm2()
            .private_decrypt(EncryptionAlgorithm::Sm2Pke, text)
            .map(|plain| plain.expose().clone())
    };
    assert_eq!(decrypt(&text), Ok(b"encryption standard".to_vec()));
    for at in 0..text.len() {
        let mut spoilt = text.clone();
        spoilt[at] ^= 1;
        assert_eq!(decrypt(&spoilt), Err(KeyError::Rejected), "byte {at}");
    }
    assert_eq!(decrypt(&text[..text.len() - 1]), Err(KeyError::Rejected));
    assert_eq!(
        decrypt(&[&text[..], &[0]].concat()),
        Err(KeyError::Rejected)
    );
    assert_eq!(decrypt(b""), Err(KeyError::Rejected));
}

/// RFC 6979, appendix A.2.5.
#[test]
fn p_256_verifies_the_signature_of_rfc_6979() {
    let key = imported(
        KeySpec::EcP256,
        &pkcs8(
            P256,
            "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
        ),
    );
    let public = key.public_key_der().unwrap();
    assert_eq!(
        hex::encode(&public[public.len() - 65..]),
        "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
         7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
    );
    let signature = der(
        0x30,
        &[
            integer("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"),
            integer("f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"),
        ],
    );
    let check = |what| key.verify(SignatureAlgorithm::EcdsaSha256, what, &signature);
    assert_eq!(check(ToSign::Message(b"sample")), Ok(true));
    assert_eq!(check(ToSign::Message(b"Sample")), Ok(false));
    // SHA-256 of `sample`.
    let digest = unhex("af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf");
    assert_eq!(check(ToSign::Digest(&digest)), Ok(true));
}
