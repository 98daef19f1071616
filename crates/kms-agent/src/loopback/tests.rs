use super::*;

#[test]
fn only_this_machine_is_an_agents_place() {
    for (text, shown) in [
        ("http://localhost:2025", "http://localhost:2025"),
        ("http://localhost:2025/", "http://localhost:2025"),
        ("localhost:2025", "http://localhost:2025"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1"),
        ("http://[::1]:2025", "http://[::1]:2025"),
        ("http://localhost", "http://localhost:80"),
    ] {
        assert_eq!(
            text.parse::<AgentUrl>().unwrap().to_string(),
            shown,
            "{text}"
        );
    }
    for text in [
        "",
        "http://",
        "https://localhost:2025",
        "http://example.com:2025",
        "http://10.0.0.1:2025",
        "http://localhost.evil.com:2025",
        "http://localhost@evil.com:2025",
        "http://user@localhost:2025",
        "http://localhost:2025/v1/",
        "http://localhost:2025?x",
        "http://localhost:99999",
        "file:///run/agent",
    ] {
        assert_eq!(text.parse::<AgentUrl>(), Err(ParseAgentUrlError), "{text}");
    }
}

#[test]
fn localhost_is_both_addresses() {
    let url: AgentUrl = "http://localhost:2025".parse().unwrap();
    assert_eq!(url, AgentUrl::at_port(2025));
    assert_eq!(
        url.addresses,
        [
            "127.0.0.1:2025".parse().unwrap(),
            "[::1]:2025".parse().unwrap()
        ]
    );
}
