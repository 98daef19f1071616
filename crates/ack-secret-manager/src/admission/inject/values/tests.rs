use super::*;

fn takes<T: FromStr>(good: &[&str], bad: &[&str]) {
    for text in good {
        assert!(text.parse::<T>().is_ok(), "{text:?}");
    }
    for text in bad {
        assert!(text.parse::<T>().is_err(), "{text:?}");
    }
}

#[test]
fn amounts_are_kubernetes_own() {
    takes::<Quantity>(
        &["50m", "1", "0.5", "64Mi", "1.5Gi", "100k"],
        &[
            "", "m", "0", "0m", "-1", "1 Mi", "64MB", "1.", ".5", "1e3x", "64mi",
        ],
    );
}

#[test]
fn names_are_those_of_objects() {
    takes::<ObjectName>(
        &["a", "kms-agent", "a.b-c.d1"],
        &["", "A", "a_b", "-a", "a-", "a..b", "a/b", &"a".repeat(254)],
    );
}

#[test]
fn folders_are_whole_and_plain() {
    takes::<MountPath>(
        &["/run/kms", "/var/run", "/a"],
        &[
            "", "/", "a", "./a", "/a/", "/a/../b", "/a/./b", "/a//b", "/a:b", "/a\nb",
        ],
    );
}

#[test]
fn images_are_one_word() {
    takes::<Image>(
        &[
            "registry.example.com/kms/agent:1.0",
            "agent",
            "a@sha256:0123",
        ],
        &["", " a", "a b", "/a", "a\n"],
    );
}

#[test]
fn what_was_written_is_not_said_again() {
    let error = "CANARY/".parse::<ObjectName>().unwrap_err().to_string();
    assert!(error.starts_with("not a name"), "{error}");
    assert!(!error.contains("CANARY"), "{error}");
}
