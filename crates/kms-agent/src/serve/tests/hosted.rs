//! The route of CredentialsURI.

use serde_json::{Value, json};

use super::{Running, TOKEN, answer, double, double::SECRET_HALF};
use crate::UriToken;

const NAME: &str = "acs/ram/user/app";

fn agent(token: UriToken) -> Running {
    let agent = Running::with(|settings| {
        settings.server.credentials_uri_secrets =
            vec![NAME.parse().unwrap(), "plain".parse().unwrap()];
        settings.server.credentials_uri_token = token;
    });
    agent.kms.host(NAME, "LTAI5tOld", None);
    agent
}

/// Without a header of ours, as an SDK asks that was given a URL.
async fn bare(agent: &Running, target: &str) -> (u16, Value) {
    use std::io::Write;
    let port = agent.address.port();
    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
    let mut stream = std::net::TcpStream::connect(agent.address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let response = answer(stream).await;
    (
        response.status,
        serde_json::from_slice(&response.body).unwrap(),
    )
}

fn good(id: &str, expiration: &str) -> Value {
    json!({
        "Code": "Success", "AccessKeyId": id, "AccessKeySecret": SECRET_HALF,
        "SecurityToken": "", "Expiration": expiration,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_stands_where_the_configuration_says_and_on_this_route_alone() {
    let target = format!("/credentials/{NAME}");
    let in_query = format!("{target}?token={TOKEN}");
    let in_path = format!("/credentials/{TOKEN}/{NAME}");
    let encoded = in_query
        .replace("the-token", "the%2Dtoken")
        .replace("ram/", "ram%2F");
    for (token, rows) in [
        (UriToken::Header, [403, 403, 403, 403]),
        (UriToken::Query, [403, 200, 403, 200]),
        (UriToken::Path, [403, 403, 200, 403]),
    ] {
        let agent = agent(token);
        for (target, status) in [&target, &in_query, &in_path, &encoded]
            .into_iter()
            .zip(rows)
        {
            assert_eq!(bare(&agent, target).await.0, status, "{token:?} {target}");
        }
        let with_header = agent.get(&target).await.status;
        // There the first segment is the token, and a second token in the header.
        let expected = if token == UriToken::Path { 400 } else { 200 };
        assert_eq!(with_header, expected, "{token:?}");
        for elsewhere in [
            format!("/v1/{NAME}?token={TOKEN}"),
            format!("/v1/{TOKEN}/{NAME}"),
            format!("/secretsmanager/get?secretId={NAME}&token={TOKEN}"),
        ] {
            assert_eq!(
                bare(&agent, &elsewhere).await.0,
                403,
                "{token:?} {elsewhere}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_key_there_is_no_such_route() {
    let agent = Running::with(|_| {});
    assert_eq!(agent.get(&format!("/credentials/{NAME}")).await.status, 404);
    let target = format!("/credentials/{NAME}?token={TOKEN}");
    assert_eq!(bare(&agent, &target).await.0, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_ends_a_little_after_the_agents_next_look() {
    let agent = agent(UriToken::Query);
    let target = format!("/credentials/{NAME}?token={TOKEN}");
    // 07:59:17, the agent's 5 min, and 200 s.
    let expected = good("LTAI5tOld", "2025-01-03T08:07:37Z");
    assert_eq!(bare(&agent, &target).await, (200, expected.clone()));
    agent.pass(299);
    assert_eq!(bare(&agent, &target).await, (200, expected));
    assert_eq!(agent.kms.calls(), 1);
    // A rotation that was announced: the agent looks a minute after it.
    agent
        .kms
        .host(NAME, "LTAI5tNew", Some("2025-01-03T08:05:17Z"));
    agent.pass(1);
    let expected = good("LTAI5tNew", "2025-01-03T08:09:37Z");
    assert_eq!(bare(&agent, &target).await, (200, expected));
    agent.kms.host(NAME, "LTAI5tNewer", None);
    agent.pass(119);
    assert_eq!(bare(&agent, &target).await.1["AccessKeyId"], "LTAI5tNew");
    agent.pass(1);
    assert_eq!(bare(&agent, &target).await.1["AccessKeyId"], "LTAI5tNewer");
    // KMS is gone: the key in hand is still good, and its end still lies ahead.
    agent.kms.fail(Some(double::unreachable()));
    agent.pass(3600);
    let expected = good("LTAI5tNewer", "2025-01-03T09:09:37Z");
    assert_eq!(bare(&agent, &target).await, (200, expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_listed_and_only_access_keys() {
    let agent = agent(UriToken::Query);
    agent.kms.host("other", "LTAI5tOther", None);
    let ask = async |name: &str| bare(&agent, &format!("/credentials/{name}?token={TOKEN}")).await;
    for name in [
        "other",
        "",
        "acs:kms:cn-hangzhou:1234567890123456:secret/acs/ram/user/app",
    ] {
        let (status, said) = ask(name).await;
        assert!(matches!(status, 400 | 404), "{name} {status} {said}");
    }
    assert_eq!(ask("other").await.1["Code"], "not-offered");
    assert_eq!(agent.kms.calls(), 0, "KMS is not asked");
    let (status, said) = ask("plain").await;
    assert_eq!((status, &said["Code"]), (502, &json!("NoAccessKey")));
    assert!(!said.to_string().contains("plain 1"), "{said}");
    // Who has no token does not learn what is listed.
    for name in ["other", NAME] {
        let (status, said) = bare(&agent, &format!("/credentials/{name}?token=x")).await;
        assert_eq!((status, &said["Code"]), (403, &json!("wrong-token")));
    }
    agent
        .kms
        .fail_for(NAME, double::refused(403, "Forbidden.NoPermission"));
    let (status, said) = ask(NAME).await;
    assert_eq!(
        (status, &said["Code"]),
        (403, &json!("Forbidden.NoPermission"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_names_the_place_of_the_token_and_never_the_token() {
    for (token, place) in [(UriToken::Query, "query"), (UriToken::Path, "path")] {
        let agent = agent(token);
        let target = match token {
            UriToken::Path => format!("/credentials/{TOKEN}/{NAME}"),
            _ => format!("/credentials/{NAME}?token={TOKEN}"),
        };
        assert_eq!(bare(&agent, &target).await.0, 200);
        let wrong = target.replace(TOKEN, "almost-the-token-of-this-test");
        assert_eq!(bare(&agent, &wrong).await.0, 403);
        let twice = format!("{target}&token={TOKEN}").replacen(
            '&',
            if place == "path" { "?" } else { "&" },
            1,
        );
        bare(&agent, &twice).await;
        let lines = agent.audit.lines();
        assert_eq!(lines[0]["header"], place);
        assert_eq!(lines[0]["secret"], NAME);
        assert_eq!(lines[1]["outcome"], "wrong-token");
        let all = serde_json::to_string(&lines).unwrap();
        assert!(!all.contains("token-of-this-test"), "{all}");
        assert!(!all.contains(SECRET_HALF));
    }
}
