use std::{fs, path::Path};

use super::*;

fn parse(bytes: &[u8]) -> Result<Properties, ParsePropertiesError> {
    Properties::parse(&Secret::new(bytes.to_vec()))
}

fn pairs(properties: &Properties) -> serde_json::Value {
    properties
        .0
        .iter()
        .map(|(key, value)| (key.clone(), value.expose().clone()))
        .collect::<BTreeMap<_, _>>()
        .into_iter()
        .map(|(key, value)| (key, value.into()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Each `.properties` beside what `java.util.Properties` makes of it.
#[test]
fn files_are_read_as_java_reads_them() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/properties"));
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ext| ext != "properties") {
            continue;
        }
        seen += 1;
        let expected = fs::read_to_string(path.with_extension("json")).unwrap();
        let expected: serde_json::Value = serde_json::from_str(&expected).unwrap();
        let found = parse(&fs::read(&path).unwrap()).unwrap();
        assert_eq!(pairs(&found), expected, "{}", path.display());
    }
    assert!(seen >= 4, "the golden folder is there");
}

#[test]
fn what_java_refuses_is_refused_with_its_line() {
    for (text, line) in [
        ("a=\\u12", 1),
        ("a=b\n\nc=\\u00zz", 3),
        ("a=\\\n b \\u+123", 1),
        ("# \\u\nk\\uZZZZ=v", 2),
        ("a=\\ud83d alone", 1),
        ("a=\\ud83d\\u0041", 1),
        ("a=\\udc00", 1),
        ("a=b\r\n\r\nc=\\u1", 3),
    ] {
        assert_eq!(parse(text.as_bytes()).unwrap_err().line, line, "{text}");
    }
}

#[test]
fn values_are_secrets() {
    let properties = parse(b"credentials_access_secret=hunter2").unwrap();
    assert!(!format!("{properties:?}").contains("hunter2"));
    assert_eq!(properties.get("credentials_access_secret"), Some("hunter2"));
    assert_eq!(properties.get("other"), None);
    assert_eq!(parse(b"a =  \t").unwrap().get("a"), None, "empty is absent");
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::arbitrary::any::<u8>(), 0..200)) {
        drop(parse(&bytes));
    }

    #[test]
    fn what_is_written_with_escapes_is_read_again(key in "[ -~é😀]{1,12}", value in "[ -~\n\t😀]{0,20}") {
        let escaped = |text: &str| {
            let units = text.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
            units.collect::<Vec<_>>().concat()
        };
        let text = format!("{}={}\n", escaped(&key), escaped(&value));
        let found = parse(text.as_bytes()).unwrap();
        proptest::prop_assert_eq!(found.0[&key].expose(), &value);
    }
}
