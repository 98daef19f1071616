//! Instances that are bought while servers run: their names and their CA, without a restart.

use crate::{
    call::{KMS, signed},
    networks::scene::{Account, HERE},
    place::Place,
    server::Server,
    tls::{ask, connect, until},
};

/// Whether its gateway answers there by its own name, with a certificate of that CA.
fn answers(server: &Server, ca: &str, id: &str, admin: &Account) -> bool {
    let name = format!("{id}.cryptoservice.kms.aliyuncs.com");
    let at = server.instance.unwrap();
    let read = [("SecretName", "app/db")];
    let request = signed(&admin.key, KMS, "GetSecretValue", &read);
    connect(at, ca, &name).is_ok_and(|mut stream| ask(&mut stream, &request).contains("200 OK"))
}

/// Puts it into a network that this machine's 127.0.0.1 is in.
fn connect_instance(admin: &Account, id: &str) {
    admin.connect(id, &admin.network(HERE, "127.0.0"));
}

#[test]
fn an_instance_answers_by_its_own_name_as_soon_as_it_is_connected() {
    let place = Place::sqlite();
    let key = place.init();
    let server = Server::start(&place);
    let admin = Account::of(&server, &key);
    let id = admin.buy();
    let ca = admin.ca(&id);
    // Bought is not connected: the name is nobody's, and the certificate another's.
    assert!(!answers(&server, &ca, &id, &admin));
    connect_instance(&admin, &id);
    admin.keep(&id, "one");
    until("the instance answers", || {
        answers(&server, &ca, &id, &admin)
    });
    // And behind another server's start, by the same CA.
    server.stop();
    let server = Server::start(&place);
    let admin = Account::of(&server, &key);
    assert_eq!(admin.ca(&id), ca);
    assert!(answers(&server, &ca, &id, &admin));
    let at_once = [
        ("SecretName", "app/db"),
        ("ForceDeleteWithoutRecovery", "true"),
    ];
    admin.ok(KMS, "DeleteSecret", &at_once);
    let this = [("KmsInstanceId", id.as_str())];
    admin.ok(KMS, "ReleaseKmsInstance", &this);
    until("its name is nobody's again", || {
        let name = format!("{id}.cryptoservice.kms.aliyuncs.com");
        connect(server.instance.unwrap(), &ca, &name).is_err()
    });
}

#[test]
fn an_instance_that_takes_its_time_is_seen_connecting() {
    let place = Place::sqlite();
    let key = place.init();
    let server = Server::from(
        place
            .command(&["serve"])
            .env("KMS_SERVER_SERVER_INSTANCE_CONNECT_TIME", "3s"),
    );
    let admin = Account::of(&server, &key);
    let id = admin.buy();
    connect_instance(&admin, &id);
    assert_eq!(admin.shown(&id)["Status"], "Connecting");
    let early = [("DKMSInstanceId", id.as_str())];
    assert_eq!(
        admin.refused(KMS, "CreateKey", &early),
        "Forbidden.DKMSInstanceStateInvalid"
    );
    until("it is connected", || {
        admin.shown(&id)["Status"] == "Connected"
    });
    admin.keep(&id, "one");
    let ca = admin.ca(&id);
    until("the instance answers", || {
        answers(&server, &ca, &id, &admin)
    });
}

#[test]
fn all_servers_of_a_database_have_the_instance_and_its_ca() {
    let place = Place::postgres();
    let key = place.init();
    let other = Place::on(place.url());
    std::fs::copy(place.path("root.key"), other.path("root.key")).unwrap();
    let servers = [Server::start(&place), Server::start(&other)];
    let [first, second] = [0, 1].map(|number: usize| Account::of(&servers[number], &key));
    let id = first.buy();
    connect_instance(&second, &id);
    first.keep(&id, "one");
    let ca = first.ca(&id);
    for (server, admin) in servers.iter().zip([&first, &second]) {
        assert_eq!(admin.ca(&id), ca);
        until("the instance answers", || answers(server, &ca, &id, admin));
    }
}
