use super::*;

fn sample(subject: Subject, call: Call, secrets: u32, rate: u64, p99: u64) -> Sample {
    Sample {
        subject,
        secrets,
        call,
        figure: Figure {
            answers: rate,
            refused: 0,
            micros: 1_000_000,
            p50: 900,
            p99,
            nanos: 9_450,
        },
        server_nanos: 60_120,
        database_nanos: if subject == Subject::Postgres {
            30_000
        } else {
            0
        },
    }
}

fn report(peer: Option<&str>, samples: Vec<Sample>) -> String {
    let report = Report {
        machine: "A machine".to_owned(),
        profile: "release".to_owned(),
        peer: peer.map(str::to_owned),
        rounds: 3,
        millis: 4000,
        scale_millis: 2000,
        few: 100,
        many: 100_000,
        memory: Memory {
            idle: vec![(Subject::Sqlite, 100, 20_000), (Subject::Peer, 100, 99_900)],
            loaded: vec![
                (Subject::Sqlite, 100, 31_500),
                (Subject::Peer, 100, 128_000),
            ],
            after: vec![
                (Subject::Sqlite, 100, 32_500),
                (Subject::Peer, 100, 129_000),
            ],
        },
        samples,
    };
    report.to_string()
}

fn has(shown: &str, line: &str) {
    assert!(shown.lines().any(|own| own == line), "{line}\nin\n{shown}");
}

#[test]
fn rates_are_medians_and_ratios_go_round_by_round() {
    use Subject::{Peer, Sqlite};
    let samples = vec![
        sample(Sqlite, Call::Get, 100, 20_000, 7000),
        sample(Peer, Call::Get, 100, 5_000, 80_000),
        // A round in which the machine was slow for both.
        sample(Sqlite, Call::Get, 100, 10_000, 14_000),
        sample(Peer, Call::Get, 100, 2_500, 160_000),
        sample(Sqlite, Call::Get, 100, 30_000, 8000),
        sample(Peer, Call::Get, 100, 6_000, 90_000),
    ];
    let shown = report(Some("Bao 2"), samples);
    has(
        &shown,
        "| GetSecretValue | SQLite | 20,000 | 4.00 | 900 µs | 8.00 ms | 0.08 | 60.1 µs | 9.4 µs |",
    );
    has(
        &shown,
        "| GetSecretValue | Bao 2 | 5,000 | 1.00 | 900 µs | 90.00 ms | 1.00 | 60.1 µs | 9.4 µs |",
    );
    has(&shown, "| SQLite | 100 | 20.0 MB | 31.5 MB | 32.5 MB |");
    has(&shown, "| Bao 2 | 100 | 99.9 MB | 128.0 MB | 129.0 MB |");
}

#[test]
fn without_another_there_is_nothing_to_compare() {
    let samples = vec![sample(Subject::Postgres, Call::Encrypt, 100, 1234, 999)];
    let shown = report(None, samples);
    has(
        &shown,
        "| Encrypt | PostgreSQL | 1,234 | – | 900 µs | 999 µs | – | 60.1 µs + 30.0 µs | 9.4 µs |",
    );
    assert!(!shown.contains("Beside it"), "{shown}");
    assert!(!shown.contains("| Encrypt | SQLite"), "{shown}");
}

#[test]
fn many_secrets_are_compared_with_few() {
    let samples = vec![
        sample(Subject::Sqlite, Call::List, 100, 8000, 1000),
        sample(Subject::Sqlite, Call::List, 100_000, 2000, 4000),
    ];
    let shown = report(None, samples);
    has(
        &shown,
        "| ListSecrets, any page of 20 | SQLite | 8,000 | 2,000 | 0.25 | 1.00 ms | 4.00 ms | 60.1 µs | 60.1 µs |",
    );
}
