//! Go's package `flag`, spelling by spelling.

use super::*;

#[test]
fn one_hyphen_or_two_and_the_value_here_or_next() {
    for arguments in [
        &["--region=cn-beijing"][..],
        &["-region=cn-beijing"],
        &["--region", "cn-beijing"],
        &["-region", "cn-beijing"],
        &["--region=", "--region=cn-beijing"],
        &["--region=cn-shanghai", "-region", "cn-beijing"],
    ] {
        let settings = parse(arguments).unwrap();
        assert_eq!(
            settings.remote.region.unwrap().as_str(),
            "cn-beijing",
            "{arguments:?}"
        );
    }
}

#[test]
fn switches_take_gos_words_after_an_equals_sign() {
    for (argument, expected) in [
        ("--disable-polling", true),
        ("-disable-polling", true),
        ("--disable-polling=true", true),
        ("--disable-polling=T", true),
        ("-disable-polling=1", true),
        ("--disable-polling=TRUE", true),
        ("--disable-polling=false", false),
        ("--disable-polling=0", false),
        ("--disable-polling=f", false),
        ("--disable-polling=False", false),
    ] {
        let polling = parse(&[argument]).unwrap().remote.polling;
        assert_eq!(polling.is_none(), expected, "{argument}");
    }
    assert_eq!(
        refused(&["--disable-polling=yes"]),
        "--disable-polling is true or false"
    );
    assert_eq!(
        refused(&["--disable-polling="]),
        "--disable-polling is true or false"
    );
}

#[test]
fn a_word_after_a_switch_is_not_swallowed() {
    assert_eq!(
        refused(&["--disable-polling", "false", "--region=cn-beijing"]),
        "what follows --disable-polling is no flag; a switch is turned by --disable-polling=true or \
         --disable-polling=false"
    );
    assert_eq!(
        refused(&["--region=cn-beijing", "--", "--uid=1"]),
        "what follows --region and its value is no flag; a value with spaces needs quotes"
    );
    assert_eq!(
        refused(&["-"]),
        "what stands first is no flag; ack-secret-manager --help lists all"
    );
}

#[test]
fn a_value_may_begin_with_a_hyphen() {
    assert_eq!(
        refused(&["--reconcile-count", "-1"]),
        "--reconcile-count is at least 1"
    );
}

#[test]
fn whole_numbers_say_their_base() {
    for (text, expected) in [
        ("16", 16),
        ("+16", 16),
        ("0x10", 16),
        ("0b10000", 16),
        ("0o20", 16),
        ("020", 16),
    ] {
        let settings = parse(&["--reconcile-count", text]).unwrap();
        assert_eq!(settings.process.workers.get(), expected, "{text}");
    }
    for text in ["0", "1.0", "1e1", "0x", "0x-1", "4294967296", " 1"] {
        assert!(parse(&["--reconcile-count", text]).is_err(), "{text}");
    }
}

#[test]
fn an_unknown_flag_is_named_with_its_neighbour() {
    assert_eq!(
        refused(&["--kms-enpoint=kms.cn-hangzhou.aliyuncs.com"]),
        "there is no flag --kms-enpoint; did you mean --kms-endpoint?; ack-secret-manager --help lists all"
    );
    assert_eq!(
        refused(&["--polling_interval", "1m"]),
        "there is no flag --polling_interval; did you mean --polling-interval?; ack-secret-manager \
         --help lists all"
    );
    assert_eq!(
        refused(&["--aliuid=1"]),
        "there is no flag --aliuid; did you mean --uid?; ack-secret-manager --help lists all"
    );
    assert_eq!(
        refused(&["--xylophone"]),
        "there is no flag --xylophone; ack-secret-manager --help lists all"
    );
}

#[test]
fn what_is_no_flag_at_all_is_said() {
    for argument in ["---region=x", "-=x", "--=x"] {
        assert_eq!(
            refused(&[argument]),
            "a flag begins with one or two hyphens and has a name: --region=cn-hangzhou",
            "{argument}"
        );
    }
    assert_eq!(refused(&["--region"]), "--region needs a value: --region=…");
}

#[test]
fn help_goes_before_everything_that_can_be_read() {
    for arguments in [&["-h"][..], &["--help"], &["--disable-polling", "-help"]] {
        let error = parse(arguments).unwrap_err();
        assert_eq!((error.exit_code(), error), (0, SettingsError::Help));
    }
}

#[test]
fn no_text_repeats_a_value() {
    for argument in [
        "--region=CANARY",
        "--uid=CANARY",
        "--cluster-id=CANARY/",
        "--kms-endpoint=CANARY.example.com",
        "--polling-interval=CANARY",
        "--watch-namespaces=CANARY",
        "--shard=CANARY",
        "--compat=CANARY",
        "--metrics-addr=CANARY",
        "--log-level=CANARY",
        "--deletion-policy=CANARY",
        "--refresh-spread=CANARY",
        "--allowed-endpoint-suffix=CANARY",
    ] {
        let text = refused(&[argument]);
        assert!(!text.contains("CANARY"), "{text}");
    }
}
