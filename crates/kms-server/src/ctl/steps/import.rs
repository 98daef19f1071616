//! Key material of one's own: encrypted here, under a key that the service gives for that.

use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use clap::ArgMatches;
use kms_client::Client;
use kms_wire::Params;

use crate::ctl::{
    CtlError, input, output,
    pages::{call, parse},
    show,
    table::Verb,
};

/// Asks for the key, encrypts, imports.
pub(super) async fn material(
    verb: &Verb,
    matches: &ArgMatches,
    client: &Client,
    mut params: Params,
) -> Result<(), CtlError> {
    // Before anything is asked of the service.
    let material = input::stream(matches, "Key material")?;
    let mut ask = Params::default();
    ask.push_some("KeyId", params.get("KeyId"));
    ask.push("WrappingAlgorithm", "RSAES_OAEP_SHA_256");
    ask.push("WrappingKeySpec", "RSA_2048");
    let parameters = Verb::kms("parameters", "GetParametersForImport", "");
    let mut answer = parse(&call(client, &parameters, ask).await?)?;
    let public_key = show::take(&mut answer, "/PublicKey")?;
    let token = show::take(&mut answer, "/ImportToken")?;
    // EXPOSE: a public key.
    let public_key = BASE64_STANDARD
        .decode(public_key.expose())
        .ok()
        .and_then(|der| PublicEncryptingKey::from_der(&der).ok())
        .and_then(|key| OaepPublicEncryptingKey::new(key).ok())
        .ok_or_else(|| {
            CtlError::Answer("the service gave no RSA key to encrypt under".to_owned())
        })?;
    let mut encrypted = vec![0; public_key.ciphertext_size()];
    // EXPOSE: into its ciphertext.
    let encrypted = public_key
        .encrypt(
            &OAEP_SHA256_MGF1SHA256,
            material.expose(),
            &mut encrypted,
            None,
        )
        .map_err(|_no_reason| {
            CtlError::usage("this is no key material: raw bytes, as many as the key's kind has")
        })?;
    params.push("EncryptedKeyMaterial", BASE64_STANDARD.encode(encrypted));
    // EXPOSE: a token that is good with this public key only.
    params.push("ImportToken", token.expose().as_str());
    let answer = parse(&call(client, verb, params).await?)?;
    output::text(&show::record(&answer, ""))
}
