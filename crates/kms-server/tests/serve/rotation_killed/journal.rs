//! The journal of a server that is dead, looked at and changed from beside.

use std::collections::BTreeMap;

use kms_server::{
    config,
    database::{self, Database},
};
use kms_store::{Mode, StoreError, run_tx};
use kms_types::{AccountId, Env, SecretName};
use sqlx::{Connection as _, PgConnection, SqliteConnection};

use crate::place::Place;

/// The version whose rotation the database does not let end.
pub(super) const REFUSED: &str = "refused";

const WHEN: &str = "NEW.finished IS NOT NULL AND NEW.version_id = 'refused'";

/// The step at which each secret's rotation is that is not over. Lets go of what the dead server
/// has claimed where other servers may be: its leases end after minutes, for which nobody waits
/// here. The next one on SQLite has to see by itself that it need not.
pub(super) fn steps(
    place: &Place,
    account: &AccountId,
    secrets: &[SecretName],
) -> BTreeMap<SecretName, String> {
    run(async {
        let config = config::load(&place.config(), &Env::default()).unwrap();
        let database: Database = config.settings.place().open().await.unwrap();
        let store = database.store();
        let is_shared = matches!(database, Database::Postgres(_));
        let steps = run_tx(&*store, Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut steps = BTreeMap::new();
                for name in secrets {
                    let secret = tx.secrets().find(account, name).await?.unwrap();
                    let newest = tx.rotations().of_secret(secret.id, 1).await?;
                    for row in newest.into_iter().filter(|row| row.finished.is_none()) {
                        if is_shared {
                            tx.rotations().release(&row.id, row.fence).await?;
                        }
                        steps.insert(name.clone(), row.step);
                    }
                }
                Ok::<_, StoreError>(steps)
            })
        })
        .await
        .unwrap();
        database.close().await;
        steps
    })
}

/// From now on the database refuses to write that a rotation of [`REFUSED`] is over. No server
/// may be there.
pub(super) fn refuse_ends(place: &Place) {
    sql(
        place,
        &format!(
            "CREATE TRIGGER refused BEFORE UPDATE ON rotations WHEN {WHEN}
             BEGIN SELECT RAISE(ABORT, 'refused'); END"
        ),
        &format!(
            "CREATE FUNCTION refused() RETURNS trigger LANGUAGE plpgsql
             AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
             CREATE TRIGGER refused BEFORE UPDATE ON rotations FOR EACH ROW WHEN ({WHEN})
             EXECUTE FUNCTION refused()"
        ),
    );
}

/// As before.
pub(super) fn allow_ends(place: &Place) {
    let on_postgres = "DROP TRIGGER refused ON rotations; DROP FUNCTION refused()";
    sql(place, "DROP TRIGGER refused", on_postgres);
}

fn sql(place: &Place, on_sqlite: &str, on_postgres: &str) {
    let config = config::load(&place.config(), &Env::default()).unwrap();
    let text = |text: &str| sqlx::AssertSqlSafe(text.to_owned());
    run(async {
        if let database::Place::Sqlite(file) = config.settings.place() {
            let url = format!("sqlite:{}", file.display());
            let mut connection = SqliteConnection::connect(&url).await.unwrap();
            let done = sqlx::raw_sql(text(on_sqlite)).execute(&mut connection);
            done.await.unwrap();
            connection.close().await.unwrap();
        } else {
            let mut connection = PgConnection::connect(place.url()).await.unwrap();
            let done = sqlx::raw_sql(text(on_postgres)).execute(&mut connection);
            done.await.unwrap();
            connection.close().await.unwrap();
        }
    });
}

fn run<T>(work: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(work)
}
