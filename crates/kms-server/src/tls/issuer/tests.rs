use x509_parser::{
    certificate::X509Certificate, extensions::ParsedExtension, parse_x509_certificate,
    pem::parse_x509_pem,
};

use super::*;

const NAME: &str = "kst-1.cryptoservice.kms.aliyuncs.com";

fn now() -> Timestamp {
    "2026-03-04T05:06:07Z".parse().unwrap()
}

/// The ids of the key that signed it and of its own.
fn key_ids(certificate: &X509Certificate<'_>) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
    let (mut signer, mut own) = (None, None);
    for extension in certificate.extensions() {
        match extension.parsed_extension() {
            ParsedExtension::AuthorityKeyIdentifier(id) => {
                signer = id.key_identifier.as_ref().map(|id| id.0.to_vec());
            }
            ParsedExtension::SubjectKeyIdentifier(id) => own = Some(id.0.to_vec()),
            _ => {}
        }
    }
    (signer, own)
}

#[test]
fn certificates_are_of_the_authority_and_for_the_name() {
    let (authority, other) = (fresh(now()).unwrap(), fresh(now()).unwrap());
    let (_, pem) = parse_x509_pem(authority.certificate.as_bytes()).unwrap();
    let ca = pem.parse_x509().unwrap();
    let (_, of_ca) = key_ids(&ca);
    assert!(ca.is_ca() && of_ca.is_some());
    // Two servers of one store, and one of another.
    for (authority, is_ours) in [(&authority, true), (&authority, true), (&other, false)] {
        let issuer = InstanceIssuer::new(authority).unwrap();
        let made = issuer.issue(&[NAME.to_owned()], now()).unwrap();
        let (_, leaf) = parse_x509_certificate(&made.pair.cert[0]).unwrap();
        assert_eq!(leaf.issuer(), ca.subject());
        assert_eq!(key_ids(&leaf).0 == of_ca, is_ours);
        assert!(!leaf.is_ca());
        let names = leaf.subject_alternative_name().unwrap().unwrap();
        assert_eq!(names.value.general_names.len(), 1);
        assert!(format!("{:?}", names.value).contains(NAME));
        let half: Timestamp = "2026-09-18T00:00:00Z".parse().unwrap();
        let apart = made.renew.duration_since(half).as_hours().abs();
        assert!(apart < 48, "{}", made.renew);
    }
}

#[test]
fn a_key_that_is_none_makes_no_issuer() {
    let authority = InstanceAuthority {
        certificate: String::new(),
        key: Secret::from("-----BEGIN PRIVATE KEY-----\nnothing\n-----END PRIVATE KEY-----\n"),
    };
    assert!(InstanceIssuer::new(&authority).is_err());
}
