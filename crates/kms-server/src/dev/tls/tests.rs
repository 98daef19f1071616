use std::{fs, sync::Arc, time::Duration};

use jiff::Timestamp;
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, ServerConnection,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tempfile::tempdir;
use x509_parser::{
    extensions::{GeneralName, ParsedExtension},
    pem::parse_x509_pem,
};

use super::server_config;
use crate::{dev::Home, tls::TlsError};

const DAY: u64 = 24 * 3600;

fn now() -> Timestamp {
    "2026-11-25T12:00:00Z".parse().unwrap()
}

fn files(home: &Home) -> [String; 2] {
    [home.ca(), home.tls().join("server.pem")].map(|path| fs::read_to_string(path).unwrap())
}

#[test]
fn certificates_have_what_strict_clients_ask_for() {
    let dir = tempdir().unwrap();
    let home = Home::claim(dir.path()).unwrap();
    server_config(&home, now()).unwrap();
    let [ca, server] = files(&home);
    assert_eq!(ca.matches("BEGIN CERTIFICATE").count(), 1);

    let (_, ca) = parse_x509_pem(ca.as_bytes()).unwrap();
    let ca = ca.parse_x509().unwrap();
    assert!(ca.is_ca());
    assert!(ca.key_usage().unwrap().unwrap().value.key_cert_sign());
    let ski = ca
        .extensions()
        .iter()
        .find_map(|e| match e.parsed_extension() {
            ParsedExtension::SubjectKeyIdentifier(id) => Some(id.0.to_vec()),
            _ => None,
        });

    let (_, server) = parse_x509_pem(server.as_bytes()).unwrap();
    let server = server.parse_x509().unwrap();
    assert!(!server.is_ca());
    assert!(
        server
            .extended_key_usage()
            .unwrap()
            .unwrap()
            .value
            .server_auth
    );
    let aki = server
        .extensions()
        .iter()
        .find_map(|e| match e.parsed_extension() {
            ParsedExtension::AuthorityKeyIdentifier(id) => {
                Some(id.key_identifier.as_ref()?.0.to_vec())
            }
            _ => None,
        });
    assert!(ski.is_some());
    assert_eq!(aki, ski);
    assert_eq!(server.issuer(), ca.subject());

    let names = server.subject_alternative_name().unwrap().unwrap();
    let loopback_v6 = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    assert_eq!(
        names.value.general_names,
        [
            GeneralName::DNSName("localhost"),
            GeneralName::IPAddress(&[127, 0, 0, 1]),
            GeneralName::IPAddress(&loopback_v6),
            GeneralName::DNSName("kst-dev0000000000000001.cryptoservice.kms.aliyuncs.com"),
        ]
    );
}

#[test]
fn they_are_kept_until_half_of_their_life_is_over() {
    let dir = tempdir().unwrap();
    let home = Home::claim(dir.path()).unwrap();
    let after = |days: u64| {
        server_config(&home, now() + Duration::from_secs(days * DAY)).unwrap();
        files(&home)
    };
    let first = after(0);
    assert_eq!(after(150), first);
    let [ca, server] = after(210);
    assert_eq!(ca, first[0], "clients keep the CA");
    assert_ne!(server, first[1]);
    let [new_ca, new_server] = after(3650);
    assert_ne!(new_ca, ca);
    assert_ne!(new_server, server);
}

#[test]
fn a_lost_authority_replaces_both() {
    let dir = tempdir().unwrap();
    let home = Home::claim(dir.path()).unwrap();
    server_config(&home, now()).unwrap();
    let first = files(&home);
    fs::remove_file(home.tls().join("ca.key")).unwrap();
    server_config(&home, now()).unwrap();
    let second = files(&home);
    assert_ne!(first[0], second[0]);
    assert_ne!(first[1], second[1]);
}

#[test]
fn damage_is_named() {
    let dir = tempdir().unwrap();
    let home = Home::claim(dir.path()).unwrap();
    server_config(&home, now()).unwrap();
    fs::write(home.tls().join("server.key"), "garbage").unwrap();
    let refusal = server_config(&home, now()).unwrap_err();
    assert!(matches!(refusal, TlsError::Damaged(_)));
    assert!(refusal.to_string().contains("server.key is damaged"));
}

/// The official SDK has the certificate of its ClientKey at hand in every handshake:
/// self-signed, without extensions (reference kms-api §5.0, §5.2).
#[test]
fn a_certificate_of_the_clients_own_is_no_obstacle() {
    let dir = tempdir().unwrap();
    let home = Home::claim(dir.path()).unwrap();
    let server = server_config(&home, now()).unwrap();
    let mut roots = RootCertStore::empty();
    let ca = CertificateDer::from_pem_file(home.ca()).unwrap();
    roots.add(ca).unwrap();

    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, "kst-dev0000000000000001-client");
    let own = params.self_signed(&key).unwrap().der().clone();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let client = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_client_auth_cert(vec![own], key)
        .unwrap();
    let client = Arc::new(client);
    for name in [
        "localhost",
        "127.0.0.1",
        "::1",
        "kst-dev0000000000000001.cryptoservice.kms.aliyuncs.com",
    ] {
        let mut client =
            ClientConnection::new(Arc::clone(&client), name.try_into().unwrap()).unwrap();
        let mut server = ServerConnection::new(Arc::clone(&server)).unwrap();
        while client.is_handshaking() || server.is_handshaking() {
            let (mut there, mut back) = (Vec::new(), Vec::new());
            while client.wants_write() {
                client.write_tls(&mut there).unwrap();
            }
            server.read_tls(&mut there.as_slice()).unwrap();
            server.process_new_packets().unwrap();
            while server.wants_write() {
                server.write_tls(&mut back).unwrap();
            }
            client.read_tls(&mut back.as_slice()).unwrap();
            client.process_new_packets().unwrap();
        }
        assert_eq!(server.peer_certificates(), None, "{name}: nobody asked");
    }
}
