use super::*;

#[tokio::test]
async fn a_line_is_in_the_file_when_its_ticket_is_redeemed() {
    let stand = Stand::new();
    let log = stand.open();
    write(&log, 3).await;
    let found = lines(&stand.path());
    let kinds: Vec<_> = found
        .iter()
        .map(|line| line["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["begin", "event", "event", "event"]);
    assert_eq!(found[1]["time"], "2026-11-25T12:00:00.000000000Z");
    assert_eq!(found[1]["server"], "one");
    assert_eq!(found[3]["about"]["number"], "2");
    let seqs: Vec<_> = found
        .iter()
        .map(|line| line["seq"].as_u64().unwrap())
        .collect();
    assert_eq!(seqs, [1, 2, 3, 4]);
}

#[tokio::test]
async fn the_chain_goes_on_over_restarts_and_is_signed_at_the_end() {
    let stand = Stand::new();
    for _ in 0..3 {
        let log = stand.open();
        write(&log, 2).await;
        log.close().await;
    }
    let report = stand.verify();
    assert_eq!(
        (report.lines, report.checkpoints, report.unsigned),
        (10, 3, 0)
    );
    assert_eq!(report.begins.len(), 1);
    let by_public = verify(&stand.files(), &Trust::Public(stand.public()));
    assert_eq!(by_public.unwrap(), report);
}

#[tokio::test]
async fn many_at_once_are_each_written_once() {
    let stand = Stand::new();
    let log = stand.open();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..300 {
        let log = log.clone();
        tasks.spawn(async move {
            let ticket = log.event("test", &[("number", &number.to_string())]);
            assert!(log.redeem(ticket).await);
        });
    }
    tasks.join_all().await;
    let found = lines(&stand.path());
    let numbers: std::collections::BTreeSet<_> = found
        .iter()
        .filter_map(|line| line["about"]["number"].as_str())
        .collect();
    assert_eq!((numbers.len(), found.len()), (300, 301));
    stand.verify();
}

#[tokio::test]
async fn a_full_file_is_replaced_and_the_chain_goes_on() {
    let stand = Stand::new();
    let options = Options {
        max_size: 4000,
        ..stand.options()
    };
    let log = Log::open(
        options.clone(),
        &stand.keyring,
        Arc::new(stand.clock.clone()),
    )
    .unwrap();
    write(&log, 60).await;
    log.close().await;
    let files = stand.files();
    assert!(files.len() > 2, "{files:?}");
    let report = stand.verify();
    assert_eq!(report.begins.len(), 1);
    for file in &files {
        assert!(fs::metadata(file).unwrap().len() < 6000);
    }
    // In whatever order they are given.
    let reversed: Vec<_> = files.iter().rev().cloned().collect();
    assert_eq!(verify(&reversed, &stand.trust()).unwrap(), report);
    // The later ones alone say that there are earlier ones.
    let mut ordered = report.files.clone();
    let first = ordered.remove(0);
    let rest = verify(&ordered, &stand.trust()).unwrap();
    assert!(rest.begins[0].seq > 1);
    // One in the middle is missed.
    ordered.insert(0, first);
    ordered.remove(1);
    let VerifyError::Broken(broken) = verify(&ordered, &stand.trust()).unwrap_err() else {
        panic!("it can be read");
    };
    assert!(matches!(broken.flaw, Flaw::Gap { .. }), "{broken}");
}

#[tokio::test]
async fn a_file_that_was_moved_away_is_left_and_another_begun() {
    let stand = Stand::new();
    let log = stand.open();
    write(&log, 2).await;
    let moved = stand.path().with_file_name("audit.log.1");
    fs::rename(stand.path(), &moved).unwrap();
    // Until it is told, it goes on in the old one.
    write(&log, 1).await;
    assert_eq!(lines(&moved).len(), 4);
    log.reopen();
    write(&log, 1).await;
    log.close().await;
    assert_eq!(lines(&moved).last().unwrap()["kind"], "checkpoint");
    assert_eq!(lines(&stand.path())[0]["kind"], "begin");
    assert_eq!(stand.verify().begins.len(), 1);
}

#[tokio::test]
async fn a_checkpoint_comes_once_a_minute_if_there_is_something_to_sign() {
    let stand = Stand::new();
    let log = stand.open();
    write(&log, 1).await;
    stand.clock.advance(std::time::Duration::from_secs(61));
    write(&log, 1).await;
    // Written behind the line, before the next one.
    write(&log, 1).await;
    let found = lines(&stand.path());
    let kinds: Vec<_> = found
        .iter()
        .map(|line| line["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["begin", "event", "event", "checkpoint", "event"]);
    assert_eq!(found[3]["lines"], 3);
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_its_owners_alone_and_no_link_is_followed() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let stand = Stand::new();
    let log = stand.open();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&stand.path()), 0o600);
    assert_eq!(mode(stand.path().parent().unwrap()), 0o700);
    log.close().await;
    fs::set_permissions(stand.path(), fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(stand.try_open(), Err(AuditError::Open { .. })));
    let victim = stand.dir.path().join("victim");
    fs::rename(stand.path(), &victim).unwrap();
    symlink(&victim, stand.path()).unwrap();
    assert!(matches!(stand.try_open(), Err(AuditError::Open { .. })));
}

#[cfg(unix)]
#[tokio::test]
async fn a_socket_takes_the_lines_too() {
    use std::{
        io::{BufRead, BufReader},
        os::unix::net::{UnixDatagram, UnixListener},
    };

    let stand = Stand::new();
    let socket = stand.dir.path().join("lines.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    let options = Options {
        socket: Some(socket),
        ..stand.options()
    };
    let clock = Arc::new(stand.clock.clone());
    let log = Log::open(options.clone(), &stand.keyring, clock.clone()).unwrap();
    write(&log, 1).await;
    let mut taken = BufReader::new(listener.accept().unwrap().0).lines();
    let copy = stand.dir.path().join("copy");
    let two = [
        taken.next().unwrap().unwrap(),
        taken.next().unwrap().unwrap(),
    ];
    fs::write(&copy, format!("{}\n{}\n", two[0], two[1])).unwrap();
    assert_eq!(verify(&[copy], &stand.trust()).unwrap().lines, 2);
    log.close().await;

    let syslog = stand.dir.path().join("syslog.sock");
    let receiver = UnixDatagram::bind(&syslog).unwrap();
    let options = Options {
        socket: Some(syslog),
        ..options
    };
    let log = Log::open(options, &stand.keyring, clock).unwrap();
    write(&log, 1).await;
    let mut buffer = [0; 4096];
    let length = receiver.recv(&mut buffer).unwrap();
    let message = str::from_utf8(&buffer[..length]).unwrap();
    let head = "<85>1 2026-11-25T12:00:00.000000Z one kms-server ";
    assert!(message.starts_with(head), "{message}");
    assert!(message.contains(" audit - {\"seq\":1,"), "{message}");
    log.close().await;
}
