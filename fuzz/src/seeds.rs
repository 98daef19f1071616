//! Good inputs to begin with, taken from the golden cases of the crates' own tests.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::credentials::{ASSUMED, EXCHANGED, GIVEN, PRINTED};

/// Good inputs for the target of that name.
///
/// # Errors
/// If the golden cases are not where they should be.
pub fn seeds(target: &str) -> io::Result<Vec<Vec<u8>>> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let tests = crates.join("kms-wire/tests");
    match target {
        "answer" => files(&tests.join("response"), |path| {
            path.extension().is_some_and(|e| e == "json")
        }),
        "blob" => ciphertext(&crates.join("kms-crypto/tests/keys/blob.json")),
        "ca_file" => files(
            &crates.join("kms-client/src/transport/private_ca"),
            |path| path.extension().is_some_and(|e| e == "pem"),
        ),
        "call" => answers(&tests),
        "chain" => chain(&crates.join("kms-credentials/tests/chain")),
        "claim" => {
            let mut all = requests(&tests.join("sign"))?;
            all.append(&mut requests(&tests.join("instance"))?);
            Ok(all)
        }
        "client_key" => client_keys(&crates.join("kms-credentials/tests/client_key")),
        "config" => configurations(&crates),
        "http" => Ok(crate::agent::requests()),
        "jwt" => {
            let tokens = crate::oidc::golden_tokens()?;
            Ok(tokens.into_iter().map(String::into_bytes).collect())
        }
        "key_set" => Ok(vec![crate::oidc::golden_key_set()?]),
        "key" => keys(&crates.join("kms-crypto/tests/keys/elsewhere.json")),
        "message" => messages(&tests.join("instance/messages.json")),
        "name" => Ok([
            "app/db",
            "bailian!secret-123",
            "acs:kms:cn-hangzhou:1234567890123456:secret/app/db",
            "10.0.0.0/8",
            "fd00::1/64",
            "2024-01-02T03:04:05Z",
            "ACSCurrent",
        ]
        .map(|text| text.as_bytes().to_owned())
        .to_vec()),
        "params" => Ok(requests(&tests.join("sign"))?
            .iter()
            .filter_map(|request| query_and_form(request))
            .collect()),
        "properties" => files(&crates.join("kms-client/tests/properties"), |path| {
            path.extension().is_some_and(|e| e == "properties")
        }),
        "policy" => policies(&crates.join("kms-service/tests/policy/documents")),
        "request" => cases(&tests.join("request")),
        "target" => Ok([
            "/v1/app/db",
            "/v1/app%2Fdb?versionId=v2&versionStage=ACSPrevious",
            "/secretsmanager/get?secretId=bailian%21secret-123&versionStage=ACSCurrent&x=1",
            "/secretsmanager/get?secretId=acs:kms:cn-hangzhou:1234567890123456:secret/app/db",
            "/v1/secret/data/app/db?version=2",
            "/v1/legacy/app/db",
            "/v1/sys/internal/ui/mounts/secret/app",
            "/v1/auth/token/lookup-self",
            "http://localhost:2025",
            "http://[::1]:2025/",
        ]
        .map(|text| text.as_bytes().to_owned())
        .to_vec()),
        _ => Ok(Vec::new()),
    }
}

fn files(folder: &Path, keep: impl Fn(&Path) -> bool) -> io::Result<Vec<Vec<u8>>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()?;
    // The order of a folder is the file system's; a seed of chance must mean one run.
    paths.sort();
    paths
        .iter()
        .filter(|path| keep(path))
        .map(fs::read)
        .collect()
}

fn requests(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut folders: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path().join("request.http")))
        .collect::<io::Result<_>>()?;
    folders.sort();
    folders
        .iter()
        .filter(|path| path.is_file())
        .map(fs::read)
        .collect()
}

/// The case's ciphertext.
fn ciphertext(path: &Path) -> io::Result<Vec<Vec<u8>>> {
    let case: serde_json::Value = serde_json::from_slice(&fs::read(path)?)?;
    Ok(case["blob"].as_str().map(unhex).into_iter().collect())
}

/// Private keys, public keys and ciphertexts, and material for symmetric keys.
fn keys(path: &Path) -> io::Result<Vec<Vec<u8>>> {
    let all: serde_json::Value = serde_json::from_slice(&fs::read(path)?)?;
    let mut inputs = vec![vec![7; 16], vec![7; 32]];
    for case in all.as_object().into_iter().flat_map(|all| all.values()) {
        inputs.extend(case["pkcs8"].as_str().map(unhex));
        let pem = case["public"].as_str().unwrap_or_default();
        let der: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        inputs.extend(BASE64_STANDARD.decode(der).ok());
        inputs.extend(case["encrypted"]["SM2PKE"].as_str().map(unhex));
    }
    Ok(inputs)
}

fn messages(path: &Path) -> io::Result<Vec<Vec<u8>>> {
    let all: std::collections::BTreeMap<String, String> = serde_json::from_slice(&fs::read(path)?)?;
    Ok(all.values().map(|hex| unhex(hex)).collect())
}

