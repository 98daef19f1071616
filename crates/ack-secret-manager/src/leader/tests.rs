mod candidates;

use std::time::Duration;

use tokio::{
    sync::watch,
    time::{Instant, timeout},
};

use super::Leadership;

fn leadership(until: Option<Duration>) -> (watch::Sender<Option<Instant>>, Leadership) {
    let (sender, until) = watch::channel(until.map(|until| Instant::now() + until));
    (sender, Leadership(until))
}

#[tokio::test(start_paused = true)]
async fn it_is_lost_when_nobody_renews_it() {
    let (_sender, leadership) = leadership(Some(Duration::from_secs(10)));
    let began = Instant::now();
    leadership.lost().await;
    assert_eq!(began.elapsed().as_secs(), 10);
    assert!(!leadership.holds());
}

#[tokio::test(start_paused = true)]
async fn one_that_ran_out_is_not_gained_again_by_itself() {
    let (sender, mut leadership) = leadership(Some(Duration::from_secs(10)));
    tokio::time::advance(Duration::from_secs(11)).await;
    let gained = timeout(Duration::from_mins(5), leadership.gained());
    assert!(gained.await.is_err());
    sender.send_replace(Some(Instant::now() + Duration::from_secs(10)));
    leadership.gained().await;
    assert!(leadership.holds());
}

#[tokio::test(start_paused = true)]
async fn a_renewal_prolongs_it() {
    let (sender, leadership) = leadership(Some(Duration::from_secs(10)));
    let began = Instant::now();
    let renew = async {
        tokio::time::sleep(Duration::from_secs(8)).await;
        sender.send_replace(Some(Instant::now() + Duration::from_secs(10)));
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = leadership.lost() => {}
        () = renew => {}
    }
    assert_eq!(began.elapsed().as_secs(), 18);
}

#[tokio::test(start_paused = true)]
async fn the_only_replica_leads_for_good() {
    let mut alone = Leadership::alone();
    alone.gained().await;
    let lost = timeout(Duration::from_hours(24), alone.lost());
    assert!(lost.await.is_err());
    assert!(alone.holds());
}
