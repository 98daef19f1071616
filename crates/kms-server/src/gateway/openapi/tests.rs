use kms_types::ErrorCode;
use kms_wire::Format;

use super::{Call, apart};

#[tokio::test]
async fn a_defect_is_an_answer() {
    let call = apart(async { panic!("canary") }).await;
    assert_eq!(call.result.unwrap_err().code, ErrorCode::InternalFailure);
    assert_eq!(call.format, Format::Json);
    assert_eq!(call.principal, None);
    let _: Option<Call> = None;
}