/// Answers of services as the client gets them.
fn answers(tests: &Path) -> io::Result<Vec<Vec<u8>>> {
    const JSON: &str = "content-type:application/json;charset=utf-8";
    const PROTOBUF: &str = "content-type:application/x-protobuf";
    let refusal = |code: &str| {
        format!(
            r#"{{"HostId":"h","Code":"{code}","Message":"m, server string to sign is:x","RequestId":"r"}}"#
        )
        .into_bytes()
    };
    let message = |name: &str| -> io::Result<Vec<u8>> {
        let all = fs::read(tests.join("instance/messages.json"))?;
        let all: std::collections::BTreeMap<String, String> = serde_json::from_slice(&all)?;
        Ok(all.get(name).map(|hex| unhex(hex)).unwrap_or_default())
    };
    let json = |action: &str| fs::read(tests.join("response").join(format!("{action}.json")));
    let all = [
        (b'v', "200", JSON, json("GetSecretValue")?),
        (b'l', "200", JSON, json("ListSecrets")?),
        (b'r', "200", JSON, json("AssumeRole")?),
        (b'k', "200", PROTOBUF, message("GetSecretValueResponse")?),
        (b'k', "401", PROTOBUF, message("Error")?),
        (b'u', "200", JSON, json("GetSecretValue")?),
        (b'v', "403", JSON, refusal("Forbidden.NoPermission")),
        (
            b'v',
            "400",
            "date:Wed, 25 Nov 2026 10:00:00 GMT",
            refusal("InvalidTimeStamp.Expired"),
        ),
        (
            b'v',
            "503",
            "x-acs-retry-after:150",
            refusal("ServiceUnavailableTemporary"),
        ),
        (
            b'l',
            "429",
            "retry-after:Wed, 25 Nov 2026 10:00:00 GMT",
            refusal("Rejected.Throttling"),
        ),
    ];
    Ok(all
        .into_iter()
        .map(|(letter, status, header, body)| {
            let head = format!("{status}\n{header}\n\n");
            [&[letter, b'\n'], head.as_bytes(), &body].concat()
        })
        .collect())
}

/// The samples, and those that are refused.
fn configurations(crates: &Path) -> io::Result<Vec<Vec<u8>>> {
    let is_toml = |path: &Path| path.extension().is_some_and(|e| e == "toml");
    let mut all = files(&crates.join("../docs/samples"), is_toml)?;
    all.append(&mut files(&crates.join("kms-agent/tests/config"), is_toml)?);
    Ok(all)
}

/// What lies in the files of the chain's cases, and good contents of each other place.
fn chain(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut all: Vec<(u8, Vec<u8>)> = Vec::new();
    for name in [
        "cli-ak",
        "cli-chainable",
        "cli-cloud-sso",
        "cli-external",
        "cli-oauth-exchanged-long-before",
        "cli-oidc",
    ] {
        let path = folder.join(name).join("fs/home/app/.aliyun/config.json");
        all.push((b'c', fs::read(path)?));
    }
    for (place, text) in [
        (b'e', PRINTED),
        (
            b'i',
            "[default]\ntype = ram_role_arn\naccess_key_id = a\naccess_key_secret = b\n\
             role_arn = acs:ram::1:role/a\nrole_session_name = s\n",
        ),
        (b'l', EXCHANGED),
        (b'm', GIVEN),
        (b'n', "EcsRole"),
        (b'o', "header.claims.signature"),
        (b's', ASSUMED),
        (b't', "AQAEAFtoken=="),
        (b'u', GIVEN),
    ] {
        all.push((place, text.as_bytes().to_owned()));
    }
    Ok(all
        .into_iter()
        .map(|(place, content)| [&[place, b'\n'], content.as_slice()].concat())
        .collect())
}

/// Each file, and the PKCS#12 in it.
fn client_keys(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut all = files(folder, |path| path.extension().is_some_and(|e| e == "json"))?;
    for file in all.clone() {
        let file: serde_json::Value = serde_json::from_slice(&file)?;
        let container = file.get("PrivateKeyData").and_then(|text| text.as_str());
        all.extend(container.and_then(|text| BASE64_STANDARD.decode(text).ok()));
    }
    Ok(all)
}

/// The document of each case.
fn policies(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    files(folder, |path| path.extension().is_some_and(|e| e == "json"))?
        .iter()
        .map(|file| {
            let case: serde_json::Value = serde_json::from_slice(file)?;
            Ok(case["document"].to_string().into_bytes())
        })
        .collect()
}

fn unhex(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks(2)
        .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// `query`, a line feed, the body.
fn query_and_form(request: &[u8]) -> Option<Vec<u8>> {
    crate::http::with_request(request, |request| {
        let mut input = request.query.as_bytes().to_owned();
        input.push(b'\n');
        input.extend_from_slice(request.body);
        input
    })
}

/// The action's name, a line feed, the parameters of each case of it.
fn cases(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut all = Vec::new();
    for action in kms_wire::Action::ALL {
        let path = folder.join(format!("{}.json", action.as_str()));
        let cases: serde_json::Value = serde_json::from_slice(&fs::read(path)?)?;
        let reads = cases.get("reads").and_then(|reads| reads.as_array());
        for case in reads.into_iter().flatten() {
            let mut params = kms_wire::Params::default();
            let pairs = case.get("params").and_then(|params| params.as_object());
            for (name, value) in pairs.into_iter().flatten() {
                params.push(name.as_str(), value.as_str().unwrap_or("x"));
            }
            all.push(format!("{}\n{}", action.as_str(), params.canonical()).into_bytes());
        }
    }
    Ok(all)
}
