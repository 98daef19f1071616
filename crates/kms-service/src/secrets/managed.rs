//! Secrets of managed types: what their configuration must say, what their values look like
//! when they are made and when they are read (reference kms-api §2.2).

use kms_types::{Secret, SecretType};
use kms_wire::ApiError;
use serde_json::{Map, Value};

use super::credential::{Credential, Login, new_password};
use crate::failure::Failure;

/// The values that a new secret of a managed type begins with.
#[derive(Debug)]
pub(super) struct FirstValues {
    /// What is read unless told otherwise.
    pub(super) current: Credential,
    /// The other account of two, or the other AccessKey.
    pub(super) previous: Option<Credential>,
}

/// Stands for values that the server makes.
const AUTO: &str = "$Auto";

/// What the clone of an account is called: its name and this.
const CLONE: &str = "_clone";

/// Checks the configuration and reads the values that go with it.
///
/// # Errors
/// `InvalidParameter`, naming `ExtendedConfig` or `SecretData`, never showing either.
pub(super) fn first_values(
    secret_type: SecretType,
    config: &str,
    data: &Secret<String>,
) -> Result<FirstValues, Failure> {
    let config = Config::parse(config)?;
    Ok(match secret_type {
        SecretType::Rds => {
            config.text("DBInstanceId")?;
            let accounts = Credential::accounts(data)?;
            match config.one_of("SecretSubType", &["SingleUser", "DoubleUsers"])? {
                "SingleUser" => single(accounts)?,
                _ => double(accounts)?,
            }
        }
        SecretType::Redis => {
            config.one_of("SecretSubType", &["DoubleUsers"])?;
            for name in [
                "InstanceId",
                "RegionId",
                "AccountPrivilege",
                "CloneAccountName",
            ] {
                config.text(name)?;
            }
            generated(&config, data)?
        }
        SecretType::PolarDb => {
            config.one_of("SecretSubType", &["DoubleUsers"])?;
            for name in ["RegionId", "DBClusterId"] {
                config.text(name)?;
            }
            if config.one_of("DBType", &["MySQL", "PostgreSQL"])? == "MySQL" {
                config.optional_text("AccountPrivilege")?;
                config.optional_text("DBName")?;
            }
            if config
                .optional_text("AccountType")?
                .is_some_and(|kind| kind != "Normal")
            {
                return Err(refused("needs Normal as AccountType, if any").into());
            }
            generated(&config, data)?
        }
        SecretType::RamCredentials => {
            config.one_of("SecretSubType", &["RamUserAccessKey"])?;
            config.text("UserName")?;
            let mut keys = Credential::access_keys(data)?.into_iter();
            let (Some(current), previous, None) = (keys.next(), keys.next(), keys.next()) else {
                return Err(data_refused("must hold one AccessKey or two").into());
            };
            FirstValues { current, previous }
        }
        SecretType::Ecs => {
            for name in ["RegionId", "InstanceId"] {
                config.text(name)?;
            }
            let login = match config.one_of("SecretSubType", &["Password", "SSHKey"])? {
                "Password" => Login::Password,
                _ => Login::SshKey,
            };
            FirstValues {
                current: Credential::login(data, login)?,
                previous: None,
            }
        }
        _ => return Err(ApiError::invalid_parameter("SecretType", "is not managed").into()),
    })
}

fn single(accounts: Vec<Credential>) -> Result<FirstValues, ApiError> {
    let mut accounts = accounts.into_iter();
    match (accounts.next(), accounts.next()) {
        (Some(current), None) => Ok(FirstValues {
            current,
            previous: None,
        }),
        _ => Err(data_refused("must hold one account for SingleUser")),
    }
}

fn double(accounts: Vec<Credential>) -> Result<FirstValues, ApiError> {
    let mut accounts = accounts.into_iter();
    match (accounts.next(), accounts.next(), accounts.next()) {
        (Some(current), Some(previous), None) if current.name() != previous.name() => {
            Ok(FirstValues {
                current,
                previous: Some(previous),
            })
        }
        _ => Err(data_refused("must hold two accounts for DoubleUsers")),
    }
}

/// Two accounts with passwords that nobody knows yet.
fn generated(config: &Config, data: &Secret<String>) -> Result<FirstValues, Failure> {
    // EXPOSE: into the comparison with a word that is no secret.
    if data.expose() != AUTO {
        return Err(data_refused("must be $Auto for this type of secret").into());
    }
    let account = config.text("AccountName")?;
    let clone = format!("{account}{CLONE}");
    if config
        .optional_text("CloneAccountName")?
        .is_some_and(|name| name != clone)
    {
        return Err(refused("needs AccountName and _clone as CloneAccountName").into());
    }
    Ok(FirstValues {
        current: Credential::account(account.to_owned(), new_password()?),
        previous: Some(Credential::account(clone, new_password()?)),
    })
}

/// ExtendedConfig, in which text is looked for.
struct Config(Map<String, Value>);

impl Config {
    fn parse(text: &str) -> Result<Self, ApiError> {
        serde_json::from_str(text)
            .map(Self)
            .map_err(|_quotes_the_text| refused("must be a JSON object"))
    }

    fn optional_text(&self, name: &str) -> Result<Option<&str>, ApiError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if !text.is_empty() => Ok(Some(text)),
            Some(_) => Err(refused(&format!("needs text as {name}"))),
        }
    }

    fn text(&self, name: &str) -> Result<&str, ApiError> {
        self.optional_text(name)?
            .ok_or_else(|| refused(&format!("needs {name} for this type of secret")))
    }

    fn one_of(&self, name: &str, allowed: &[&'static str]) -> Result<&'static str, ApiError> {
        let found = self.text(name)?;
        let known = allowed.iter().copied().find(|known| *known == found);
        known.ok_or_else(|| refused(&format!("needs {} as {name}", allowed.join(" or "))))
    }
}

fn refused(why: &str) -> ApiError {
    ApiError::invalid_parameter("ExtendedConfig", why)
}

fn data_refused(why: &str) -> ApiError {
    ApiError::invalid_parameter("SecretData", why)
}
