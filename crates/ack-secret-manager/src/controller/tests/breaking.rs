//! One object over which the program breaks off, among others.

use std::{sync::Arc, time::Duration};

use futures_util::future::{BoxFuture, FutureExt as _};
use kube::runtime::controller::Action;
use tokio::time;

use super::scene::Scene;
use crate::{
    api::ExternalSecret,
    controller::{Context, Failure, external_secret},
};

fn breaks_off(
    object: Arc<ExternalSecret>,
    context: Arc<Context>,
) -> BoxFuture<'static, Result<Action, Failure>> {
    async move {
        assert_ne!(
            object.metadata.name.as_deref(),
            Some("bad"),
            "as the test says"
        );
        external_secret(object, context).await
    }
    .boxed()
}

#[tokio::test(start_paused = true)]
async fn an_object_over_which_the_program_breaks_off_leaves_the_others_alone() {
    let mut scene = Scene::start_with(breaks_off, |_| {});
    scene.remote.say("k", "one");
    scene.apply("bad", "x", "k", 0);
    scene.apply("good", "y", "k", 0);
    scene.until_written("y").await;
    time::sleep(Duration::from_mins(10)).await;
    assert!(scene.runs());
    scene.remote.say("k", "two");
    scene.until_holds("y", "dHdv").await;
}
