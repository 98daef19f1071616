//! Chance and time are the caller's: the same inputs give the same bytes.

use super::{Data, Seed, Sources, failure, now, render, seed, template, text};

fn with_seed(source: &str, seed: [u8; 32]) -> String {
    let template = template([("out", source)]);
    let templated = render(
        &template,
        &Data::new(),
        &Sources::default(),
        &Seed(seed),
        now(),
    );
    let templated = templated.expect("a result");
    assert!(templated.warnings.is_empty(), "{:?}", templated.warnings);
    String::from_utf8(templated.data["out"].expose().clone()).expect("UTF-8")
}

#[test]
fn chance_is_the_seeds() {
    for source in [
        "{{ randAlphaNum 20 }}",
        "{{ randAlpha 20 }}",
        "{{ randNumeric 20 }}",
        "{{ randAscii 20 }}",
        "{{ randBytes 20 }}",
        "{{ randInt 0 1000000000 }}",
        "{{ uuidv4 }}",
        r#"{{ shuffle "abcdefghijklmnopqrstuvwxyz" }}"#,
        r#"{{ encryptAES "key" "text" }}"#,
        r#"{{ bcrypt "password" 4 }}"#,
        r#"{{ htpasswd "tom" "password" }}"#,
    ] {
        let first = with_seed(source, [1; 32]);
        assert_eq!(with_seed(source, [1; 32]), first, "{source}");
        assert_ne!(with_seed(source, [2; 32]), first, "{source}");
    }
}

/// One call's chance is not the next one's, nor another key's, nor moved by another template.
#[test]
fn every_call_has_its_own_chance() {
    let twice = text("{{ randAlphaNum 20 }} {{ randAlphaNum 20 }}");
    let (first, second) = twice.split_once(' ').expect("two");
    assert_ne!(first, second);
    let given = |template| {
        let templated = render(&template, &Data::new(), &Sources::default(), &seed(), now());
        super::texts(&templated.expect("a result").data)
            .into_iter()
            .map(|(_, text)| text)
            .collect::<Vec<_>>()
    };
    let source = "{{ randAlphaNum 20 }}";
    let alone = given(template([("b", source)]));
    let with_another = given(template([("a", source), ("b", source)]));
    assert_eq!(alone[0], with_another[1]);
    assert_ne!(with_another[0], with_another[1]);
}

#[test]
fn chance_has_the_characters_that_it_says() {
    let all = |source: &str, legal: fn(u8) -> bool| {
        let text = text(source);
        assert_eq!(text.len(), 2000, "{source}");
        assert!(text.bytes().all(legal), "{text}");
        text
    };
    let digits = all("{{ randNumeric 2000 }}", |byte| byte.is_ascii_digit());
    for digit in '0'..='9' {
        let count = digits.matches(digit).count();
        assert!((140..260).contains(&count), "{digit}: {count}");
    }
    all("{{ randAlpha 2000 }}", |byte| byte.is_ascii_alphabetic());
    all("{{ randAlphaNum 2000 }}", |byte| {
        byte.is_ascii_alphanumeric()
    });
    all("{{ randAscii 2000 }}", |byte| (32..127).contains(&byte));
    assert_eq!(text("{{ randBytes 12 | b64dec | len }}"), "12");
    assert_eq!(text("{{ randAlpha 0 }}|{{ randBytes 0 }}"), "|");
    for _ in 0..3 {
        let number: i64 = text("{{ randInt 5 8 }}").parse().expect("a number");
        assert!((5..8).contains(&number));
    }
    failure("{{ randInt 5 5 }}");
    failure("{{ randAlpha -1 }}");
}

#[test]
fn a_shuffle_keeps_the_characters() {
    let mut found: Vec<char> = text(r#"{{ shuffle "für Äpfel" }}"#).chars().collect();
    let mut expected: Vec<char> = "für Äpfel".chars().collect();
    assert_ne!(found, expected);
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn a_uuid_is_one_of_version_4() {
    let uuid = text("{{ uuidv4 }}");
    let parts: Vec<&str> = uuid.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12], "{uuid}");
    assert!(
        parts[2].starts_with('4') && parts[3].starts_with(['8', '9', 'a', 'b']),
        "{uuid}"
    );
}

#[test]
fn hashes_verify() {
    let hash = text(r#"{{ bcrypt "password" }}"#);
    assert!(hash.starts_with("$2a$10$"), "{hash}");
    assert!(bcrypt::verify("password", &hash).expect("a hash"));
    assert!(!bcrypt::verify("Password", &hash).expect("a hash"));
    assert!(text(r#"{{ bcrypt "password" 5 }}"#).starts_with("$2a$05$"));
    let line = text(r#"{{ htpasswd "tom" "password" }}"#);
    let hash = line
        .strip_prefix("tom:")
        .and_then(|line| line.strip_suffix('\n'));
    assert!(bcrypt::verify("password", hash.expect("a line")).expect("a hash"));
    failure(r#"{{ htpasswd "a:b" "x" }}"#);
    failure(r#"{{ bcrypt (repeat 73 "x") }}"#);
}

/// Two plaintexts under one key share no vector, for one seed either.
#[test]
fn encryption_has_a_vector_of_its_own() {
    let one = text(r#"{{ encryptAES "key" "text one" }}"#);
    let other = text(r#"{{ encryptAES "key" "text two" }}"#);
    assert_ne!(one.get(..20), other.get(..20));
    let twice = text(r#"{{ encryptAES "k" "t" }} {{ encryptAES "k" "t" }}"#);
    let (first, second) = twice.split_once(' ').expect("two");
    assert_ne!(first, second);
}

#[test]
fn now_is_the_callers() {
    assert_eq!(
        text(r#"{{ now | date "2006-01-02 15:04:05" }}"#),
        "2026-11-29 20:15:30"
    );
    assert_eq!(text("{{ now.Year }} {{ now.Unix }}"), "2026 1795983330");
    assert_eq!(text(r#"{{ date "2006" "no time" }}"#), "2026");
    assert_eq!(
        text(r#"{{ toDate "2006-01-02" "2026-11-29" | ago }}"#),
        "20h15m30s"
    );
    assert_eq!(
        text(r#"{{ now | dateModify "-24h" | durationRound }}"#),
        "24h"
    );
}
