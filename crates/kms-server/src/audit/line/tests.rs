use proptest::prelude::*;

use super::*;

fn written(seq: u64, body: &str) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut out, seq, body.as_bytes(), |_| [0xab; 32]);
    out
}

#[test]
fn a_line_is_json_with_its_number_first_and_its_code_last() {
    let line = String::from_utf8(written(7, r#"{"kind":"x"}"#)).unwrap();
    let code = "ab".repeat(32);
    assert_eq!(
        line,
        format!("{{\"seq\":7,\"kind\":\"x\",\"mac\":\"{code}\"}}\n")
    );
    let parsed = Line::parse(line.trim_end().as_bytes()).unwrap();
    assert_eq!((parsed.seq, parsed.mac), (7, [0xab; 32]));
    assert_eq!(parsed.head, br#"{"seq":7,"kind":"x""#);
    assert_eq!(parsed.json(), br#"{"seq":7,"kind":"x"}"#);
}

#[test]
fn there_is_one_way_to_write_a_line() {
    let good = String::from_utf8(written(7, r#"{"kind":"x"}"#)).unwrap();
    let good = good.trim_end();
    for (what, spoilt) in [
        ("capitals", good.replacen("ab", "AB", 1)),
        ("a zero", good.replacen('7', "07", 1)),
        ("a sign", good.replacen('7', "+7", 1)),
        ("a blank", format!("{good} ")),
        ("no code", good.replace("mac", "mad")),
        ("too much", good.replacen('7', "99999999999999999999", 1)),
        ("nothing", String::new()),
    ] {
        assert_eq!(Line::parse(spoilt.as_bytes()), None, "{what}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_a_line_or_none(bytes: Vec<u8>) {
        if let Some(line) = Line::parse(&bytes) {
            prop_assert!(bytes.starts_with(line.head));
        }
    }
}
