use serde_json::json;

use super::read;

#[test]
fn an_answer_is_its_body() {
    let answer = b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{\"sealed\":false}\n";
    assert_eq!(read(answer).unwrap(), json!({"sealed": false}));
    assert!(read(b"HTTP/1.0 204 No Content\r\n\r\n").unwrap().is_null());
}

#[test]
fn a_refusal_is_an_error_that_says_why() {
    let answer = b"HTTP/1.0 400 Bad Request\r\n\r\n{\"errors\":[\"no\"]}\n";
    let said = read(answer).unwrap_err().to_string();
    assert_eq!(said, r#"400: {"errors":["no"]}"#);
    assert!(read(b"").is_err());
}
