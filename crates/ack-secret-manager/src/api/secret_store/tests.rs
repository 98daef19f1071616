use serde_json::json;

use super::*;

#[test]
fn the_misspelt_role_is_the_role() {
    for (auth, expected) in [
        (json!({"remoteRamRoleArn": "a"}), "a"),
        (json!({"remoteRamRoleARN": "b"}), "b"),
        (
            json!({"remoteRamRoleArn": "a", "remoteRamRoleARN": "b"}),
            "b",
        ),
        (
            json!({"remoteRamRoleArn": "a", "remoteRamRoleARN": ""}),
            "a",
        ),
    ] {
        let spec: SecretStoreSpec = serde_json::from_value(json!({
            "KMS": {"KMSAuth": auth},
            "OOS": {"OOSAuth": auth},
        }))
        .unwrap();
        let kms = spec.kms.unwrap().auth.unwrap();
        assert_eq!(kms.remote_ram_role_arn, expected, "{auth}");
        assert_eq!(spec.oos.unwrap().auth.unwrap(), kms, "{auth}");
        assert!(!serde_json::to_string(&kms).unwrap().contains("Arn"));
    }
}
