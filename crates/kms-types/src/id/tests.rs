use super::{
    AccessKeyId, AccountId, DirectoryId, FolderId, GroupName, InstanceId, PolicyName, RegionId,
    RequestId, ResourceName, ShareId, UserName,
};

#[test]
fn ids_keep_to_their_alphabets() {
    assert!("1234567890123456".parse::<AccountId>().is_ok());
    assert!("cn-hangzhou".parse::<RegionId>().is_ok());
    assert!("STS.NUgYrLnoC37mZZCNnAbez".parse::<AccessKeyId>().is_ok());
    assert!(
        "KAAP.5a7dcd1c-8b13-4f1d-9a2f-000000000001"
            .parse::<AccessKeyId>()
            .is_ok()
    );
    assert!("rule_1.a".parse::<ResourceName>().is_ok());
    for bad in ["", " ", "a b", "a/b", "密", "a\n", "a\0", "a;b", "a%20"] {
        assert!(bad.parse::<AccountId>().is_err(), "{bad:?}");
        assert!(bad.parse::<RegionId>().is_err(), "{bad:?}");
        assert!(bad.parse::<AccessKeyId>().is_err(), "{bad:?}");
        assert!(bad.parse::<ResourceName>().is_err(), "{bad:?}");
    }
    assert!("a.b-c_D9".parse::<UserName>().is_ok());
    assert!("a-D9".parse::<GroupName>().is_ok());
    assert!("a-D9".parse::<PolicyName>().is_ok());
    for bad in ["", "a b", "a/b", "a@b", "密", "a\n", "*"] {
        assert!(bad.parse::<UserName>().is_err(), "{bad:?}");
    }
    for bad in ["", "a.b", "a_b", "a/b", "密", "a\n", "*"] {
        assert!(bad.parse::<GroupName>().is_err(), "{bad:?}");
        assert!(bad.parse::<PolicyName>().is_err(), "{bad:?}");
    }
    assert!("CN-hangzhou".parse::<RegionId>().is_err());
    assert!("12a".parse::<AccountId>().is_err());
    assert!("..".parse::<ResourceName>().is_err());
}

#[test]
fn lengths_have_an_end() {
    for (length, good) in [(20, true), (21, false)] {
        assert_eq!("1".repeat(length).parse::<AccountId>().is_ok(), good);
    }
    for (length, good) in [(64, true), (65, false)] {
        assert_eq!("a".repeat(length).parse::<UserName>().is_ok(), good);
        assert_eq!("a".repeat(length).parse::<GroupName>().is_ok(), good);
        assert_eq!("a".repeat(length).parse::<RegionId>().is_ok(), good);
    }
    for (length, good) in [(128, true), (129, false)] {
        assert_eq!("a".repeat(length).parse::<PolicyName>().is_ok(), good);
        assert_eq!("a".repeat(length).parse::<AccessKeyId>().is_ok(), good);
    }
    for (length, good) in [(192, true), (193, false)] {
        assert_eq!("a".repeat(length).parse::<ResourceName>().is_ok(), good);
    }
}

#[test]
fn what_is_refused_is_not_repeated() {
    let refused = "canary secret".parse::<AccessKeyId>().unwrap_err();
    assert!(!format!("{refused} {refused:?}").contains("canary"));
}

#[test]
fn instance_ids_begin_a_host_name() {
    let longest = format!("kst-{}", "a".repeat(59));
    for good in ["kst-hzz65f176a0ogplgq", "kst-1", longest.as_str()] {
        assert!(good.parse::<InstanceId>().is_ok(), "{good}");
    }
    let too_long = format!("{longest}a");
    for bad in [
        "",
        "kst-",
        "kst-A",
        "kst-a.b",
        "kst-a/b",
        "kst-a-",
        "ks-a",
        too_long.as_str(),
    ] {
        assert!(bad.parse::<InstanceId>().is_err(), "{bad}");
    }
}

#[test]
fn ids_of_shares_and_directories_say_what_they_are() {
    assert!("rs-6GRmdD3X0001".parse::<ShareId>().is_ok());
    assert!("fd-bVaRIG0001".parse::<FolderId>().is_ok());
    assert!("r-b1a2c3".parse::<FolderId>().is_ok());
    assert!("rd-3G0001".parse::<DirectoryId>().is_ok());
    for bad in [
        "",
        "rs-",
        "rd-3G0001",
        "rs-a-b",
        "rs-a/b",
        "1234567890123456",
    ] {
        assert!(bad.parse::<ShareId>().is_err(), "{bad}");
    }
    for bad in ["", "r-", "fd-", "rd-3G0001", "fd-a.b"] {
        assert!(bad.parse::<FolderId>().is_err(), "{bad}");
    }
    for bad in ["", "rd-", "r-3G0001", "rd-\u{e4}"] {
        assert!(bad.parse::<DirectoryId>().is_err(), "{bad}");
    }
}

#[test]
fn request_ids_are_lower_case_uuids_and_differ() {
    let (first, second) = (RequestId::random(), RequestId::random());
    assert_ne!(first, second);
    let text = first.to_string();
    assert_eq!(text.len(), 36);
    assert_eq!(text, text.to_ascii_lowercase());
    assert_eq!(text.parse(), Ok(first));
    assert!("nothing".parse::<RequestId>().is_err());
}
