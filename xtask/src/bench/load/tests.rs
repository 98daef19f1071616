use super::{Run, figures};

#[test]
fn the_line_of_figures_is_read() {
    let text =
        "Running 2s test @ http://127.0.0.1:1/\n  1 threads\nfigures 300000 2000000 480 1100 0 0\n";
    let run = Run {
        requests: 300_000,
        rate: 150_000,
        p50: 480,
        p99: 1100,
    };
    assert_eq!(figures(text).unwrap(), run);
}

#[test]
fn a_run_with_refusals_or_broken_connections_counts_for_nothing() {
    assert!(figures("figures 300000 2000000 480 1100 3 0\n").is_err());
    assert!(figures("figures 300000 2000000 480 1100 0 1\n").is_err());
    assert!(figures("figures 0 2000000 0 0 0 0\n").is_err());
    assert!(figures("unable to connect\n").is_err());
}
