use super::*;

#[test]
fn durations_are_read_as_go_reads_them() {
    for (text, nanoseconds) in [
        ("0", 0),
        ("-0", 0),
        ("0s", 0),
        ("120s", 120_000_000_000),
        ("+5s", 5_000_000_000),
        ("-1.5h", -5_400_000_000_000),
        ("1h2m", 3_720_000_000_000),
        ("2m0s", 120_000_000_000),
        ("1h15m30.918s", 4_530_918_000_000),
        (".5s", 500_000_000),
        ("1.s", 1_000_000_000),
        ("10ms", 10_000_000),
        ("1us2µs3μs4ns", 6_004),
    ] {
        assert_eq!(
            parse_go_duration(text).map(|duration| duration.as_nanos()),
            Ok(nanoseconds),
            "{text}"
        );
    }
}

#[test]
fn what_go_refuses_is_refused() {
    for text in [
        "", "5", "-", "s", ".s", "1d", "1 s", " 1s", "1s ", "1S", "1m30", "--1s", "1e3s",
    ] {
        assert_eq!(
            parse_go_duration(text),
            Err(ParseIntervalError::Syntax),
            "{text}"
        );
    }
    for text in ["9223372037s", "3000000h", "99999999999999999999s"] {
        assert_eq!(
            parse_go_duration(text),
            Err(ParseIntervalError::TooLong),
            "{text}"
        );
    }
}

#[test]
fn an_interval_is_longer_than_nothing() {
    assert_eq!(
        "1h2m".parse::<Interval>().map(Interval::get),
        Ok(Duration::from_mins(62))
    );
    for text in ["0", "0s", "-5s"] {
        assert_eq!(
            text.parse::<Interval>(),
            Err(ParseIntervalError::NotPositive),
            "{text}"
        );
    }
}
