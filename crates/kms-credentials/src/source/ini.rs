//! The INI file that the SDKs share (reference kms-api §6.2).

use std::path::PathBuf;

use ini::{Ini, ParseOption, Properties};
use kms_types::Secret;

use super::{
    EcsRole, OidcRole, OidcToken, Recipe, Role, SourceError, file::Configuration, signing_key,
};
use crate::Surroundings;

const FILE: &str = "ALIBABA_CLOUD_CREDENTIALS_FILE";
const PROFILE: &str = "ALIBABA_CLOUD_PROFILE";

/// The SDKs for Go and those for Python and Java do not agree on it.
const NAMES: [&str; 2] = [".alibabacloud/credentials", ".alibabacloud/credentials.ini"];

/// By the section that the variable names, else by `default`.
pub(crate) async fn find(around: &Surroundings) -> Result<Recipe, SourceError> {
    let file = Configuration::find(FILE, &NAMES, around).await?;
    let named = around.env.get(PROFILE);
    let name = named.unwrap_or("default");
    let shown = file.path.display();
    section(&file, name)?.ok_or_else(|| match named {
        // It is in neither file, and to become somebody else instead would be wrong.
        Some(_) => SourceError::Broken(format!(
            "{PROFILE} names {name}, which is neither in the CLI's configuration nor in {shown}"
        )),
        None => SourceError::Absent(format!("{shown} has no section [{name}]")),
    })
}

/// By the section of that name.
pub(crate) async fn named(name: &str, around: &Surroundings) -> Result<Recipe, SourceError> {
    let file = Configuration::find(FILE, &NAMES, around).await?;
    section(&file, name)?.ok_or_else(|| {
        let shown = file.path.display();
        SourceError::Absent(format!("{shown} has no section [{name}]"))
    })
}

/// The section's recipe; `None` if there is no such section.
fn section(file: &Configuration, name: &str) -> Result<Option<Recipe>, SourceError> {
    let shown = file.path.display();
    let options = ParseOption {
        // A backslash and a quote are themselves, as in the official SDKs.
        enabled_escape: false,
        enabled_quote: false,
        ..ParseOption::default()
    };
    // EXPOSE: into its sections.
    let ini = Ini::load_from_str_opt(file.text.expose(), options).map_err(|error| {
        SourceError::Broken(format!(
            "{shown} is no INI file (line {}, column {})",
            error.line, error.col
        ))
    })?;
    let recipe = ini.section(Some(name)).map(recipe).transpose();
    recipe.map_err(|why| SourceError::Broken(format!("section [{name}] in {shown}: {why}")))
}

fn recipe(section: &Properties) -> Result<Recipe, String> {
    match required(section, "type")? {
        "access_key" => fixed(section),
        "sts" => {
            required(section, "security_token")?;
            fixed(section)
        }
        "ecs_ram_role" => Ok(Recipe::Ecs(EcsRole {
            name: value(section, "role_name").map(str::to_owned),
            expected: true,
        })),
        "ram_role_arn" => Ok(Recipe::Role {
            source: Box::new(fixed(section)?),
            role: role(section)?,
        }),
        "oidc_role_arn" => Ok(Recipe::Oidc(OidcRole {
            role: role(section)?,
            provider_arn: required(section, "oidc_provider_arn")?.to_owned(),
            token: OidcToken::File(PathBuf::from(required(section, "oidc_token_file_path")?)),
        })),
        "rsa_key_pair" => {
            Err("type rsa_key_pair is not supported: KMS has client keys for that".to_owned())
        }
        _ => Err(
            "type is none of access_key, sts, ecs_ram_role, ram_role_arn and oidc_role_arn"
                .to_owned(),
        ),
    }
}

fn fixed(section: &Properties) -> Result<Recipe, String> {
    let id = required(section, "access_key_id")?;
    let secret = Secret::from(required(section, "access_key_secret")?);
    let token = value(section, "security_token").map(Secret::from);
    let names = ["access_key_id", "access_key_secret", "security_token"];
    signing_key(names, id, secret, token).map(Recipe::Fixed)
}

fn role(section: &Properties) -> Result<Role, String> {
    let text = |name| value(section, name).map(str::to_owned);
    let seconds = value(section, "duration_seconds")
        .map(str::parse)
        .transpose();
    Ok(Role {
        arn: required(section, "role_arn")?.to_owned(),
        session_name: text("role_session_name"),
        seconds: seconds.map_err(|_invalid| "duration_seconds is no number".to_owned())?,
        policy: text("policy"),
        external_id: text("external_id"),
        sts_region: text("sts_region"),
        sts_vpc: false,
        sts_endpoint: None,
    })
}

fn value<'a>(section: &'a Properties, name: &str) -> Option<&'a str> {
    section
        .get(name)
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

fn required<'a>(section: &'a Properties, name: &str) -> Result<&'a str, String> {
    value(section, name).ok_or_else(|| format!("{name} is missing"))
}
