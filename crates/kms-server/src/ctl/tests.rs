//! The table against what travels: its names, its places in answers.

use std::{collections::BTreeSet, fs, path::PathBuf};

use clap::{ArgMatches, Command};
use kms_wire::{Action, Params, Request};
use serde_json::Value;

use super::{
    command,
    nouns::ALL,
    table::{Arg, Kind, List, Noun, Show, Verb},
};

/// What the line is understood as, in the way of the whole program.
pub(super) fn said(words: &[&str]) -> Result<ArgMatches, clap::Error> {
    let words = std::iter::once("ctl").chain(words.iter().copied());
    command::build(Command::new("ctl")).try_get_matches_from(words)
}

fn verbs() -> Vec<(String, &'static Verb)> {
    fn of(path: &str, nouns: &'static [Noun], all: &mut Vec<(String, &'static Verb)>) {
        for noun in nouns {
            let path = format!("{path} {}", noun.name);
            for verb in noun.verbs.iter().copied().flatten() {
                all.push((format!("{path} {}", verb.name), verb));
            }
            of(&path, noun.nouns, all);
        }
    }
    let mut all = Vec::new();
    of("ctl", ALL, &mut all);
    assert!(all.len() > 100, "{}", all.len());
    all
}

fn action(verb: &Verb) -> Option<Action> {
    Action::parse(verb.product.version(), verb.action).ok()
}

#[test]
fn the_command_line_is_sound_and_no_command_is_there_twice() {
    command::build(Command::new("ctl")).debug_assert();
    let names: BTreeSet<_> = verbs().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), verbs().len());
}

/// A value that this parameter takes.
fn sample(verb: &Verb, param: &str) -> &'static str {
    const POLICY: &str =
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*"}]}"#;
    const TRUST: &str = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1234567890123456:root"]}}]}"#;
    match (verb.action, param) {
        (_, "SecretData" | "SecretName" | "ResourceId.1" | "VersionStage") => "a",
        ("CreateSecret", "ExtendedConfig") => r#"{"SecretSubType":"x"}"#,
        (_, "SecretType") => "Rds",
        (_, "Tags") => r#"[{"TagKey":"a","TagValue":"b"}]"#,
        (_, "VersionStages") => r#"["mine"]"#,
        ("ListKeys", "Filters") => r#"[{"Key":"KeyState","Values":["Enabled"]}]"#,
        (_, "Filters") => r#"[{"Key":"TagKey","Values":["a"]}]"#,
        (_, "KeyId" | "DestinationKeyId" | "ProtectedResourceArn") => "key-hzz1",
        (_, "KeyVersionId") => "2ab1a983-7072-4bbc-a582-584b5bd8f0e1",
        (_, "DKMSInstanceId" | "KmsInstanceId" | "InstanceId" | "InstanceIDs") => "kst-hzz1",
        (_, "RenewalStatus") => "AutoRenewal",
        (_, "RenewPeriod" | "RenewalPeriod") => "6",
        (_, "BindVpcs") => "[]",
        (_, "PageSize" | "PageNumber") => "20",
        (_, "StartTime" | "EndTime") => "1800000000000",
        ("GenerateMac" | "VerifyMac", "Algorithm") => "HMAC_SHA_256",
        ("AsymmetricEncrypt" | "AsymmetricDecrypt", "Algorithm") | (_, "WrappingAlgorithm") => {
            "RSAES_OAEP_SHA_256"
        }
        (_, "Algorithm") => "ECDSA_SHA_256",
        ("CreateKey", "KeySpec") => "EC_P256",
        (_, "KeySpec") => "AES_128",
        ("CreateKey", "KeyUsage") => "ENCRYPT/DECRYPT",
        (_, "Origin") => "EXTERNAL",
        (_, "RotationInterval") => "30d",
        (_, "RotationWindow") => "30m",
        (_, "PendingWindowInDays" | "RecoveryWindowInDays") => "7",
        ("CreateInstance" | "ModifyInstance", param) if param.starts_with("Parameter.") => "1000",
        (_, "NumberOfBytes" | "PasswordLength" | "IssuanceLimitTime") => "16",
        (_, "KeyMaterialExpireUnix") => "1800000000",
        (_, "AliasName") => "alias/a",
        (_, "DurationSeconds" | "MaxSessionDuration" | "NewMaxSessionDuration") => "3600",
        (_, "RoleArn") => "acs:ram::1234567890123456:role/app",
        (_, "OIDCProviderArn") => "acs:ram::1234567890123456:oidc-provider/c1",
        (_, "AssumeRolePolicyDocument" | "NewAssumeRolePolicyDocument") => TRUST,
        (_, "PolicyDocument" | "Policy") => POLICY,
        (_, "PolicyType") => "Custom",
        (_, "RoleSessionName") => "ctl",
        (_, "VersionId") => "v2",
        (_, "UserAccessKeyId") => "LTAI5tAbCdEf",
        (_, "ClientKeyId") => "KAAP.1",
        (_, "IssuerUrl") => "https://issuer.example/c1",
        (_, "Fingerprints" | "Fingerprint") => "902ef2deeb3c5b13ea4c3d5193629309e231ae55",
        (_, "MobilePhone" | "NewMobilePhone") => "86-18600008888",
        (_, "Email" | "NewEmail") => "a@example.com",
        (_, "SourcePrivateIp") => r#"["10.0.0.0/8"]"#,
        (_, "Type") => "Private",
        (_, "Permissions") => r#"["RbacPermission/Template/CryptoServiceSecretUser"]"#,
        (_, "Resources") => r#"["secret/*"]"#,
        (_, "Policies") => r#"["p1"]"#,
        (_, "KmsInstance") => "shared",
        (_, "AccessControlRules") => r#"{"NetworkRules":["r1"]}"#,
        (_, "NotBefore") => "2026-12-01T00:00:00Z",
        (_, "NotAfter") => "2027-12-01T00:00:00Z",
        (
            _,
            "Plaintext"
            | "CiphertextBlob"
            | "Digest"
            | "Value"
            | "Message"
            | "Mac"
            | "EncryptedKeyMaterial"
            | "ImportToken",
        ) => "aGVsbG8=",
        (
            _,
            "EncryptionContext"
            | "SourceEncryptionContext"
            | "DestinationEncryptionContext"
            | "ExtendedConfig.CustomData",
        ) => r#"{"a":"b"}"#,
        (_, "OIDCToken") => "head.claims.sign",
        (_, "WrappingKeySpec") => "RSA_2048",
        (_, "ResourceShareId" | "ResourceShareIds.1") => "rs-6GRmdD3X0001",
        (_, "FolderId" | "ParentFolderId" | "DestinationFolderId") => "fd-bVaRIG0001",
        (_, "AccountId" | "Targets.1") => "2234567890123456",
        (_, "ServicePrincipal") => "config.aliyuncs.com",
        _ => "abc",
    }
}

