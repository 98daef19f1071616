use super::*;

fn refusal(body: &str) -> RawResponse {
    RawResponse {
        status: 404,
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
    }
}

#[test]
fn knows_whose_call_it_is() {
    for request in [
        "POST /?Action=GetCallerIdentity&AccessKeyId=LTAIexample&Format=JSON HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 50\r\n\r\nSignatureNonce=1&AccessKeyId=LTAIexample",
        "POST / HTTP/1.1\r\nAuthorization: ACS3-HMAC-SHA256 Credential=LTAIexample,SignedHeaders=host\r\n\r\n",
    ] {
        assert_eq!(access_key_id(request), "LTAIexample", "{request}");
    }
    assert_eq!(access_key_id("GET / HTTP/1.1\r\n\r\n"), "");
}

#[test]
fn counts_answers_and_refusals_by_their_code() {
    let mut calls = Calls::default();
    calls.note(&RawResponse {
        status: 200,
        ..RawResponse::default()
    });
    calls.note(&refusal(r#"{"Code":"InvalidAccessKeyId.NotFound"}"#));
    calls.note(&refusal(
        "<Error><Code>SignatureDoesNotMatch</Code></Error>",
    ));
    calls.note(&refusal("gone"));
    let refused = [
        "InvalidAccessKeyId.NotFound",
        "SignatureDoesNotMatch",
        "status 404",
    ];
    assert_eq!(calls.answered, 1);
    assert_eq!(
        calls.refused,
        refused.map(|code| (code.to_owned(), 1)).into()
    );
}
