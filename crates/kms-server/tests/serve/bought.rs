//! Instances that are bought while servers run: their names and their CA, without a restart.

use std::net::SocketAddr;

use kms_wire::sign::SigningKey;
use serde_json::Value;

use crate::{
    call::{KMS, ok, signed, try_call},
    place::Place,
    server::Server,
    tls::{ask, connect, until},
};

fn call(
    at: SocketAddr,
    key: &SigningKey,
    version: &str,
    action: &str,
    params: &[(&str, &str)],
) -> Value {
    let (status, body) = try_call(at, key, version, action, params).unwrap();
    assert_eq!(status, 200, "{action}: {body}");
    body
}

fn text(answer: &Value, field: &str) -> String {
    answer[field].as_str().unwrap().to_owned()
}

/// Buys one; its id.
fn buy(server: &Server, admin: &SigningKey) -> String {
    let order = [
        ("ProductCode", "kms"),
        ("ProductType", "kms_ppi_public_cn"),
        ("SubscriptionType", "PayAsYouGo"),
    ];
    let answer = call(server.http, admin, "2017-12-14", "CreateInstance", &order);
    text(&answer["Data"], "InstanceId")
}

/// Puts it into a network that this machine's loopback addresses are in.
fn connect_instance(server: &Server, admin: &SigningKey, id: &str) {
    let vpc = [("CidrBlock", "127.0.0.0/24")];
    let vpc = call(server.http, admin, "2016-04-28", "CreateVpc", &vpc);
    let vpc = text(&vpc, "VpcId");
    let vswitch = [
        ("VpcId", vpc.as_str()),
        ("CidrBlock", "127.0.0.0/25"),
        ("ZoneId", "cn-hangzhou-k"),
    ];
    let vswitch = call(server.http, admin, "2016-04-28", "CreateVSwitch", &vswitch);
    let vswitch = text(&vswitch, "VSwitchId");
    let place = [
        ("KmsInstanceId", id),
        ("KMProvider", "Aliyun"),
        ("VpcId", &vpc),
        ("VSwitchIds", &vswitch),
        ("ZoneIds", "cn-hangzhou-k"),
    ];
    ok(server.http, admin, "ConnectKmsInstance", &place);
}

fn ca_of(server: &Server, admin: &SigningKey, id: &str) -> String {
    let told = ok(
        server.http,
        admin,
        "GetKmsInstance",
        &[("KmsInstanceId", id)],
    );
    text(&told["KmsInstance"], "CaCertificateChainPem")
}

/// Whether its gateway answers there by its own name, with a certificate of that CA.
fn answers(server: &Server, ca: &str, id: &str, admin: &SigningKey) -> bool {
    let name = format!("{id}.cryptoservice.kms.aliyuncs.com");
    let at = server.instance.unwrap();
    let request = signed(admin, KMS, "GetSecretValue", &[("SecretName", "app/db")]);
    connect(at, ca, &name).is_ok_and(|mut stream| ask(&mut stream, &request).contains("200 OK"))
}

#[test]
fn an_instance_answers_by_its_own_name_as_soon_as_it_is_connected() {
    let place = Place::sqlite();
    let admin = place.init();
    let server = Server::start(&place);
    let id = buy(&server, &admin);
    let ca = ca_of(&server, &admin, &id);
    // Bought is not connected: the name is nobody's, and the certificate another's.
    assert!(!answers(&server, &ca, &id, &admin));
    connect_instance(&server, &admin, &id);
    let secret = [
        ("SecretName", "app/db"),
        ("SecretData", "one"),
        ("VersionId", "v1"),
        ("DKMSInstanceId", &id),
    ];
    ok(server.http, &admin, "CreateSecret", &secret);
    until("the instance answers", || {
        answers(&server, &ca, &id, &admin)
    });
    // And behind another server's start, by the same CA.
    server.stop();
    let server = Server::start(&place);
    assert_eq!(ca_of(&server, &admin, &id), ca);
    assert!(answers(&server, &ca, &id, &admin));
    let at_once = [
        ("SecretName", "app/db"),
        ("ForceDeleteWithoutRecovery", "true"),
    ];
    ok(server.http, &admin, "DeleteSecret", &at_once);
    let this = [("KmsInstanceId", id.as_str())];
    ok(server.http, &admin, "ReleaseKmsInstance", &this);
    until("its name is nobody's again", || {
        let name = format!("{id}.cryptoservice.kms.aliyuncs.com");
        connect(server.instance.unwrap(), &ca, &name).is_err()
    });
}

#[test]
fn all_servers_of_a_database_have_the_instance_and_its_ca() {
    let place = Place::postgres();
    let admin = place.init();
    let other = Place::on(place.url());
    std::fs::copy(place.path("root.key"), other.path("root.key")).unwrap();
    let servers = [Server::start(&place), Server::start(&other)];
    let id = buy(&servers[0], &admin);
    connect_instance(&servers[1], &admin, &id);
    let secret = [
        ("SecretName", "app/db"),
        ("SecretData", "one"),
        ("VersionId", "v1"),
        ("DKMSInstanceId", &id),
    ];
    ok(servers[0].http, &admin, "CreateSecret", &secret);
    let ca = ca_of(&servers[0], &admin, &id);
    for server in &servers {
        assert_eq!(ca_of(server, &admin, &id), ca);
        until("the instance answers", || answers(server, &ca, &id, &admin));
    }
}
