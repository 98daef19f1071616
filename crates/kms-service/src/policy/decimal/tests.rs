use super::Decimal;

#[test]
fn numbers_compare_exactly() {
    let of = |text: &str| text.parse::<Decimal>().unwrap();
    assert_eq!(of("1"), of("1.0"));
    assert_eq!(of("-0"), of("0.00"));
    assert_eq!(of("007"), of("7"));
    assert!(of("9007199254740993") > of("9007199254740992"));
    assert!(of("0.1") < of("0.10000000000000001"));
    assert!(of("-2") < of("-1.5"));
}

#[test]
fn what_is_no_number_is_refused() {
    for bad in [
        "",
        "-",
        "+1",
        ".5",
        "5.",
        "1e3",
        "0x1",
        "1 ",
        "1,5",
        "--1",
        "1.-5",
        "١",
        "NaN",
        "inf",
        "1234567890123456789",
    ] {
        assert!(bad.parse::<Decimal>().is_err(), "{bad:?}");
    }
}
