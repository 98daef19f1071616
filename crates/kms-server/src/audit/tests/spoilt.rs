//! Whatever is done to a file is seen.

use super::*;

/// A log of some lines and two checkpoints.
async fn log(stand: &Stand) -> Vec<u8> {
    for _ in 0..2 {
        let log = stand.open();
        write(&log, 3).await;
        log.close().await;
    }
    fs::read(stand.path()).unwrap()
}

fn is_seen(stand: &Stand, spoilt: &[u8], trust: &Trust) -> bool {
    let path = stand.dir.path().join("spoilt");
    fs::write(&path, spoilt).unwrap();
    verify(&[path], trust).is_err()
}

#[tokio::test]
async fn any_byte_that_is_changed() {
    let stand = Stand::new();
    let good = log(&stand).await;
    let (with_keys, in_public) = (stand.trust(), Trust::Public(stand.public()));
    assert!(!is_seen(&stand, &good, &with_keys));
    assert!(!is_seen(&stand, &good, &in_public));
    // What the last checkpoint is over; itself has its code.
    let signed = good.len() - good.split(|b| *b == b'\n').nth_back(1).unwrap().len() - 1;
    for at in 0..good.len() {
        for flip in [1, 0x20, 0x80] {
            let mut spoilt = good.clone();
            spoilt[at] ^= flip;
            assert!(is_seen(&stand, &spoilt, &with_keys), "byte {at}, {flip}");
            if at < signed && flip == 1 {
                assert!(is_seen(&stand, &spoilt, &in_public), "byte {at} in public");
            }
        }
    }
}

#[tokio::test]
async fn lines_that_are_removed_repeated_moved_or_cut() {
    let stand = Stand::new();
    let good = log(&stand).await;
    let lines: Vec<&[u8]> = good.split_inclusive(|byte| *byte == b'\n').collect();
    for trust in [stand.trust(), Trust::Public(stand.public())] {
        // All but the very last, whose absence nothing in the file tells.
        for at in 0..lines.len() - 1 {
            let mut removed = lines.clone();
            removed.remove(at);
            assert!(is_seen(&stand, &removed.concat(), &trust), "{at} removed");
            let mut swapped = lines.clone();
            swapped.swap(at, at + 1);
            assert!(is_seen(&stand, &swapped.concat(), &trust), "{at} swapped");
            let mut repeated = lines.clone();
            repeated.insert(at, lines[at]);
            assert!(is_seen(&stand, &repeated.concat(), &trust), "{at} repeated");
            let mut inserted = lines.clone();
            inserted.insert(at + 1, b"{\"seq\":2}\n");
            assert!(is_seen(&stand, &inserted.concat(), &trust), "{at} inserted");
        }
        for length in 1..good.len() {
            if good[length - 1] != b'\n' {
                assert!(is_seen(&stand, &good[..length], &trust), "cut at {length}");
            }
        }
    }
    // Forged with another installation's keys.
    let other = Stand::new();
    let foreign = log(&other).await;
    assert!(is_seen(&stand, &foreign, &stand.trust()));
    assert!(is_seen(&stand, &foreign, &Trust::Public(stand.public())));
}

#[tokio::test]
async fn the_first_flaw_is_named() {
    let stand = Stand::new();
    let good = log(&stand).await;
    let text = String::from_utf8(good).unwrap();
    let path = stand.dir.path().join("spoilt");
    fs::write(
        &path,
        text.replacen("\"number\":\"1\"", "\"number\":\"7\"", 1),
    )
    .unwrap();
    let VerifyError::Broken(broken) =
        verify(std::slice::from_ref(&path), &stand.trust()).unwrap_err()
    else {
        panic!("it can be read");
    };
    assert_eq!((broken.line, broken.flaw), (3, Flaw::Changed));
    let in_public = verify(&[path], &Trust::Public(stand.public())).unwrap_err();
    let VerifyError::Broken(broken) = in_public else {
        panic!("it can be read");
    };
    assert_eq!((broken.line, broken.flaw), (5, Flaw::Digest));
}

#[tokio::test]
async fn what_a_crash_left_of_the_last_line_is_cut_off_and_told() {
    let stand = Stand::new();
    log(&stand).await;
    for rest in [
        &b"{\"seq\":11,\"ti"[..],
        b"\0\0\0\0",
        b"{\"seq\":11,\"kind\":\"x\"}\n",
    ] {
        let mut bytes = fs::read(stand.path()).unwrap();
        bytes.extend_from_slice(rest);
        fs::write(stand.path(), &bytes).unwrap();
        let log = stand.open();
        write(&log, 1).await;
        log.close().await;
        let found = lines(&stand.path());
        let told = found
            .iter()
            .rfind(|line| line["event"] == "log.cut-off")
            .unwrap();
        assert_eq!(told["about"]["bytes"], rest.len().to_string());
        stand.verify();
    }
}

#[tokio::test]
async fn damage_in_the_middle_stops_the_start() {
    let stand = Stand::new();
    let good = log(&stand).await;
    let mut spoilt = good.clone();
    let middle = good.len() / 2;
    spoilt[middle] ^= 1;
    fs::write(stand.path(), &spoilt).unwrap();
    let Err(AuditError::Damaged(broken)) = stand.try_open() else {
        panic!("it was opened");
    };
    assert_eq!(broken.file, stand.path());
    assert_eq!(
        fs::read(stand.path()).unwrap(),
        spoilt,
        "the evidence stays"
    );
    // Moved elsewhere, another chain begins.
    fs::rename(stand.path(), stand.dir.path().join("evidence")).unwrap();
    write(&stand.open(), 1).await;
}
