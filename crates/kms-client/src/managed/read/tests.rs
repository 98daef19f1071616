use kms_testkit::{FakeKms, Reply};

use super::{ReadSecret as _, Regions};
use crate::{CallError, managed::tests::client};

#[tokio::test]
async fn another_region_answers_when_the_first_cannot_and_is_asked_first_from_then_on() {
    let [first, second, third] = [(); 3].map(|()| FakeKms::start().unwrap());
    let regions = Regions::new(client(&first), [client(&second), client(&third)]);
    let name = "app".parse().unwrap();
    first.set("app", Reply::Text("one".to_owned()));
    second.set("app", Reply::unavailable());
    third.set("app", Reply::Text("three".to_owned()));

    let read = async || regions.read(&name).await.unwrap().secret_data;
    assert_eq!(read().await.expose(), "one");
    assert_eq!((second.calls_of("app"), third.calls_of("app")), (0, 0));

    first.set("app", Reply::unavailable());
    assert_eq!(read().await.expose(), "three");
    assert_eq!(first.calls_of("app"), 2);
    assert_eq!(read().await.expose(), "three");
    assert_eq!((first.calls_of("app"), third.calls_of("app")), (2, 2));
}

#[tokio::test]
async fn a_refusal_is_final_and_the_last_word_when_nobody_answers() {
    let [first, second] = [(); 2].map(|()| FakeKms::start().unwrap());
    let regions = Regions::new(client(&first), [client(&second)]);
    let name = "app".parse().unwrap();
    first.set("app", Reply::forbidden());
    second.set("app", Reply::Text("two".to_owned()));
    let error = regions.read(&name).await.unwrap_err();
    assert!(
        matches!(error, CallError::Service { status: 403, .. }),
        "{error}"
    );
    assert_eq!(second.calls_of("app"), 0);

    first.set("app", Reply::unavailable());
    second.set("app", Reply::not_found());
    let error = regions.read(&name).await.unwrap_err();
    assert!(
        matches!(error, CallError::Service { status: 404, .. }),
        "{error}"
    );
}
