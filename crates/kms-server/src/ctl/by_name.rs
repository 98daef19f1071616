//! `ctl call`: any action by its name, with its parameters as they travel.

use clap::{Arg, ArgMatches, Command};
use kms_client::Client;
use kms_wire::{Action, Params, Product};

use super::{CtlError, input, output};

/// The word on the command line.
pub(super) const NAME: &str = "call";

const HELP: &str = "\
NAME=@FILE and NAME=@- take the value from a file or standard input; what is secret (SecretData,
Plaintext, Password and the like) comes no other way. The answer is printed as it came.

  kms-server ctl call ListSecrets PageSize=100
  kms-server ctl call ram.CreatePolicy PolicyName=read PolicyDocument=@policy.json
  kms-server ctl call PutSecretValue SecretName=app/db VersionId=v2 SecretData=@-";

/// Parameters whose values nobody should see (reference kms-api §2, §3, §9).
const SECRETS: [&str; 9] = [
    "SecretData",
    "Plaintext",
    "Message",
    "Password",
    "OIDCToken",
    "SAMLAssertion",
    "SecurityToken",
    "AccessKeySecret",
    "PrivateKeyData",
];

pub(super) fn command() -> Command {
    Command::new(NAME)
        .about("Calls any action by its name")
        .after_help(HELP)
        .arg(
            Arg::new("action")
                .value_name("ACTION")
                .required(true)
                .help("Its name; with ram., pvtz. or another product before it where KMS has one of that name"),
        )
        .arg(
            Arg::new("parameters")
                .value_name("NAME=VALUE")
                .num_args(0..)
                .help("Its parameters"),
        )
}

pub(super) async fn perform(matches: &ArgMatches, client: &Client) -> Result<(), CtlError> {
    let said = matches.get_one::<String>("action").map(String::as_str);
    let (product, action) = find(said.unwrap_or_default())?;
    let mut params = Params::default();
    let pairs = matches.get_many::<String>("parameters");
    for pair in pairs.into_iter().flatten() {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| CtlError::usage("parameters are NAME=VALUE"))?;
        if params.get(name).is_some() {
            return Err(CtlError::usage(format!("{name} is there twice")));
        }
        if SECRETS.contains(&name) && !value.starts_with('@') {
            return Err(CtlError::usage(format!(
                "{name} on the command line would be seen by every user of this machine; \
                 {name}=@FILE or {name}=@- (standard input) keeps it secret"
            )));
        }
        // EXPOSE: into the request; `Params` wipes it.
        params.push(name, input::document(value)?.expose().as_str());
    }
    let answer = client
        .call_by_name(product, action, params)
        .await
        .map_err(|reason| CtlError::call(action, reason))?;
    // EXPOSE: the answer was asked for.
    output::secret_line(answer.expose())
}

/// The product, if it is not said, is that of the one action of this name; KMS comes first.
fn find(said: &str) -> Result<(Product, &str), CtlError> {
    if let Some((product, action)) = said.split_once('.') {
        let mut products = Product::ALL.iter().copied();
        return products
            .find(|own| own.as_str().eq_ignore_ascii_case(product))
            .map(|product| (product, action))
            .ok_or_else(|| {
                let names = Product::ALL
                    .iter()
                    .map(|own| own.as_str().to_ascii_lowercase());
                let mut names: Vec<_> = names.collect();
                names.dedup();
                CtlError::usage(format!("the products are {}", names.join(", ")))
            });
    }
    let known = |product: Option<Product>| {
        let mut actions = Action::ALL.iter();
        actions.find(|own| own.as_str() == said && product.is_none_or(|one| own.product() == one))
    };
    known(Some(Product::Kms))
        .or_else(|| known(None))
        .map(|action| (action.product(), said))
        .ok_or_else(|| {
            CtlError::usage(format!(
                "no action is known as {said}; kms.{said} calls it all the same"
            ))
        })
}

#[cfg(test)]
mod tests;
