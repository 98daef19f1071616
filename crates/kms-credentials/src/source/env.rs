//! `ALIBABA_CLOUD_ACCESS_KEY_ID` and its kin.

use kms_types::{Env, Secret};

use super::{Recipe, SourceError, signing_key};

pub(crate) const ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
pub(crate) const SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
pub(crate) const TOKEN: &str = "ALIBABA_CLOUD_SECURITY_TOKEN";

/// An AccessKey, temporary if the token is there too.
pub(crate) fn find(env: &Env) -> Result<Recipe, SourceError> {
    match (env.get(ID), env.get(SECRET)) {
        (None, None) => Err(SourceError::Absent(format!("{ID} is not set"))),
        (Some(_), None) => Err(half(ID, SECRET)),
        (None, Some(_)) => Err(half(SECRET, ID)),
        (Some(id), Some(secret)) => {
            let token = env.get(TOKEN).map(Secret::from);
            signing_key([ID, SECRET, TOKEN], id, Secret::from(secret), token)
                .map(Recipe::Fixed)
                .map_err(SourceError::Broken)
        }
    }
}

fn half(present: &str, missing: &str) -> SourceError {
    SourceError::Broken(format!("{present} is set, but {missing} is not"))
}
