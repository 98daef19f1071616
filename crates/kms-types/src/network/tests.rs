use super::*;

fn vpc(text: &str) -> Result<VpcBlock, ParseBlockError> {
    text.parse()
}

#[test]
fn blocks_are_private_and_begin_at_their_first_address() {
    for good in [
        "10.0.0.0/8",
        "10.1.2.0/24",
        "172.16.0.0/12",
        "172.31.0.0/16",
        "192.168.0.0/16",
        "192.168.7.16/28",
        "127.0.0.0/8",
        "127.0.20.0/24",
    ] {
        assert_eq!(vpc(good).unwrap().to_string(), good);
    }
    for (bad, why) in [
        ("10.0.0.1", ParseBlockError::Form),
        ("10.0.0.1/24", ParseBlockError::Form),
        ("10.0.0.0/33", ParseBlockError::Form),
        ("fd00::/8", ParseBlockError::Form),
        ("", ParseBlockError::Form),
        ("8.8.8.0/24", ParseBlockError::Public),
        ("172.32.0.0/16", ParseBlockError::Public),
        ("192.168.0.0/15", ParseBlockError::Public),
        ("0.0.0.0/0", ParseBlockError::Public),
        (
            "10.0.0.0/29",
            ParseBlockError::Prefix {
                shortest: 8,
                longest: 28,
            },
        ),
    ] {
        assert_eq!(vpc(bad), Err(why), "{bad}");
    }
    let small = "10.0.0.0/15".parse::<VSwitchBlock>();
    assert_eq!(
        small,
        Err(ParseBlockError::Prefix {
            shortest: 16,
            longest: 29
        })
    );
}

#[test]
fn blocks_know_what_lies_in_them() {
    let block = vpc("127.0.20.0/24").unwrap();
    for (address, lies) in [
        ("127.0.20.0", true),
        ("127.0.20.255", true),
        ("::ffff:127.0.20.9", true),
        ("127.0.21.0", false),
        ("127.0.19.255", false),
        ("::1", false),
    ] {
        assert_eq!(block.contains(address.parse().unwrap()), lies, "{address}");
    }
    for (other, covers, overlaps) in [
        ("127.0.20.0/24", true, true),
        ("127.0.20.128/25", true, true),
        ("127.0.20.0/23", false, true),
        ("127.0.21.0/24", false, false),
    ] {
        let other: VSwitchBlock = other.parse().unwrap();
        assert_eq!(block.covers(other), covers, "{other}");
        assert_eq!(block.overlaps(other), overlaps, "{other}");
    }
}

#[test]
fn blocks_are_stored_as_text() {
    let block = vpc("10.0.0.0/8").unwrap();
    assert_eq!(serde_json::to_string(&block).unwrap(), r#""10.0.0.0/8""#);
    assert!(serde_json::from_str::<VpcBlock>(r#""10.0.0.0/4""#).is_err());
}
