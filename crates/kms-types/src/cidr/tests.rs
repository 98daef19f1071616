use std::net::IpAddr;

use proptest::prelude::*;

use super::Cidr;

#[test]
fn blocks_hold_what_they_should() {
    for (block, inside, outside) in [
        ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
        ("10.1.2.3/8", "10.255.0.1", "11.0.0.0"),
        ("192.168.0.1", "192.168.0.1", "192.168.0.2"),
        ("192.168.0.4/31", "192.168.0.5", "192.168.0.6"),
        ("0.0.0.0/0", "255.1.2.3", "::1"),
        ("fd00::/8", "fdff::1", "fe00::"),
        ("::1", "::1", "::2"),
        ("::/0", "2001:db8::1", "127.0.0.1"),
        ("127.0.0.1", "::ffff:127.0.0.1", "::ffff:127.0.0.2"),
    ] {
        let cidr: Cidr = block.parse().unwrap();
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(cidr.contains(address(inside)), "{block} {inside}");
        assert!(!cidr.contains(address(outside)), "{block} {outside}");
        assert_eq!(cidr.to_string(), block);
    }
}

#[test]
fn what_is_no_block_is_refused() {
    for bad in [
        "",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "::/129",
        "10.0.0.0/+8",
        "10.0.0/8",
        "010.0.0.1",
        "host",
        "1.2.3.4/8/8",
        "::ffff:10.0.0.0/104",
    ] {
        assert!(bad.parse::<Cidr>().is_err(), "{bad:?}");
    }
}

proptest! {
    #[test]
    fn parsing_never_panics_and_round_trips(text in "[0-9a-f:./]{0,24}") {
        if let Ok(cidr) = text.parse::<Cidr>() {
            prop_assert_eq!(cidr.to_string().parse::<Cidr>(), Ok(cidr));
        }
    }
}
