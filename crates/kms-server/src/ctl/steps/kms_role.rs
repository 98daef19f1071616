//! The role by which KMS rotates AccessKeys, as the console makes it in one step: a policy, a
//! role, and the one attached to the other. What is there stays.

use clap::ArgMatches;
use kms_client::{CallError, Client};
use kms_service::delegation::{POLICY, POLICY_DOCUMENT, ROLE, TRUST_DOCUMENT};
use kms_wire::{Params, Product};
use serde_json::{Value, json};

use crate::ctl::{
    CtlError,
    output::{self, Form},
    pages::parse,
    show,
};

/// What one of the three came to.
#[derive(Clone, Copy)]
enum Came {
    Made,
    WasThere,
}

/// Makes what is not there.
pub(super) async fn ensure(matches: &ArgMatches, client: &Client) -> Result<(), CtlError> {
    let policy = [
        ("PolicyName", POLICY),
        ("PolicyDocument", POLICY_DOCUMENT),
        ("Description", "KMS rotates AccessKeys of RAM users"),
    ];
    let policy = make(client, "CreatePolicy", &policy).await?;
    if let Came::WasThere = policy {
        let named = [("PolicyType", "Custom"), ("PolicyName", POLICY)];
        let place = "/DefaultPolicyVersion/PolicyDocument";
        check(client, ("GetPolicy", &named), place, POLICY_DOCUMENT).await?;
    }
    let role = [
        ("RoleName", ROLE),
        ("AssumeRolePolicyDocument", TRUST_DOCUMENT),
        ("Description", "KMS rotates AccessKeys of RAM users"),
    ];
    let role = make(client, "CreateRole", &role).await?;
    if let Came::WasThere = role {
        let place = "/Role/AssumeRolePolicyDocument";
        check(
            client,
            ("GetRole", &[("RoleName", ROLE)]),
            place,
            TRUST_DOCUMENT,
        )
        .await?;
    }
    let attachment = [
        ("PolicyType", "Custom"),
        ("PolicyName", POLICY),
        ("RoleName", ROLE),
    ];
    let attachment = make(client, "AttachPolicyToRole", &attachment).await?;
    let said = [
        ("policy", POLICY, policy),
        ("role", ROLE, role),
        ("attachment", POLICY, attachment),
    ];
    output::text(&match Form::of(matches) {
        Form::Json => {
            let made = said.map(
                |(what, name, came)| json!({"What": what, "Name": name, "State": came.as_str()}),
            );
            format!("{:#}\n", json!({ "RoleName": ROLE, "Steps": made }))
        }
        Form::Name => format!("{ROLE}\n"),
        Form::Table => show::rows(&said.map(|(what, name, came)| {
            vec![what.to_owned(), name.to_owned(), came.as_str().to_owned()]
        })),
    })
}

async fn make(
    client: &Client,
    action: &str,
    said: &[(&'static str, &str)],
) -> Result<Came, CtlError> {
    let done = client
        .call_by_name(Product::Ram, action, params(said))
        .await;
    match done {
        Ok(_made) => Ok(Came::Made),
        Err(CallError::Service { code, .. }) if code.starts_with("EntityAlreadyExist") => {
            Ok(Came::WasThere)
        }
        Err(reason) => Err(CtlError::call(action, reason)),
    }
}

/// That what is there says the same.
async fn check(
    client: &Client,
    (action, said): (&str, &[(&'static str, &str)]),
    place: &str,
    ours: &str,
) -> Result<(), CtlError> {
    let told = client
        .call_by_name(Product::Ram, action, params(said))
        .await
        .map_err(|reason| CtlError::call(action, reason))?;
    let told = parse(&told)?;
    let theirs = told.pointer(place).and_then(Value::as_str);
    let json = |text: &str| serde_json::from_str::<Value>(text).ok();
    if theirs.and_then(json) == json(ours) {
        return Ok(());
    }
    let what = match action {
        "GetRole" => format!(
            "the role {ROLE} is there and trusts others than kms.aliyuncs.com alone; \
             `kms-server ctl ram role update` changes that"
        ),
        _ => format!(
            "the policy {POLICY} is there and says something else; `kms-server ctl ram policy \
             document {POLICY}` shows it"
        ),
    };
    Err(CtlError::Answer(what))
}

fn params(said: &[(&'static str, &str)]) -> Params {
    let mut params = Params::default();
    for (name, value) in said {
        params.push(*name, *value);
    }
    params
}

// === impl Came ===

impl Came {
    fn as_str(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::WasThere => "was there",
        }
    }
}
