//! Lines that nobody wrote: whatever stands in a file, verifying it ends, and with a flaw.

use proptest::prelude::*;

use super::*;

/// What makes a parser of lines stumble, beside bytes of any kind.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "\n",
        "\r\n",
        "\0",
        "\\u0000",
        "\\",
        "null",
        "-1",
        "1e999",
        "18446744073709551616",
        "\u{feff}",
        "\u{5bc6}",
        "{\"seq\":1,",
        "\"seq\":2,",
        "\"kind\":\"begin\",",
        "\"kind\":\"checkpoint\",",
        "\"kind\":\"call\",",
        "\"mac\":\"",
        "\"mac\":\"\"}\n",
        "\"format\":1,",
        "\"term\":1,",
        "\"digest\":\"",
        "\"signature\":\"",
        "\"previous\":\"",
        "\"lines\":0,",
        "\"lines\":18446744073709551615,",
    ]);
    prop_oneof![
        4 => words.prop_map(|word| word.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..40),
        1 => (1_usize..3000, any::<u8>()).prop_map(|(count, byte)| vec![byte; count]),
    ]
}

/// A piece of a good log goes, and others come in its place.
fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, usize, Vec<u8>)>> {
    let change = (
        any::<prop::sample::Index>(),
        0_usize..400,
        prop::collection::vec(pieces(), 0..6).prop_map(|pieces| pieces.concat()),
    );
    prop::collection::vec(change, 1..4)
}

fn good() -> (Stand, Vec<u8>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let stand = Stand::new();
        for _ in 0..2 {
            let log = stand.open();
            write(&log, 3).await;
            log.close().await;
        }
        let bytes = fs::read(stand.path()).unwrap();
        (stand, bytes)
    })
}

/// What verifying says; it must not do anything else.
fn verified(stand: &Stand, bytes: &[u8]) -> [bool; 2] {
    let path = stand.dir.path().join("hostile");
    fs::write(&path, bytes).unwrap();
    [stand.trust(), Trust::Public(stand.public())]
        .map(|trust| verify(std::slice::from_ref(&path), &trust).is_ok())
}

#[test]
fn a_good_log_in_pieces_and_no_log_at_all_are_refused() {
    let (stand, good) = good();
    assert_eq!(verified(&stand, &good), [true, true]);
    let config = ProptestConfig {
        cases: 600,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config.clone(), |(changes in changes())| {
        let mut spoilt = good.clone();
        for (at, length, with) in changes {
            let from = at.index(spoilt.len() + 1);
            let to = (from + length).min(spoilt.len());
            spoilt.splice(from..to, with);
        }
        // The beginning of a good log is a good log, as far as a file can tell.
        let is_beginning = good.starts_with(&spoilt) && (spoilt.is_empty() || spoilt.ends_with(b"\n"));
        let [with_keys, _in_public] = verified(&stand, &spoilt);
        prop_assert!(!with_keys || is_beginning, "{}", String::from_utf8_lossy(&spoilt));
    });
    proptest!(config, |(pieces in prop::collection::vec(pieces(), 1..60))| {
        let nonsense = pieces.concat();
        prop_assume!(!nonsense.is_empty());
        prop_assert_eq!(verified(&stand, &nonsense), [false, false]);
    });
}
