//! Makes and checks signatures as fast as one core can, and prints a line of JSON for each
//! scheme: calls per second, and how much the process grew meanwhile.

#![expect(
    clippy::expect_used,
    reason = "a measurement that cannot be made has nothing to go on with"
)]

use std::{
    fs,
    io::{self, Write as _},
    time::Duration,
};

use kms_types::{Clock as _, Secret, SystemClock};
use kms_wire::{
    Params, Product, RawRequest, SignedRequest, instance,
    sign::{
        Claim, RsaSigningKey, SigningKey, Unsigned, sign_acs3, sign_acs4, sign_rpc, sign_rpc_rsa,
    },
};

/// A key pair of the tests, used nowhere else.
const PRIVATE_KEY: &[u8] = include_bytes!("../../crates/kms-wire/tests/sign/client-key.der");
const PUBLIC_KEY: &[u8] = include_bytes!("../../crates/kms-wire/tests/sign/client-key.pub.der");

/// How often before anything is measured.
const WARM: u32 = 2_000;

fn main() -> io::Result<()> {
    let millis: u64 = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .expect("milliseconds per figure");
    let time = Duration::from_millis(millis);

    let mut params = Params::default();
    params.push("SecretName", "app/db");
    params.push("VersionStage", "ACSCurrent");
    let call = Unsigned {
        version: "2016-01-20",
        action: "GetSecretValue",
        params: &params,
        host: "kms.cn-hangzhou.aliyuncs.com",
        user_agent: "kms-client/0.1.0",
        provider: "default/env",
        now: "2026-11-25T10:00:00Z".parse().expect("a time"),
        nonce: "d410180a5abf7fe235dd9b74aca91fc0",
    };
    let key = SigningKey {
        access_key_id: "LTAIbenchaaaaaaaaaaaaaaa".parse().expect("an id"),
        access_key_secret: Secret::from("bench-secret-aaaaaaaaaaaaaaaaa"),
        security_token: None,
    };
    let client_key = RsaSigningKey::from_der(
        "KAAP.bench".parse().expect("an id"),
        &Secret::new(PRIVATE_KEY.to_vec()),
    )
    .expect("a key");
    let in_instance = instance::Unsigned {
        api: instance::Api::GetSecretValue,
        host: "kst-hzz1.cryptoservice.kms.aliyuncs.com",
        user_agent: "kms-client/0.1.0",
        now: call.now,
        body: b"\x0a\x06app/db",
    };

    let verify = |request: &RawRequest<'_>| {
        let claim = Claim::parse(request).expect("a claim");
        claim.verify(&key.access_key_secret).expect("signed");
    };
    let verify_rsa = |request: &RawRequest<'_>| {
        let claim = Claim::parse(request).expect("a claim");
        claim.verify_rsa(PUBLIC_KEY).expect("signed");
    };
    let verify_instance = |request: &RawRequest<'_>| {
        let claim = instance::Claim::parse(request).expect("a claim");
        claim.verify(PUBLIC_KEY).expect("signed");
    };
    let rsa = || sign_rpc_rsa(&call, &client_key).expect("a signature");
    let instance = || instance::sign(&in_instance, &client_key).expect("a signature");
    measure("V1 HMAC-SHA1", time, || sign_rpc(&call, &key), verify)?;
    measure("V1 SHA256withRSA", time, rsa, verify_rsa)?;
    measure(
        "V3 ACS3-HMAC-SHA256",
        time,
        || sign_acs3(&call, &key),
        verify,
    )?;
    let acs4 = || sign_acs4(&call, "cn-hangzhou", Product::Kms, &key);
    measure("V4 ACS4-HMAC-SHA256", time, acs4, verify)?;
    measure(
        "instance RSA_PKCS1_SHA_256",
        time,
        instance,
        verify_instance,
    )
}

fn measure(
    scheme: &str,
    time: Duration,
    sign: impl Fn() -> SignedRequest,
    verify: impl Fn(&RawRequest<'_>),
) -> io::Result<()> {
    let signed = sign();
    let headers: Vec<(&str, &[u8])> = signed
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    let (path, query) = signed
        .target
        .split_once('?')
        .unwrap_or((&signed.target, ""));
    let request = RawRequest {
        method: signed.method,
        path,
        query,
        headers: &headers,
        body: &signed.body,
    };
    for _ in 0..WARM {
        drop(sign());
        verify(&request);
    }
    let before = resident()?;
    let signs = per_second(time, || drop(sign()));
    let verifies = per_second(time, || verify(&request));
    let grown = resident()?.saturating_sub(before);
    writeln!(
        io::stdout(),
        "{}",
        serde_json::json!({"scheme": scheme, "signs": signs, "verifies": verifies, "grown": grown})
    )
}

/// How often in a second.
fn per_second(time: Duration, work: impl Fn()) -> u64 {
    let clock = SystemClock;
    let start = clock.monotonic();
    let mut count = 0_u64;
    loop {
        for _ in 0..64 {
            work();
        }
        count += 64;
        let took = clock.monotonic().saturating_sub(start);
        if took >= time {
            let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
            return count.saturating_mul(1_000_000) / micros.max(1);
        }
    }
}

/// Resident memory of this process in KiB.
fn resident() -> io::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"))
        .and_then(|text| text.trim().parse().ok());
    kib.ok_or_else(|| io::Error::other("the system does not say how large the process is"))
}
