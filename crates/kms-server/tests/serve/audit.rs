//! The audit log of a server: verified in its folder, and what happens while it cannot be
//! written.

use std::{fs, net::SocketAddr, os::unix::fs::DirBuilderExt as _, thread, time::Duration};

use rustix::process::Signal;

use crate::{
    call::{call, create_secret, get, read_secret},
    place::Place,
    server::Server,
};

#[test]
fn the_log_of_a_server_is_verified_by_its_configuration() {
    for place in [Place::sqlite(), Place::postgres()] {
        // Small files, so that some are rotated away.
        place.configure("[audit]\nmax_size_mb = 1\nreserve_mb = 0\nserver = 'one'\n");
        let admin = place.init();
        let server = Server::start(&place);
        create_secret(server.http, &admin, "value");
        server.stop();
        let server = Server::start(&place);
        read_secret(server.http, &admin);
        // Somebody moves the file away while it is written.
        let folder = place.path("data/audit");
        fs::rename(
            folder.join("audit.log"),
            folder.join("audit-2026-01-01T00-00-00.000-000.log"),
        )
        .unwrap();
        server.signal(Signal::HUP);
        until(|| folder.join("audit.log").exists());
        read_secret(server.http, &admin);
        server.stop();

        let out = place.done(&["audit", "verify"]);
        assert!(out.contains("in 3 files"), "{out}");
        assert!(out.contains("all as they were written"), "{out}");
        assert!(out.contains("a chain of one begins in"), "{out}");
        assert!(
            out.contains("a chain of one (operations) begins in"),
            "{out}"
        );
        let key = place.done(&["audit", "key"]);
        let public = fs::read_to_string(folder.join("audit.pub")).unwrap();
        assert_eq!(key, public);
        let shown = place.done(&["audit", "show", "--resource", "app/db"]);
        assert!(shown.contains("GetSecretValue"), "{shown}");
        // What else lies there is none of it.
        fs::write(folder.join("other.log"), "of another program\n").unwrap();
        place.done(&["audit", "verify", "--public-key", public.trim()]);

        let path = folder.join("audit.log");
        let log = fs::read_to_string(&path).unwrap();
        fs::write(&path, log.replacen("GetSecretValue", "PutSecretValue", 1)).unwrap();
        let said = place.run(&["audit", "verify"]);
        assert_eq!(said.code, Some(70), "{said:?}");
        assert!(
            said.err.contains("it, or the one before it, was changed"),
            "{said:?}"
        );
    }
}

#[test]
fn while_the_log_cannot_be_written_no_call_is_carried_out() {
    let place = Place::sqlite();
    let admin = place.init();
    let server = Server::start(&place);
    let admin_at = server.admin.unwrap();
    let (folder, gone) = (place.path("data/audit"), place.path("data/gone"));
    fs::rename(&folder, &gone).unwrap();
    fs::write(&folder, "").unwrap();
    server.signal(Signal::HUP);
    until(|| get(admin_at, "/ready").status == 503);

    let params = [
        ("SecretName", "app/db"),
        ("SecretData", "never"),
        ("VersionId", "v1"),
    ];
    for action in ["CreateSecret", "ListSecrets"] {
        let (status, body) = call(server.http, &admin, action, &params);
        assert_eq!(status, 503, "{action}: {body}");
        assert_eq!(body["Code"], "ServiceUnavailableTemporary");
    }
    assert!(metric(admin_at, "kms_audit_available").ends_with(" 0"));

    fs::remove_file(&folder).unwrap();
    fs::DirBuilder::new().mode(0o700).create(&folder).unwrap();
    until(|| get(admin_at, "/ready").status == 200);
    // Refused, it was not done: the name is free.
    create_secret(server.http, &admin, "value");
    assert_eq!(read_secret(server.http, &admin), "value");
    server.stop();
    let log = fs::read_to_string(folder.join("audit.log")).unwrap();
    assert!(log.contains(r#""event":"log.resumed""#), "{log}");
    // Both parts are one chain.
    let mut verify = place.command(&["audit", "verify"]);
    verify.args([gone.join("audit.log"), folder.join("audit.log")]);
    let said = crate::place::said(&mut verify);
    assert_eq!(said.code, Some(0), "{said:?}");
}

fn metric(at: SocketAddr, name: &str) -> String {
    let text = get(at, "/metrics").text();
    let mut lines = text.lines();
    let line = lines.find(|line| line.starts_with(name));
    line.unwrap_or_else(|| panic!("no {name}: {text}"))
        .to_owned()
}

#[expect(
    clippy::disallowed_methods,
    reason = "what another process does is waited for"
)]
fn until(is_so: impl Fn() -> bool) {
    for _ in 0..600 {
        if is_so() {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("it never became so");
}
