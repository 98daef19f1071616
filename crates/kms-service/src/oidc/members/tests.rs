use kms_types::ErrorCode;

use crate::stand::Stand;

const FIRST: &str = "902ef2deeb3c5b13ea4c3d5193629309e231ae55";

async fn stand(fingerprints: &str) -> Stand {
    let stand = Stand::new().await;
    let mut params = vec![
        ("OIDCProviderName", "c1"),
        ("IssuerUrl", "https://issuer.example"),
        ("ClientIds", "a"),
    ];
    if !fingerprints.is_empty() {
        params.push(("Fingerprints", fingerprints));
    }
    stand.call("CreateOIDCProvider", &params).await.unwrap();
    stand
}

/// The field of the provider behind the call.
async fn change(
    stand: &Stand,
    action: &str,
    member: (&str, &str),
    field: &str,
) -> Result<String, ErrorCode> {
    let params = [("OIDCProviderName", "c1"), member];
    let answer = stand.call(action, &params).await?;
    let name = [("OIDCProviderName", "c1")];
    assert_eq!(stand.call("GetOIDCProvider", &name).await.unwrap(), answer);
    Ok(answer["OIDCProvider"][field].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn clients_come_and_go() {
    let stand = stand("").await;
    for (action, client, left) in [
        ("AddClientIdToOIDCProvider", "b", "a,b"),
        ("AddClientIdToOIDCProvider", "a", "a,b"),
        ("AddClientIdToOIDCProvider", "B", "a,b,B"),
        ("RemoveClientIdFromOIDCProvider", "a", "b,B"),
        ("RemoveClientIdFromOIDCProvider", "a", "b,B"),
        ("RemoveClientIdFromOIDCProvider", "b", "B"),
        ("RemoveClientIdFromOIDCProvider", "B", ""),
    ] {
        let clients = change(&stand, action, ("ClientId", client), "ClientIds").await;
        assert_eq!(clients.as_deref(), Ok(left), "{action} {client}");
    }
    let action = "AddClientIdToOIDCProvider";
    for number in 1..=51 {
        let client = format!("c{number}");
        let clients = change(&stand, action, ("ClientId", &client), "ClientIds").await;
        let expected = (number == 51).then_some(ErrorCode::InvalidParameter);
        assert_eq!(clients.err(), expected, "{number}");
    }
}

#[tokio::test]
async fn fingerprints_come_and_go_but_the_last() {
    let stand = stand(FIRST).await;
    let second = "ab".repeat(32);
    let both = format!("{FIRST},{second}");
    let (add, remove) = (
        "AddFingerprintToOIDCProvider",
        "RemoveFingerprintFromOIDCProvider",
    );
    for (action, fingerprint, left) in [
        (remove, FIRST, Err(ErrorCode::InvalidParameter)),
        (remove, &second, Ok(FIRST)),
        (add, &second, Ok(both.as_str())),
        (add, &second.to_uppercase(), Ok(&both)),
        (remove, &FIRST.to_uppercase(), Ok(&second)),
        (remove, FIRST, Ok(&second)),
        (remove, &second, Err(ErrorCode::InvalidParameter)),
    ] {
        let member = ("Fingerprint", fingerprint);
        let all = change(&stand, action, member, "Fingerprints").await;
        assert_eq!(all.as_deref().map_err(|code| *code), left, "{action}");
    }
    for number in 2..=6 {
        let fingerprint = format!("{number}").repeat(40);
        let member = ("Fingerprint", fingerprint.as_str());
        let all = change(&stand, add, member, "Fingerprints").await;
        let expected = (number == 6).then_some(ErrorCode::InvalidParameter);
        assert_eq!(all.err(), expected, "{number}");
    }
}

#[tokio::test]
async fn one_without_fingerprints_has_none_to_lose() {
    let stand = stand("").await;
    let member = ("Fingerprint", FIRST);
    let remove = "RemoveFingerprintFromOIDCProvider";
    let all = change(&stand, remove, member, "Fingerprints").await;
    assert_eq!(all.as_deref(), Ok(""));
    let all = change(
        &stand,
        "AddFingerprintToOIDCProvider",
        member,
        "Fingerprints",
    )
    .await;
    assert_eq!(all.as_deref(), Ok(FIRST));
}

#[tokio::test]
async fn there_has_to_be_a_provider() {
    let stand = Stand::new().await;
    for (action, member) in [
        ("AddClientIdToOIDCProvider", ("ClientId", "a")),
        ("RemoveClientIdFromOIDCProvider", ("ClientId", "a")),
        ("AddFingerprintToOIDCProvider", ("Fingerprint", FIRST)),
        ("RemoveFingerprintFromOIDCProvider", ("Fingerprint", FIRST)),
    ] {
        let answer = stand
            .call(action, &[("OIDCProviderName", "c1"), member])
            .await;
        assert_eq!(answer, Err(ErrorCode::OidcProviderNotFound), "{action}");
    }
}
