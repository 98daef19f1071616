use std::path::PathBuf;

use jiff::Timestamp;
use serde::Deserialize;

use crate::source::{
    CloudSso, EcsRole, Hidden, OAuth, OidcRole, OidcToken, Recipe, Role, Site, SourceError,
    is_token, signing_key, uri,
};

/// The file as the CLI writes it; fields that no mode here needs are left out.
#[derive(Deserialize)]
pub(super) struct Config {
    current: Option<String>,
    profiles: Option<Vec<Profile>>,
}

/// One profile; which fields count depends on its mode.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Profile {
    name: Option<String>,
    mode: Option<String>,
    access_key_id: Option<String>,
    access_key_secret: Option<Hidden>,
    sts_token: Option<Hidden>,
    ram_role_arn: Option<String>,
    ram_role_name: Option<String>,
    ram_session_name: Option<String>,
    expired_seconds: Option<u32>,
    policy: Option<String>,
    external_id: Option<String>,
    sts_region: Option<String>,
    enable_vpc: Option<bool>,
    #[serde(rename = "source_profile")]
    source: Option<String>,
    oidc_token_file: Option<String>,
    oidc_provider_arn: Option<String>,
    credentials_uri: Option<String>,
    process_command: Option<String>,
    cloud_sso_sign_in_url: Option<String>,
    cloud_sso_account_id: Option<String>,
    cloud_sso_access_config: Option<String>,
    #[serde(alias = "cloud_sso_access_token")]
    access_token: Option<Hidden>,
    cloud_sso_access_token_expire: Option<i64>,
    oauth_site_type: Option<String>,
    oauth_access_token: Option<Hidden>,
    oauth_access_token_expire: Option<i64>,
    sts_expiration: Option<i64>,
}

// === impl Config ===

impl Config {
    pub(super) fn current(&self) -> &str {
        filled(self.current.as_ref()).unwrap_or("default")
    }

    pub(super) fn is_empty(&self) -> bool {
        self.profiles().is_empty()
    }

    pub(super) fn profile(&self, name: &str) -> Option<&Profile> {
        self.profiles()
            .iter()
            .find(|profile| profile.name() == name)
    }

    fn profiles(&self) -> &[Profile] {
        self.profiles.as_deref().unwrap_or_default()
    }
}

// === impl Profile ===

impl Profile {
    pub(super) fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    pub(super) fn mode(&self) -> &str {
        self.mode.as_deref().unwrap_or_default()
    }

    /// What the CLI writes before anybody configured anything.
    pub(super) fn is_blank(&self) -> bool {
        matches!(self.mode(), "AK" | "")
            && filled(self.access_key_id.as_ref()).is_none()
            && shown(self.access_key_secret.as_ref()).is_none()
    }

    pub(super) fn source_profile(&self) -> Result<&str, String> {
        required("source_profile", self.source.as_ref())
    }

    /// How this profile, which builds on no other, comes by credentials.
    pub(super) fn recipe(&self) -> Result<Recipe, String> {
        match self.mode() {
            "AK" => self.fixed(None),
            "StsToken" => {
                let token = secret("sts_token", self.sts_token.as_ref())?;
                self.fixed(Some(token))
            }
            "RamRoleArn" => Ok(Recipe::Role {
                source: Box::new(self.fixed(self.sts_token.as_ref())?),
                role: self.role()?,
            }),
            "EcsRamRole" => Ok(Recipe::Ecs(EcsRole {
                name: filled(self.ram_role_name.as_ref()).map(str::to_owned),
                expected: true,
            })),
            "OIDC" => Ok(Recipe::Oidc(OidcRole {
                role: self.role()?,
                provider_arn: required("oidc_provider_arn", self.oidc_provider_arn.as_ref())?
                    .to_owned(),
                token: OidcToken::File(PathBuf::from(required(
                    "oidc_token_file",
                    self.oidc_token_file.as_ref(),
                )?)),
            })),
            "CredentialsURI" => {
                let url = required("credentials_uri", self.credentials_uri.as_ref())?;
                uri::check("credentials_uri", url).map_err(SourceError::into_text)?;
                Ok(Recipe::Uri(url.to_owned()))
            }
            "External" => {
                let line = required("process_command", self.process_command.as_ref())?;
                Ok(Recipe::External(line.to_owned()))
            }
            "CloudSSO" => self.cloud_sso(),
            "" => Err("mode is missing".to_owned()),
            "OAuth" => self.oauth(),
            _ => Err("its mode is none that credentials can be had by".to_owned()),
        }
    }

