//! Several servers on one database.

use kms_store::{PostgresSettings, PostgresStore};
use kms_testkit::Postgres;

use super::*;

/// Two on one PostgreSQL.
pub(crate) async fn servers() -> [Stand; 2] {
    let url = Postgres::shared().database().await;
    let store = || async {
        let settings = PostgresSettings::new(Secret::from(url.as_str()));
        let store: Arc<dyn Store> = Arc::new(PostgresStore::open(&settings).await.unwrap());
        store
    };
    let one = Stand::over(tempfile::tempdir().unwrap(), store().await).await;
    let other = one.beside(store().await);
    [one, other]
}
