//! The parsers of kms-wire and kms-types.

use kms_types::{Arn, Cidr, RequestId, Secret, SecretRef, VersionId, VersionStage};
use kms_wire::{
    Action, ErrorBody, Format, Params, Request, instance, render, response, sign::Claim,
};
use prost::Message;

use crate::http::with_request;

/// A whole request of either gateway: nobody can sign without the key.
pub fn claim(input: &[u8]) {
    with_request(input, |request| {
        let _format = Format::asked(request);
        if let Ok(claim) = Claim::parse(request) {
            assert!(claim.verify(&Secret::from("another")).is_err(), "believed");
            assert!(claim.verify_rsa(b"").is_err(), "believed");
        }
        if let Ok(claim) = instance::Claim::parse(request) {
            assert!(claim.verify(b"").is_err(), "believed");
        }
    });
}

/// A query, a line feed, a form: what was read once reads the same when written again.
pub fn params(input: &[u8]) {
    let (query, form) = split(input);
    let Ok(query) = std::str::from_utf8(query) else {
        return;
    };
    if let Ok(params) = Params::parse(query, form) {
        let written = params.canonical();
        let again = Params::parse("", written.as_bytes()).expect("own writing reads");
        assert_eq!(again.canonical(), written);
        for (name, value) in params.iter() {
            assert_eq!(again.get(name), Some(value));
        }
    }
}

/// An action's name, a line feed, its parameters as a form.
pub fn request(input: &[u8]) {
    let (name, form) = split(input);
    let action = Action::ALL
        .iter()
        .find(|action| action.as_str().as_bytes() == name);
    let (Some(action), Ok(params)) = (action, Params::parse("", form)) else {
        return;
    };
    match Request::parse(*action, &params) {
        Ok(request) => {
            let written = request.to_params();
            let again = Request::parse(*action, &written).expect("own writing reads");
            assert_eq!(again.to_params().canonical(), written.canonical());
        }
        Err(error) => {
            for (name, value) in params.iter() {
                // Words of ours are shorter, and may be the value by chance; the longest is
                // DeleteOldestNonDefaultVersionWhenLimitExceeded.
                assert!(
                    value.len() < 48 || !error.to_string().contains(value),
                    "the error shows {name}"
                );
            }
        }
    }
}

/// The JSON of an answer or an error, as a client reads it.
pub fn answer(input: &[u8]) {
    if let Some(body) = ErrorBody::parse(input) {
        assert!(!body.message.to_ascii_lowercase().contains("string to sign"));
    }
    let Ok(answer) = serde_json::from_slice::<response::GetSecretValue>(input) else {
        return;
    };
    let id: RequestId = "0d2d3a0e-5c1f-4b3a-9a52-6f0c8f7a1b2c"
        .parse()
        .expect("a UUID");
    let json = render(Format::Json, "R", id, &answer).expect("JSON carries everything");
    let again: response::GetSecretValue = serde_json::from_slice(&json).expect("own writing reads");
    assert_eq!(again.secret_data.expose(), answer.secret_data.expose());
    if let Ok(xml) = render(Format::Xml, "R", id, &answer) {
        let xml = String::from_utf8(xml).expect("UTF-8");
        assert!(xml.ends_with("</R>"));
    }
}

/// A protobuf message of the instance gateway.
pub fn message(input: &[u8]) {
    fn check<M: Message + Default + PartialEq>(input: &[u8]) {
        if let Ok(message) = M::decode(input) {
            let again = M::decode(message.encode_to_vec().as_slice()).expect("own writing reads");
            assert!(again == message, "another message came back");
        }
    }
    use kms_wire::instance::message as m;
    check::<m::AdvanceGenerateDataKeyRequest>(input);
    check::<m::DecryptRequest>(input);
    check::<m::EncryptRequest>(input);
    check::<m::Error>(input);
    check::<m::GenerateDataKeyRequest>(input);
    check::<m::GenerateRandomRequest>(input);
    check::<m::GetPublicKeyRequest>(input);
    check::<m::GetSecretValueRequest>(input);
    check::<m::GetSecretValueResponse>(input);
    check::<m::SignRequest>(input);
    check::<m::VerifyRequest>(input);
}

/// Names, ids and blocks of addresses: what parses is written as it was.
pub fn name(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    if let Ok(name) = text.parse::<SecretRef>() {
        assert_eq!(name.to_string(), text);
        assert!(
            !name
                .name()
                .as_str()
                .split('/')
                .any(|part| matches!(part, "" | "." | ".."))
        );
    }
    if let Ok(arn) = text.parse::<Arn>() {
        assert_eq!(arn.to_string(), text);
    }
    if let Ok(id) = text.parse::<VersionId>() {
        assert_eq!(id.as_str(), text);
    }
    if let Ok(stage) = text.parse::<VersionStage>() {
        assert_eq!(stage.as_str(), text);
    }
    if let Ok(block) = text.parse::<Cidr>() {
        assert_eq!(block.to_string().parse(), Ok(block));
    }
    let _moment = kms_wire::parse_timestamp(text);
}

/// What stands before the first line feed, and behind it.
fn split(input: &[u8]) -> (&[u8], &[u8]) {
    match input.iter().position(|byte| *byte == b'\n') {
        Some(at) => input
            .split_at_checked(at)
            .map_or((input, b""), |(first, rest)| {
                (first, rest.get(1..).unwrap_or_default())
            }),
        None => (input, b""),
    }
}
