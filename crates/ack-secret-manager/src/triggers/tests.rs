use kube::runtime::reflector::ObjectRef;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::{Dependant, ObjectName, Queue, Queues, Triggers};
use crate::{
    api::{ClusterSecretStore, ExternalSecret, SecretStore},
    plan::Store,
};

fn queue<K: kube::runtime::reflector::Lookup>(
    namespace: Option<&str>,
) -> (Queue<K>, UnboundedReceiver<ObjectRef<K>>) {
    let (sender, receiver) = unbounded_channel();
    let namespace = namespace.map(str::to_owned);
    (Queue { namespace, sender }, receiver)
}

#[test]
fn who_is_touched_is_looked_at_by_whoever_watches_its_namespace() {
    let (first, mut of_a) = queue::<ExternalSecret>(Some("a"));
    let (second, mut of_b) = queue::<ExternalSecret>(Some("b"));
    let triggers = Triggers::new(Queues {
        external_secrets: vec![first, second],
        ..Queues::default()
    });
    triggers.touch(&Dependant::ExternalSecret(ObjectName::new("b", "x")));
    triggers.touch(&Dependant::ExternalSecret(ObjectName::new(
        "elsewhere",
        "x",
    )));
    let touched = of_b.try_recv().unwrap();
    assert_eq!(
        (touched.name.as_str(), touched.namespace.as_deref()),
        ("x", Some("b"))
    );
    assert!(of_b.try_recv().is_err());
    assert!(of_a.try_recv().is_err());
}

#[test]
fn stores_of_both_kinds_are_looked_at() {
    let (stores, mut of_stores) = queue::<SecretStore>(None);
    let (cluster, mut of_cluster) = queue::<ClusterSecretStore>(None);
    let triggers = Triggers::new(Queues {
        secret_stores: vec![stores],
        cluster_stores: Some(cluster.sender),
        ..Queues::default()
    });
    triggers.touch(&Dependant::Store(Store::Cluster("c".to_owned())));
    triggers.touch(&Dependant::Store(Store::Namespaced {
        namespace: "a".to_owned(),
        name: "s".to_owned(),
    }));
    triggers.touch(&Dependant::Store(Store::Operator));
    assert_eq!(of_cluster.try_recv().unwrap().name, "c");
    assert_eq!(of_stores.try_recv().unwrap().name, "s");
    assert!(of_cluster.try_recv().is_err());
    assert!(of_stores.try_recv().is_err());
}
