//! What a service manager, a load balancer and Prometheus see.

use crate::{
    call::{call, create_secret, get, read_secret},
    place::Place,
    server::Server,
};

#[test]
fn it_tells_that_it_lives_that_it_serves_and_what_it_did() {
    for place in [Place::sqlite(), Place::postgres()] {
        let key = place.init();
        let server = Server::start(&place);
        let admin = server.admin.unwrap();
        assert_eq!(get(admin, "/ping").text(), "alive\n");
        assert_eq!(get(admin, "/ready").text(), "ready\n");
        create_secret(server.http, &key, "hunter2");
        read_secret(server.http, &key);
        read_secret(server.http, &key);
        let (status, _) = call(
            server.http,
            &key,
            "DescribeSecret",
            &[("SecretName", "none")],
        );
        assert_eq!(status, 404);
        let answer = get(admin, "/metrics");
        assert!(
            answer
                .header("content-type")
                .unwrap()
                .starts_with("application/openmetrics-text")
        );
        let text = answer.text();
        for line in [
            "kms_calls_total{action=\"GetSecretValue\",code=\"OK\"} 2",
            "kms_calls_total{action=\"CreateSecret\",code=\"OK\"} 1",
            "kms_calls_total{action=\"DescribeSecret\",code=\"Forbidden.ResourceNotFound\"} 1",
            "kms_store_ready 1",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
        assert!(
            text.contains("kms_certificate_end_timestamp_seconds "),
            "{text}"
        );
        for secret in ["hunter2", "app/db", key.access_key_id.as_str()] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        assert_eq!(get(admin, "/other").status, 404);
        // Not on the gateway, where strangers are.
        assert_ne!(get(server.http, "/metrics").status, 200);
    }
}

#[test]
fn too_many_calls_of_one_principal_are_told_when_to_come_again() {
    let place = Place::sqlite();
    place.configure("[limits]\ncalls_per_second = 1\nburst = 2\nqueue_ms = 0\n");
    let key = place.init();
    let server = Server::start(&place);
    let statuses: Vec<_> = (0..5)
        .map(|_| call(server.http, &key, "ListSecrets", &[]))
        .collect();
    assert_eq!(statuses[0].0, 200);
    assert_eq!(statuses[1].0, 200);
    let (status, body) = statuses.iter().find(|(status, _)| *status != 200).unwrap();
    assert_eq!(
        (*status, &body["Code"]),
        (429, &"Rejected.Throttling".into())
    );
    let text = get(server.admin.unwrap(), "/metrics").text();
    assert!(!text.contains("kms_calls_throttled_total 0"), "{text}");
}

#[test]
fn a_call_whose_nonce_cannot_be_remembered_is_throttled() {
    let place = Place::sqlite();
    place.configure("[limits]\nnonces = 2\n");
    let key = place.init();
    let server = Server::start(&place);
    let [first, second, third] = [(); 3].map(|()| call(server.http, &key, "ListSecrets", &[]));
    assert_eq!((first.0, second.0), (200, 200));
    assert_eq!(
        (third.0, &third.1["Code"]),
        (429, &"Rejected.Throttling".into())
    );
}
