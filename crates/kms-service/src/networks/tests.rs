//! Networks by the public API, with what is expected written down by hand.

use kms_types::ErrorCode;
use serde_json::{Value, json};

use crate::stand::{ACCOUNT, Stand, account};

mod admission;
mod connections;
mod limits;
mod names;
mod vpcs;
mod vswitches;
mod zones;

/// A VPC of these addresses.
async fn vpc(stand: &Stand, block: &str) -> String {
    let answer = stand.call("CreateVpc", &[("CidrBlock", block)]).await;
    text(&answer.unwrap(), "VpcId")
}

/// A vSwitch of these addresses in it.
async fn vswitch(stand: &Stand, vpc: &str, block: &str) -> Result<String, ErrorCode> {
    let params = [
        ("VpcId", vpc),
        ("CidrBlock", block),
        ("ZoneId", "cn-hangzhou-k"),
    ];
    let answer = stand.call("CreateVSwitch", &params).await?;
    Ok(text(&answer, "VSwitchId"))
}

fn text(answer: &Value, name: &str) -> String {
    answer[name].as_str().unwrap().to_owned()
}
