//! Which version of a key pair, where nobody said it.

use kms_client::Client;
use kms_wire::Params;
use serde_json::Value;

use crate::ctl::{
    CtlError, pages,
    table::{List, Pages, Verb},
};

const NAME: &str = "KeyVersionId";

const VERSIONS: List = List {
    at: "/KeyVersions/KeyVersion",
    columns: &[],
    pages: Pages::Numbered,
};

/// A key pair has one version unless somebody made more; then nothing tells which is meant.
pub(super) async fn fill_in(client: &Client, params: &mut Params) -> Result<(), CtlError> {
    if params.get(NAME).is_some() {
        return Ok(());
    }
    let mut of_key = Params::default();
    of_key.push_some("KeyId", params.get("KeyId"));
    let verb = Verb::kms("versions", "ListKeyVersions", "");
    let answer = pages::all(client, &verb, &VERSIONS, &of_key).await?;
    let versions = answer.pointer(VERSIONS.at).and_then(Value::as_array);
    let version = match versions.map(Vec::as_slice) {
        Some([one]) => one.get(NAME).and_then(Value::as_str),
        _ => None,
    };
    let version = version.ok_or_else(|| {
        CtlError::usage(
            "the key has more than one version; `kms-server ctl key versions` lists them for \
             --key-version",
        )
    })?;
    params.push(NAME, version);
    Ok(())
}
