//! Many who write one secret at once, at two servers.

use futures_util::future::join_all;

use super::labels;
use crate::stand::servers;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn versions_that_are_put_at_once_are_all_there() {
    let [one, other] = servers().await;
    one.create("app/db", "value of v1").await;
    let puts = (2..=9).map(|number| {
        let server = if number % 2 == 0 { &one } else { &other };
        let version = format!("v{number}");
        async move {
            let value = format!("value of {version}");
            server.put("app/db", &version, &value).await.unwrap();
        }
    });
    join_all(puts).await;

    let (mut ids, mut labels_on_all) = (Vec::new(), Vec::new());
    for (id, labels) in labels(&one, "app/db").await {
        let read = [("SecretName", "app/db"), ("VersionId", id.as_str())];
        let read = other.call("GetSecretValue", &read).await.unwrap();
        assert_eq!(read["SecretData"], format!("value of {id}"));
        labels_on_all.extend(labels);
        ids.push(id);
    }
    ids.sort();
    let expected = ["v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9"];
    assert_eq!(ids, expected);
    labels_on_all.sort();
    assert_eq!(labels_on_all, ["ACSCurrent", "ACSPrevious"]);
}
