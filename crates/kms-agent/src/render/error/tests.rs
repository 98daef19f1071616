use super::*;

fn body(status: u16, response_type: ResponseType) -> serde_json::Value {
    let failure = Failure {
        status,
        code: "Forbidden.NoPermission",
        message: "say \"please\"\n",
        request_id: "r-1",
    };
    serde_json::from_slice(&error(&failure, response_type)).unwrap()
}

#[test]
fn each_kind_of_client_gets_its_own_shape() {
    let kms = body(403, ResponseType::Kms);
    assert_eq!(kms["Code"], "Forbidden.NoPermission");
    assert_eq!(kms["Message"], "say \"please\"\n");
    assert_eq!(kms["RequestId"], "r-1");
    assert_eq!(kms["HttpStatus"], 403);
    assert_eq!(
        body(403, ResponseType::Aws),
        json!({"__type": "AccessDeniedException", "message": "say \"please\"\n"})
    );
    assert_eq!(
        body(403, ResponseType::Vault),
        json!({"errors": ["Forbidden.NoPermission: say \"please\"\n"]})
    );
    assert_eq!(body(404, ResponseType::Vault), json!({"errors": []}));
}
