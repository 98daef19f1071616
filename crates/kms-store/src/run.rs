use std::{
    marker::PhantomData,
    ops::{Deref, DerefMut},
    pin::Pin,
};

use crate::{Mode, Moment, Store, StoreError, Tx};

/// How often work runs before a conflict goes to the caller.
const ATTEMPTS: u32 = 5;
/// How often it runs beside others; work that lost so often goes alone.
const BESIDE_OTHERS: u32 = 2;

/// An open transaction, lent to work that itself borrows for `'env`.
pub struct Scope<'t, 'env: 't> {
    tx: &'t mut dyn Tx,
    env: PhantomData<&'t &'env ()>,
}

/// What work returns.
pub type Work<'t, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 't>>;

/// An error that work in a transaction may end with.
pub trait TxError: From<StoreError> {
    /// Whether it is [`StoreError::Conflict`], so that the work is worth another try.
    fn is_conflict(&self) -> bool;
}

impl TxError for StoreError {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict)
    }
}

/// Runs the work in one transaction and commits; on any error nothing of it happened.
///
/// The work may run up to five times, when others were faster, the last times while nobody
/// else writes: it must not act outside the transaction. Dropped halfway, it never happened either.
///
/// # Errors
/// The work's own, and those of [`Store::begin`] and [`Tx::commit`].
pub async fn run_tx<'env, T, E, F>(store: &dyn Store, mode: Mode, work: F) -> Result<T, E>
where
    T: Send,
    E: TxError + Send,
    F: for<'t> Fn(Scope<'t, 'env>) -> Work<'t, T, E> + Send + Sync,
{
    let mut attempt = 1;
    if mode == Mode::Read
        && let Some(moment) = store.moment().await?
    {
        match run_at(store, &moment, &work).await {
            Err(error) if error.is_conflict() => attempt += 1,
            done => return done,
        }
    }
    loop {
        let mode = match mode {
            Mode::Write | Mode::Record if attempt > BESIDE_OTHERS => Mode::Alone,
            mode => mode,
        };
        match run_once(store, mode, &work).await {
            Err(error) if error.is_conflict() && attempt < ATTEMPTS => attempt += 1,
            done => return done,
        }
    }
}

/// As [`run_tx`] with [`Mode::Read`], for somebody who has asked for the moment already: nothing
/// that is acknowledged later need be seen.
///
/// # Errors
/// As [`run_tx`].
pub async fn run_read<'env, T, E, F>(
    store: &dyn Store,
    moment: Option<&Moment>,
    work: F,
) -> Result<T, E>
where
    T: Send,
    E: TxError + Send,
    F: for<'t> Fn(Scope<'t, 'env>) -> Work<'t, T, E> + Send + Sync,
{
    let Some(moment) = moment else {
        return run_tx(store, Mode::Read, work).await;
    };
    match run_at(store, moment, &work).await {
        Err(error) if error.is_conflict() => run_once(store, Mode::Read, &work).await,
        done => done,
    }
}

async fn run_at<'env, T, E, F>(store: &dyn Store, moment: &Moment, work: &F) -> Result<T, E>
where
    T: Send,
    E: TxError + Send,
    F: for<'t> Fn(Scope<'t, 'env>) -> Work<'t, T, E> + Send + Sync,
{
    let tx = store.begin_at(moment).await?;
    run_in(tx, work).await
}

async fn run_once<'env, T, E, F>(store: &dyn Store, mode: Mode, work: &F) -> Result<T, E>
where
    T: Send,
    E: TxError + Send,
    F: for<'t> Fn(Scope<'t, 'env>) -> Work<'t, T, E> + Send + Sync,
{
    let tx = store.begin(mode).await?;
    run_in(tx, work).await
}

async fn run_in<'env, T, E, F>(mut tx: Box<dyn Tx>, work: &F) -> Result<T, E>
where
    T: Send,
    E: TxError + Send,
    F: for<'t> Fn(Scope<'t, 'env>) -> Work<'t, T, E> + Send + Sync,
{
    let done = work(Scope {
        tx: tx.as_mut(),
        env: PhantomData,
    })
    .await?;
    tx.commit().await?;
    Ok(done)
}

impl<'t> Deref for Scope<'t, '_> {
    type Target = dyn Tx + 't;

    fn deref(&self) -> &Self::Target {
        self.tx
    }
}

impl DerefMut for Scope<'_, '_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.tx
    }
}
