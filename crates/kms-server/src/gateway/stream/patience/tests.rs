use std::{io, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    time::{Instant, sleep, timeout},
};

use super::Patient;
use crate::gateway::{
    Limits,
    stream::{Phase, Progress},
};

fn pair() -> (DuplexStream, Patient<DuplexStream>, Arc<Progress>) {
    let (client, server) = duplex(64);
    let progress = Arc::new(Progress::default());
    let patient = Patient::new(server, Arc::clone(&progress), Limits::default());
    (client, patient, progress)
}

/// How long a read waits before it gives up.
async fn waits(patient: &mut Patient<DuplexStream>) -> Duration {
    let started = Instant::now();
    let reason = patient.read_u8().await.unwrap_err();
    assert_eq!(reason.kind(), io::ErrorKind::TimedOut);
    started.elapsed()
}

#[tokio::test(start_paused = true)]
async fn each_phase_has_its_time() {
    for (phase, seconds) in [(Phase::Idle, 75), (Phase::Head, 10), (Phase::Body, 30)] {
        let (_client, mut patient, progress) = pair();
        progress.enter(phase);
        assert_eq!(waits(&mut patient).await.as_secs(), seconds, "{phase:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_byte_now_and_then_does_not_prolong_a_head() {
    let (mut client, mut patient, progress) = pair();
    progress.enter(Phase::Head);
    let drip = tokio::spawn(async move {
        while client.write_all(b"x").await.is_ok() {
            sleep(Duration::from_secs(3)).await;
        }
    });
    let started = Instant::now();
    let mut text = String::new();
    let reason = patient.read_to_string(&mut text).await.unwrap_err();
    assert_eq!(reason.kind(), io::ErrorKind::TimedOut);
    assert_eq!(started.elapsed().as_secs(), 10);
    drip.abort();
}

#[tokio::test(start_paused = true)]
async fn the_servers_own_time_is_not_counted() {
    let (_client, mut patient, progress) = pair();
    progress.enter(Phase::Work);
    let read = timeout(Duration::from_hours(1), patient.read_u8()).await;
    assert!(read.is_err(), "gave up by itself: {read:?}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_nobody_takes_is_given_up() {
    let (_client, mut patient, _progress) = pair();
    let reason = patient.write_all(&[0; 1000]).await.unwrap_err();
    assert_eq!(reason.kind(), io::ErrorKind::TimedOut);
}