/// What the step of a command adds, and what is sent for these arguments.
fn push(verb: &Verb, arg: &Arg, params: &mut Params) {
    let first = format!("{}.1", arg.param);
    let names: &[&str] = match arg.kind {
        Kind::Local | Kind::LocalFlag => return,
        Kind::Filter(_) => &["Filters"],
        Kind::Material => &["EncryptedKeyMaterial", "ImportToken"],
        Kind::NumberedTags => &["Tag.1.Key"],
        Kind::Numbered => &[&first],
        _ => &[arg.param],
    };
    for name in names {
        match arg.kind {
            Kind::Flag(value) => params.push(*name, value),
            Kind::With(other, value) => {
                params.push(other, value);
                params.push(*name, sample(verb, name));
            }
            _ => params.push(*name, sample(verb, name)),
        }
    }
}

fn least(verb: &Verb) -> Params {
    let mut params = Params::default();
    for (name, value) in verb.fixed {
        params.push(*name, *value);
    }
    for arg in verb.args.iter().filter(|arg| is_sent(arg)) {
        push(verb, arg, &mut params);
    }
    match verb.action {
        "AsymmetricSign" | "AsymmetricVerify" | "AsymmetricEncrypt" | "AsymmetricDecrypt"
        | "GetPublicKey" => {
            params.push("KeyVersionId", sample(verb, "KeyVersionId"));
        }
        "CreateClientKey" => params.push("Password", "Abcdefg1"),
        _ => {}
    }
    params
}

/// Whether it is always there.
fn is_sent(arg: &Arg) -> bool {
    arg.needed || arg.kind.is_streamed() || matches!(arg.kind, Kind::Default(_) | Kind::Stamp)
}

/// What comes only together with another.
fn companions(verb: &Verb, arg: &Arg, params: &mut Params) {
    match (verb.action, arg.param) {
        ("CreateSecret", "ExtendedConfig") => params.push("SecretType", "Rds"),
        ("CreateSecret", "SecretType") => params.push("ExtendedConfig", "{}"),
        // Generic secrets do not rotate.
        ("CreateSecret", "RotationInterval") => {
            params.push("SecretType", "Rds");
            params.push("ExtendedConfig", "{}");
        }
        ("CreateClientKey", "NotBefore") => params.push("NotAfter", sample(verb, "NotAfter")),
        ("CreateClientKey", "NotAfter") => params.push("NotBefore", sample(verb, "NotBefore")),
        ("CreateKey", "KeyUsage") => params.push("KeySpec", "RSA_2048"),
        _ => {}
    }
}

