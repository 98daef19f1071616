use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use super::{Recipe, SourceError};
use crate::{Credentials, Surroundings};

/// Recipes in an order, of which the first that brings credentials counts.
#[derive(Clone, Debug)]
pub(crate) struct FirstOf {
    /// Each with what the official SDKs call it.
    pub(crate) recipes: Vec<(String, Result<Recipe, SourceError>)>,
    pub(crate) reached: Reached,
}

/// How far down the list credentials were found last.
#[derive(Clone, Debug)]
pub(crate) struct Reached(Arc<AtomicUsize>);

// === impl FirstOf ===

impl FirstOf {
    pub(super) async fn load(
        &self,
        label: &str,
        around: &Surroundings,
    ) -> Result<Credentials, SourceError> {
        let mut attempts = Vec::new();
        for (at, (name, recipe)) in self.recipes.iter().enumerate().take(self.reached.count()) {
            let found = match recipe {
                Ok(recipe) => {
                    // Boxed, for a recipe within a recipe has no size of its own.
                    Box::pin(recipe.follow(&format!("{label}/{name}"), around)).await
                }
                Err(error) => Err(error.clone()),
            };
            match found {
                Ok(credentials) => {
                    self.reached.at(at);
                    return Ok(credentials);
                }
                Err(SourceError::Unreachable(why)) => {
                    return Err(SourceError::Unreachable(format!("{name}: {why}")));
                }
                Err(error) => attempts.push(format!("{name}: {}", error.into_text())),
            }
        }
        Err(SourceError::Broken(attempts.join("; ")))
    }
}

// === impl Reached ===

impl Reached {
    /// Nothing was found yet: all may be asked.
    pub(crate) fn nowhere() -> Self {
        Self(Arc::new(AtomicUsize::new(usize::MAX)))
    }

    fn at(&self, place: usize) {
        self.0.store(place, Ordering::Relaxed);
    }

    /// How many may be asked.
    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed).saturating_add(1)
    }
}
