//! The configuration of the `aliyun` CLI (reference kms-api §6.2). It is read, never
//! written: what the official SDKs write back (new tokens) stays in memory here.

use super::{Recipe, SourceError, answer, file::Configuration};
use crate::Surroundings;

mod profile;

use profile::{Config, Profile};

const FILE: &str = "ALIBABA_CLOUD_CONFIG_FILE";
const PROFILE: &str = "ALIBABA_CLOUD_PROFILE";
const DISABLED: &str = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED";

/// By the profile that the variable names, else by the file's current one.
pub(crate) async fn find(around: &Surroundings) -> Result<Recipe, SourceError> {
    if around.env.flag(DISABLED) {
        return Err(SourceError::Absent(format!("switched off by {DISABLED}")));
    }
    let file = Configuration::find(FILE, &[".aliyun/config.json"], around).await?;
    let config = read(&file)?;
    let shown = file.path.display();
    let named = around.env.get(PROFILE);
    let name = named.unwrap_or(config.current());
    let profile = match config.profile(name) {
        Some(profile) => profile,
        // The same variable names the INI file's section, where it may be right.
        None if named.is_some() => {
            return Err(SourceError::Absent(format!(
                "{shown} has no profile {name}, which {PROFILE} names"
            )));
        }
        None if config.is_empty() => {
            return Err(SourceError::Absent(format!("{shown} has no profiles")));
        }
        None => {
            return Err(SourceError::Broken(format!(
                "{shown} has no profile {name:?}, which it calls the current one"
            )));
        }
    };
    if profile.is_blank() {
        return Err(SourceError::Absent(format!(
            "profile {name} in {shown} is not filled in"
        )));
    }
    checked(&config, profile, &file, around)
}

/// By the profile of that name.
pub(crate) async fn named(name: &str, around: &Surroundings) -> Result<Recipe, SourceError> {
    let file = Configuration::find(FILE, &[".aliyun/config.json"], around).await?;
    let config = read(&file)?;
    let profile = config.profile(name).ok_or_else(|| {
        let shown = file.path.display();
        SourceError::Absent(format!("{shown} has no profile {name}"))
    })?;
    checked(&config, profile, &file, around)
}

fn read(file: &Configuration) -> Result<Config, SourceError> {
    // EXPOSE: into the typed configuration, whose secrets are secrets again.
    serde_json::from_str(file.text.expose()).map_err(|error| {
        let (shown, why) = (file.path.display(), answer::describe(&error));
        SourceError::Broken(format!("{shown} holds {why}"))
    })
}

/// The profile's recipe, if nothing is wrong with it as far as can be seen.
fn checked(
    config: &Config,
    profile: &Profile,
    file: &Configuration,
    around: &Surroundings,
) -> Result<Recipe, SourceError> {
    recipe(config, profile, &mut Vec::new())
        .and_then(|recipe| recipe.check(around.clock.now()).map(|()| recipe))
        .map_err(|why| {
            let (name, shown) = (profile.name(), file.path.display());
            SourceError::Broken(format!("profile {name} in {shown}: {why}"))
        })
}

/// The recipe of a profile, and of those it builds on.
fn recipe(config: &Config, profile: &Profile, passed: &mut Vec<String>) -> Result<Recipe, String> {
    if profile.mode() != "ChainableRamRoleArn" {
        return profile.recipe();
    }
    let name = profile.source_profile()?;
    passed.push(profile.name().to_owned());
    if passed.iter().any(|own| own == name) {
        return Err(format!(
            "source_profile goes round in a circle: {} → {name}",
            passed.join(" → ")
        ));
    }
    let source = config
        .profile(name)
        .ok_or_else(|| format!("source_profile names {name}, which does not exist"))?;
    let source = recipe(config, source, passed).map_err(|why| format!("{name}: {why}"))?;
    Ok(Recipe::Role {
        source: Box::new(source),
        role: profile.role()?,
    })
}
