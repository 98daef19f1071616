//! Pages are parts of the whole list, wherever they begin and however often they were asked
//! for.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use kms_store::{Condition, Mode, Page, SecretField, Store, StoreError, run_read};

use super::{account, add_account, at, new_secret};

/// Names, and when they are planned to go.
type Model = BTreeMap<String, Option<Timestamp>>;

const SIZES: [u32; 2] = [70, 30];

/// The last pages first, then from the first one on, then in leaps, all with one memory.
fn numbers(pages: u32) -> impl Iterator<Item = u32> {
    let leaps = (1..=pages).map(move |number| number * 5 % (pages + 1));
    let leaps = leaps.filter(|number| *number > 0);
    (1..=pages).rev().chain(1..=pages).chain(leaps)
}

async fn page(
    store: &dyn Store,
    conditions: &[Condition],
    page: Page,
    now: Timestamp,
) -> (Vec<String>, u64) {
    let moment = store.moment().await.unwrap().unwrap();
    let account = &account();
    let listed = run_read(store, Some(&moment), |mut tx| {
        Box::pin(async move {
            let listed = tx.secrets().list(account, conditions, page, now).await?;
            Ok::<_, StoreError>(listed)
        })
    });
    let (secrets, total) = listed.await.unwrap();
    let names = secrets.into_iter().map(|secret| secret.name.to_string());
    (names.collect(), total)
}

async fn agree(store: &dyn Store, model: &Model, now: Timestamp) {
    for prefix in ["", "s/1"] {
        let expected: Vec<_> = model
            .iter()
            .filter(|(name, due)| name.starts_with(prefix) && due.is_none_or(|due| due > now))
            .map(|(name, _due)| name.clone())
            .collect();
        let mut conditions = Vec::new();
        if !prefix.is_empty() {
            conditions.push(Condition {
                field: SecretField::Name,
                any_of: vec![prefix.to_owned()],
            });
        }
        let total = u64::try_from(expected.len()).unwrap();
        for size in SIZES {
            let pages = u32::try_from(total).unwrap() / size + 2;
            for number in numbers(pages) {
                let (first, len) = ((number - 1) * size, size);
                let part = expected.iter().skip(first.try_into().unwrap());
                let part: Vec<_> = part.take(len.try_into().unwrap()).cloned().collect();
                let found = page(store, &conditions, Page { number, size }, now).await;
                assert_eq!(found, (part, total), "{prefix:?}, page {number} of {size}");
            }
        }
    }
}

async fn add(store: &dyn Store, model: &mut Model, names: impl Iterator<Item = String>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    for name in names {
        tx.secrets().insert(&new_secret(&name)).await.unwrap();
        model.insert(name, None);
    }
    tx.commit().await.unwrap();
}

pub(crate) async fn pages_are_parts_of_the_list(store: Arc<dyn Store>) {
    let store = store.as_ref();
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    tx.commit().await.unwrap();
    let mut model = Model::new();
    add(store, &mut model, (0..400).map(|n| format!("s/{n:03}"))).await;
    agree(store, &model, at(0)).await;

    // All move on, those in the middle, and none.
    add(store, &mut model, (0..40).map(|n| format!("r/{n}"))).await;
    agree(store, &model, at(0)).await;
    add(store, &mut model, (0..40).map(|n| format!("s/150/{n}"))).await;
    agree(store, &model, at(0)).await;
    add(store, &mut model, (0..3).map(|n| format!("t/{n}"))).await;
    agree(store, &model, at(0)).await;

    // Some are planned to go, some gone.
    let mut tx = store.begin(Mode::Write).await.unwrap();
    for (number, (name, due)) in model.iter_mut().enumerate() {
        let parsed = name.parse().unwrap();
        let found = tx.secrets().find(&account(), &parsed).await.unwrap();
        let mut secret = found.unwrap();
        secret.planned_delete = match number % 10 {
            0 => Some(at(10)),
            1 => Some(at(20)),
            _ => continue,
        };
        tx.secrets().update(&secret).await.unwrap();
        *due = secret.planned_delete;
    }
    tx.commit().await.unwrap();
    let mut tx = store.begin(Mode::Write).await.unwrap();
    for n in (0..100).step_by(3) {
        let name = format!("s/{n:03}");
        let found = tx.secrets().find(&account(), &name.parse().unwrap()).await;
        let id = found.unwrap().unwrap().id;
        tx.secrets().remove(id).await.unwrap();
        model.remove(&name);
    }
    tx.commit().await.unwrap();
    // No write lies between these, and the clock may go back.
    for now in [at(0), at(9), at(10), at(20), at(9), at(10)] {
        agree(store, &model, now).await;
    }
}
