use std::time::Duration;

use super::{Figures, Report, Sample, Server, thousands, time};

#[test]
fn a_report_shows_medians_and_ratios_round_by_round() {
    let sample = |server, rate, p50, p99| Sample {
        server,
        connections: 64,
        rate,
        p50,
        p99,
        nanos: 8450,
    };
    let samples = vec![
        sample(Server::Agent, 90_000, 500, 900),
        sample(Server::Bare, 100_000, 450, 1100),
        sample(Server::Nginx, 100_000, 450, 1100),
        // A round in which the machine was slow for both.
        sample(Server::Agent, 45_000, 900, 12_345),
        sample(Server::Bare, 50_000, 700, 900),
        sample(Server::Nginx, 25_000, 700, 900),
        sample(Server::Agent, 100_000, 400, 800),
        sample(Server::Bare, 1_100_000, 400, 800),
        sample(Server::Nginx, 1_650_000, 400, 800),
    ];
    let report = Report {
        machine: "A machine".to_owned(),
        rounds: 3,
        seconds: 4,
        samples,
        figures: Figures {
            idle: 7654,
            full: 15_099,
            loaded: 9000,
            starts: [30, 10, 20].map(Duration::from_millis).to_vec(),
            size: 6_543_210,
        },
    };
    let expected = "\
A machine.
A cached answer of 423 bytes, token checked, audit log on; keep-alive; wrk with one thread on the same cores; medians of 3 runs of 4 s, the servers in turn; ratios are medians of the ratios in each round.

| connections | server | requests/s | of bare hyper | p50 | p99 | processor per request |
|---:|---|---:|---:|---:|---:|---:|
| 64 | agent | 90,000 | 0.90 | 500 µs | 900 µs | 8.45 µs |
| 64 | bare hyper | 100,000 | 1.00 | 450 µs | 900 µs | 8.45 µs |
| 64 | nginx `return 200` | 100,000 | 1.00 | 450 µs | 900 µs | 8.45 µs |

| agent | |
|---|---:|
| resident, idle | 7.6 MB |
| resident, 1,000 secrets of 4 KiB cached | 15.0 MB |
| resident, after the runs above | 9.0 MB |
| from exec to the first secret, KMS asked twice | 20.00 ms |
| program, static | 6.5 MB |";
    assert_eq!(report.to_string(), expected);
}

#[test]
fn numbers_are_shown_as_people_read_them() {
    assert_eq!(thousands(7), "7");
    assert_eq!(thousands(123), "123");
    assert_eq!(thousands(1_234_567), "1,234,567");
    assert_eq!(time(999), "999 µs");
    assert_eq!(time(12_345), "12.34 ms");
}
