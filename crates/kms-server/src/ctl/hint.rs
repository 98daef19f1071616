//! What to do next, by the cloud's codes.

use kms_client::CallError;

/// What to do next after this went wrong in this action, if there is something to say.
pub(super) fn after(action: &str, reason: &CallError) -> Option<String> {
    match reason {
        CallError::Credentials(_) => Some(
            "set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, name a --profile \
             of the aliyun CLI, or `source` the env file of a server"
                .to_owned(),
        ),
        CallError::Transport { reason, .. } if reason.contains("certificate") => Some(
            "a server of your own needs its CA: --ca-file, or KMS_CA_FILE beside KMS_TLS_ENDPOINT"
                .to_owned(),
        ),
        CallError::Transport { .. } | CallError::Timeout { .. } => {
            Some("is the server running, and --endpoint or KMS_ENDPOINT right?".to_owned())
        }
        CallError::Service {
            status,
            code,
            message,
            ..
        } => of_service(action, *status, code, message),
        _ => None,
    }
}

/// Whether it is the caller that is refused: who it is, or what it may do.
pub(super) fn is_identity(status: u16, code: &str) -> bool {
    const PREFIXES: [&str; 4] = [
        "InvalidAccessKeyId",
        "InvalidSecurityToken",
        "Signature",
        "IncompleteSignature",
    ];
    PREFIXES.iter().any(|prefix| code.starts_with(prefix))
        || status == 401
        || (status == 403 && !code.contains("NotFound") && !code.starts_with("Unsupported"))
}

fn of_service(action: &str, status: u16, code: &str, message: &str) -> Option<String> {
    let hint = match code {
        "InvalidAction.NotFound" => format!(
            "this server does not know {action}, or not yet"
        ),
        "InvalidTimeStamp.Expired" => "the clock of this machine or of the server is off".to_owned(),
        "Rejected.Disabled" => "`kms-server ctl key enable` makes it work again".to_owned(),
        "Rejected.PendingImport" => {
            "its material has to be imported: `kms-server ctl key import material`".to_owned()
        }
        "Rejected.ResourceInDeleteWindow" | "Rejected.PendingDeletion" => {
            "it is about to be deleted; `restore` takes a secret back, `cancel-deletion` a key"
                .to_owned()
        }
        "DryRunOperationError" => "the call would have succeeded".to_owned(),
        code if is_identity(status, code) && status == 403 => {
            "`kms-server ctl sts whoami` says who you are; `ctl ram policy attach-user` gives rights"
                .to_owned()
        }
        code if is_identity(status, code) => {
            "`kms-server ctl sts whoami` tells whether this AccessKey works; was the env file of \
             another server, or of an earlier one, read into this shell?"
                .to_owned()
        }
        code if code.contains("NotFound") || code.starts_with("EntityNotExist") => {
            let list = list_of(code, action)?;
            format!("`kms-server ctl {list}` shows what there is")
        }
        code if code.contains("ResourceExist") || code.starts_with("EntityAlreadyExists") => {
            match action {
                "CreateSecret" => {
                    "`kms-server ctl secret put` stores a new version of it".to_owned()
                }
                _ => "it is there already".to_owned(),
            }
        }
        "MissingParameter" | "InvalidParameter" => {
            let option = option_of(message)?;
            format!("see --help for {option}")
        }
        _ => return None,
    };
    Some(hint)
}

/// The list that tells the right name.
fn list_of(code: &str, action: &str) -> Option<&'static str> {
    let of = |word: &str| code.contains(word) || action.contains(word);
    Some(match () {
        () if code.contains("Alias") => "key alias list",
        () if of("AccessKey") => "ram access-key list USER",
        () if of("OIDCProvider") => "ram oidc-provider list",
        () if code.starts_with("EntityNotExist.Policy") => "ram policy list",
        () if code.starts_with("EntityNotExist.User") => "ram user list",
        () if code.starts_with("EntityNotExist.Group") => "ram group list",
        () if code.starts_with("EntityNotExist.Role") => "ram role list",
        () if of("ClientKey") => "aap client-key list AAP",
        () if of("AccessPoint") => "aap list",
        () if of("NetworkRule") => "aap network-rule list",
        () if of("Instance") => "instance list",
        () if of("Secret") => "secret list",
        () if of("Key") || of("crypt") || of("Asymmetric") => "key list",
        () if of("Policy") => "aap policy list",
        () => return None,
    })
}

/// The parameter's name in our servers' and the cloud's messages, which quote it.
fn option_of(message: &str) -> Option<&str> {
    let name = message.split('"').nth(1)?;
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
    (is_name && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests;