/// What is one of two options on the command line, and must be one of them.
fn one_of_two(verb: &Verb, params: &mut Params) {
    const SWITCH: &str = "EnableAutomaticRotation";
    let is_switch = ["UpdateSecretRotationPolicy", "UpdateRotationPolicy"].contains(&verb.action);
    if is_switch && params.get(SWITCH).is_none() {
        params.push(SWITCH, "false");
    }
    let is_association =
        ["AssociateResourceShare", "DisassociateResourceShare"].contains(&verb.action);
    if is_association
        && params.get("Targets.1").is_none()
        && params.get("Resources.1.ResourceId").is_none()
    {
        params.push("Targets.1", sample(verb, "Targets.1"));
    }
    let is_stage = verb.action == "UpdateSecretVersionStage";
    if is_stage
        && params.get("RemoveFromVersion").is_none()
        && params.get("MoveToVersion").is_none()
    {
        params.push("MoveToVersion", "v1");
    }
}

/// Each argument alone with what must be said: the request's type takes it and sends it.
#[test]
fn every_argument_is_a_parameter_of_its_action() {
    let mut checked = 0;
    for (name, verb) in verbs() {
        let Some(action) = action(verb) else {
            continue;
        };
        let is_local = |arg: &&Arg| matches!(arg.kind, Kind::Local | Kind::LocalFlag);
        for arg in verb.args.iter().filter(|arg| !is_local(arg)) {
            let mut params = least(verb);
            let first = format!("{}.1", arg.param);
            let sent: &str = match arg.kind {
                Kind::Filter(_) => "Filters",
                Kind::Material => "EncryptedKeyMaterial",
                Kind::NumberedTags => "Tag.1.Key",
                Kind::Numbered => &first,
                _ => arg.param,
            };
            if params.get(sent).is_none() {
                companions(verb, arg, &mut params);
                push(verb, arg, &mut params);
            }
            one_of_two(verb, &mut params);
            let request = Request::parse(action, &params)
                .unwrap_or_else(|error| panic!("{name} --{}: {error}", arg.name));
            let known = request.to_params();
            // Off is what absent means in some types.
            let is_off = arg.kind == Kind::Flag("false");
            // Written again, what an order has is numbered anew.
            let is_ordered = arg.param.strip_suffix(".Value").is_some_and(|place| {
                let code = params.get(&format!("{place}.Code"));
                known.iter().any(|(_, value)| Some(value) == code)
            });
            assert!(
                known.get(sent).is_some() || is_off || is_ordered,
                "{name} --{}: {sent} is nothing that {action:?} knows",
                arg.name
            );
            checked += 1;
        }
        let mut params = least(verb);
        one_of_two(verb, &mut params);
        let request = Request::parse(action, &params);
        assert!(request.is_ok(), "{name}: {:?}", request.err());
    }
    assert!(checked > 150, "{checked}");
}

fn golden(action: Action) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../kms-wire/tests/response")
        .join(format!("{}.json", action.type_name()));
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[track_caller]
fn assert_list(name: &str, answer: &Value, list: &List) {
    let rows = answer.pointer(list.at).and_then(Value::as_array);
    let rows = rows.unwrap_or_else(|| panic!("{name}: no list at {}", list.at));
    for (head, field) in list.columns {
        assert!(
            rows.iter().any(|row| row.pointer(field).is_some()),
            "{name}: nothing below {head}"
        );
    }
}

/// What is shown is there, in the answers that the types are held to.
#[test]
fn every_place_that_is_shown_is_in_the_answer() {
    for (name, verb) in verbs() {
        let Some(action) = action(verb) else {
            continue;
        };
        let answer = golden(action);
        let places: Vec<&str> = match verb.show {
            Show::List(list) => {
                assert_list(&name, &answer, list);
                continue;
            }
            Show::Ending(list, end) => {
                assert_list(&name, &answer, list);
                assert!(
                    list.columns.iter().any(|(_, field)| *field == end),
                    "{name}"
                );
                continue;
            }
            Show::Record(place)
            | Show::Reveal(place)
            | Show::Decode(place)
            | Show::Text(place)
            | Show::Verdict(place) => vec![place],
            Show::Exports(lines) => lines.iter().map(|(_, place)| *place).collect(),
            Show::Value => vec!["/SecretData", "/SecretDataType"],
        };
        for place in places {
            assert!(answer.pointer(place).is_some(), "{name}: no {place}");
        }
    }
}