    pub(super) fn role(&self) -> Result<Role, String> {
        let text = |field: &Option<String>| filled(field.as_ref()).map(str::to_owned);
        Ok(Role {
            arn: required("ram_role_arn", self.ram_role_arn.as_ref())?.to_owned(),
            session_name: text(&self.ram_session_name),
            seconds: self.expired_seconds.filter(|seconds| *seconds > 0),
            policy: text(&self.policy),
            external_id: text(&self.external_id),
            sts_region: text(&self.sts_region),
            sts_vpc: self.enable_vpc.unwrap_or_default(),
            sts_endpoint: None,
        })
    }

    fn fixed(&self, token: Option<&Hidden>) -> Result<Recipe, String> {
        let id = required("access_key_id", self.access_key_id.as_ref())?;
        let secret = secret("access_key_secret", self.access_key_secret.as_ref())?;
        let names = ["access_key_id", "access_key_secret", "sts_token"];
        let token = token.map(|token| token.0.clone());
        signing_key(names, id, secret.0.clone(), token).map(Recipe::Fixed)
    }

    fn oauth(&self) -> Result<Recipe, String> {
        let exchanged = match (moment(self.sts_expiration), shown(self.sts_token.as_ref())) {
            (Some(end), Some(token)) => match self.fixed(Some(token))? {
                Recipe::Fixed(key) => Some((key, end)),
                _ => None,
            },
            _ => None,
        };
        let access_token = shown(self.oauth_access_token.as_ref());
        if access_token.is_some_and(|token| !is_token(&token.0)) {
            return Err("oauth_access_token holds characters that no token has".to_owned());
        }
        Ok(Recipe::OAuth(OAuth {
            site: Site::parse(filled(self.oauth_site_type.as_ref()))?,
            exchanged,
            access_token: access_token
                .cloned()
                .zip(moment(self.oauth_access_token_expire)),
        }))
    }

    fn cloud_sso(&self) -> Result<Recipe, String> {
        let text = |name, field: &Option<String>| required(name, field.as_ref()).map(str::to_owned);
        let access_token = secret("access_token", self.access_token.as_ref())?;
        if !is_token(&access_token.0) {
            return Err("access_token holds characters that no token has".to_owned());
        }
        Ok(Recipe::CloudSso(CloudSso {
            sign_in_url: text("cloud_sso_sign_in_url", &self.cloud_sso_sign_in_url)?,
            account_id: text("cloud_sso_account_id", &self.cloud_sso_account_id)?,
            access_config: text("cloud_sso_access_config", &self.cloud_sso_access_config)?,
            access_token: access_token.clone(),
            expires: self.cloud_sso_access_token_expire.unwrap_or_default(),
        }))
    }
}

fn moment(seconds: Option<i64>) -> Option<Timestamp> {
    Timestamp::from_second(seconds?).ok()
}

fn filled(field: Option<&String>) -> Option<&str> {
    field.map(String::as_str).filter(|text| !text.is_empty())
}

fn shown(field: Option<&Hidden>) -> Option<&Hidden> {
    // EXPOSE: looked at for its length.
    field.filter(|text| !text.0.expose().is_empty())
}

fn required<'a>(name: &str, field: Option<&'a String>) -> Result<&'a str, String> {
    filled(field).ok_or_else(|| format!("{name} is missing"))
}

fn secret<'a>(name: &str, field: Option<&'a Hidden>) -> Result<&'a Hidden, String> {
    shown(field).ok_or_else(|| format!("{name} is missing"))
}
