//! KMS goes away and comes back (what the first milestone shows as number 5).

use std::thread;

use kms_testkit::{
    FakeKms, Fault, FaultProxy, Reply,
    agent::{AgentSetup, RunningAgent, VALUE},
};

use crate::{PROGRAM, eventually, wait, with_foo};

fn cache(agent: &RunningAgent) -> String {
    let response = agent.get("/v1/foo");
    assert_eq!(response.status, 200, "{}", response.text());
    assert!(response.text().contains(VALUE));
    response.header("x-cache").unwrap().to_owned()
}

#[test]
fn two_hundred_first_reads_at_once_are_one_call() {
    let (kms, setup) = with_foo();
    let agent = setup.start();
    thread::scope(|scope| {
        let reads: Vec<_> = (0..200)
            .map(|_| scope.spawn(|| agent.get("/secretsmanager/get?secretId=foo").status))
            .collect();
        for read in reads {
            assert_eq!(read.join().unwrap(), 200);
        }
    });
    assert_eq!(kms.calls_of("foo"), 1);
    let ended = agent.stop_clean();
    assert_eq!(ended.log().matches("secret retrieved").count(), 200);
}

#[test]
fn a_killed_kms_is_stood_in_for_and_a_restored_one_is_used() {
    let (kms, setup) = with_foo();
    let agent = setup.config("Cache", "TtlSeconds = 2").start();
    assert_eq!(cache(&agent), "MISS");
    kms.set_down(true);
    // Past its TTL, but long before a day is over.
    eventually("the value is stale", || cache(&agent) == "STALE");
    let response = agent.get("/v1/foo");
    assert!(response.header("age").unwrap().parse::<u64>().unwrap() >= 2);
    let never_read = agent.get("/v1/bar");
    assert_eq!(never_read.status, 502, "{}", never_read.text());

    kms.set_down(false);
    // Within one TTL, and a moment for the call.
    wait(2_100);
    assert_eq!(cache(&agent), "MISS");
    // Two reads within its two seconds, however late this one is.
    eventually("it is kept again", || cache(&agent) == "HIT");
    let ended = agent.stop_clean();
    let log = ended.log();
    assert!(log.contains("\"cache\":\"stale\""), "{log}");
}

#[test]
fn each_fault_of_the_network_is_ridden_out() {
    let kms = FakeKms::start().unwrap();
    kms.set("foo", Reply::Text(VALUE.to_owned()));
    let proxy = FaultProxy::start(kms.address()).unwrap();
    for fault in [
        Fault::Refuse,
        Fault::Truncate(0),
        Fault::Truncate(200),
        Fault::Garble,
    ] {
        proxy.set(Fault::None);
        let setup = AgentSetup::new(PROGRAM, &format!("http://{}", proxy.address()));
        let agent = setup.config("Cache", "TtlSeconds = 0").start();
        assert_eq!(cache(&agent), "MISS");
        proxy.set(Fault::Refuse);
        proxy.set(fault);
        assert_eq!(cache(&agent), "STALE", "{fault:?}");
        proxy.set(Fault::None);
        assert_eq!(cache(&agent), "MISS", "{fault:?}");
        agent.stop_clean();
    }
}

#[test]
fn a_secret_that_is_deleted_is_no_longer_served() {
    let (kms, setup) = with_foo();
    let agent = setup.config("Cache", "TtlSeconds = 1").start();
    assert_eq!(cache(&agent), "MISS");
    kms.set("foo", Reply::not_found());
    eventually("it is gone", || agent.get("/v1/foo").status == 404);
    kms.set_down(true);
    eventually("the refusal is forgotten", || {
        agent.get("/v1/foo").status == 502
    });
    agent.stop_clean();
}
