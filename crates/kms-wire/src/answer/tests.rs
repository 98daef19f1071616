use std::{fs, path::PathBuf};

use kms_types::{ErrorCode, RequestId, Secret};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::{Format, render, render_error};
use crate::{
    ApiError, ErrorBody, Operation, RawRequest,
    request::{self, Action},
    response,
};

fn id() -> RequestId {
    "0d2d3a0e-5c1f-4b3a-9a52-6f0c8f7a1b2c".parse().unwrap()
}

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests/response", name]
        .iter()
        .collect()
}

fn read(name: &str) -> String {
    let text = fs::read_to_string(file(name)).unwrap_or_else(|why| panic!("{name}: {why}"));
    text.trim_end_matches('\n').to_owned()
}

/// Reads the JSON as a client would, writes it as the server would.
fn check<T: Serialize + DeserializeOwned>(name: &str, action: Action) {
    let json = read(&format!("{name}.json"));
    let answer: T = serde_json::from_str(&json).unwrap_or_else(|why| panic!("{name}: {why}"));
    let root = format!("{}Response", action.as_str());
    let written = render(Format::Json, &root, id(), &answer).unwrap();
    assert_eq!(String::from_utf8(written).unwrap(), json, "{name}");
    let written =
        render(Format::Xml, &root, id(), &answer).unwrap_or_else(|why| panic!("{name}: {why:?}"));
    assert_eq!(
        String::from_utf8(written).unwrap(),
        read(&format!("{name}.xml")),
        "{name}"
    );
}

#[test]
fn golden() {
    macro_rules! check_all {
        ($($name:ident)*) => {
            $(check::<<request::$name as Operation>::Response>(
                stringify!($name),
                <request::$name as Operation>::ACTION,
            );)*
            const CHECKED: &[&str] = &[$(stringify!($name)),*];
        };
    }
    check_all!(
        CreateApplicationAccessPoint CreateClientKey CreateNetworkRule CreatePolicy CreateSecret
        DeleteApplicationAccessPoint DeleteClientKey DeleteNetworkRule DeletePolicy DeleteSecret
        DescribeApplicationAccessPoint DescribeNetworkRule DescribePolicy DescribeSecret
        GetClientKey GetKmsInstance GetRandomPassword GetSecretValue ListApplicationAccessPoints
        ListClientKeys ListKmsInstances ListNetworkRules ListPolicies ListSecretVersionIds
        ListSecrets PutSecretValue RestoreSecret UpdateApplicationAccessPoint UpdateNetworkRule
        UpdatePolicy UpdateSecret UpdateSecretVersionStage AssumeRole AssumeRoleWithOIDC
        GetCallerIdentity CreateRole DeleteRole GetRole ListRoles UpdateRole CreateOIDCProvider
        DeleteOIDCProvider GetOIDCProvider ListOIDCProviders UpdateOIDCProvider
        AddUserToGroup AttachPolicyToGroup AttachPolicyToRole AttachPolicyToUser CreateAccessKey
        CreateGroup CreatePolicyVersion CreateUser DeleteAccessKey DeleteGroup DeletePolicyVersion
        DeleteUser DetachPolicyFromGroup DetachPolicyFromRole DetachPolicyFromUser
        GetAccessKeyLastUsed GetGroup GetPolicy GetPolicyVersion GetUser ListAccessKeys
        ListEntitiesForPolicy ListGroups ListGroupsForUser ListPoliciesForGroup
        ListPoliciesForRole ListPoliciesForUser ListPolicyVersions ListUsers ListUsersForGroup
        RamCreatePolicy RamDeletePolicy RamListPolicies RamListTagResources RemoveUserFromGroup
        SetDefaultPolicyVersion UpdateAccessKey UpdateUser DeleteLoginProfile GetLoginProfile
        GetUserMFAInfo UnbindMFADevice UpdateGroup UpdatePolicyDescription
        AddClientIdToOIDCProvider AddFingerprintToOIDCProvider RemoveClientIdFromOIDCProvider
        RemoveFingerprintFromOIDCProvider
        AsymmetricDecrypt AsymmetricEncrypt AsymmetricSign AsymmetricVerify CancelKeyDeletion
        CreateAlias CreateKey CreateKeyVersion Decrypt DeleteAlias DeleteKeyMaterial DescribeKey
        DescribeKeyVersion DisableKey EnableKey Encrypt ExportDataKey GenerateAndExportDataKey
        GenerateDataKey GenerateDataKeyWithoutPlaintext GenerateMac GetKeyPolicy
        GetParametersForImport GetPublicKey ImportKeyMaterial ListAliases ListAliasesByKeyId
        ListKeyVersions ListKeys ReEncrypt ScheduleKeyDeletion SetDeletionProtection SetKeyPolicy
        UpdateAlias UpdateKeyDescription UpdateRotationPolicy VerifyMac ListResourceTags
        ListTagResources TagResource TagResources UntagResource UntagResources
        BatchGetSecretValue ConnectKmsInstance DescribeAccountKmsStatus DescribeRegions
        GetChallenge GetDefaultKmsInstance GetKmsInstanceQuotaInfos GetManagedDataKey
        GetSecretPolicy ListManagedDataKeyVersions OpenKmsService ReleaseKmsInstance
        RotateSecret SetSecretPolicy UpdateKmsInstanceBindVpc UpdateSecretRotationPolicy
        AssociateResourceShare CheckSharingWithResourceDirectoryStatus CreateFolder
        CreateResourceAccount CreateResourceShare DeleteFolder DeleteResourceShare
        DeregisterDelegatedAdministrator DestroyResourceDirectory DisassociateResourceShare
        EnableResourceDirectory EnableSharingWithResourceDirectory GetAccount GetFolder
        GetPermission GetResourceDirectory InitResourceDirectory InviteAccountToResourceDirectory
        ListAccounts ListAccountsForParent ListAncestors ListDelegatedAdministrators
        ListFoldersForParent ListPermissions ListResourceShareAssociations
        ListResourceSharePermissions ListResourceShares ListSharedResources ListSharedTargets
        MoveAccount RegisterDelegatedAdministrator UpdateFolder UpdateResourceShare
        RotateSecret SetSecretPolicy UpdateKmsInstance UpdateKmsInstanceBindVpc
        UpdateSecretRotationPolicy
        AcceptVpcPeerConnection AddZone AddZoneRecord
        AttachCenChildInstance BindZoneVpc CreateCen
        CreateVSwitch CreateVpc CreateVpcPeerConnection
        DeleteCen DeleteVSwitch DeleteVpc
        DeleteVpcPeerConnection DeleteZone DeleteZoneRecord
        DescribeCenAttachedChildInstanceAttribute DescribeCenAttachedChildInstances DescribeCens
        DescribeGrantRulesToCen DescribeRouteTableList DescribeSyncEcsHostTask
        DescribeVSwitchAttributes DescribeVSwitches DescribeVpcAttribute
        DescribeVpcs DescribeZoneInfo DescribeZoneRecords
        DescribeZones DetachCenChildInstance GetVpcPeerConnectionAttribute
        GrantInstanceToCen ListVpcPeerConnections ModifyVSwitchAttribute
        ModifyVpcAttribute PvtzListTagResources RevokeInstanceFromCen
        SetZoneRecordStatus UpdateZoneRecord
        ActiveConfigRules CreateConfigRule DeleteConfigRules GetConfigRule
        ListConfigRuleEvaluationResults ListConfigRules StartConfigRuleEvaluation StopConfigRules
        UpdateConfigRule Config2019ActiveConfigRules Config2019DeleteConfigRules
        Config2019StopConfigRules DescribeSystemEventAttribute CreateConfigDeliveryChannel
        DeleteConfigDeliveryChannel GetConfigDeliveryChannel ListConfigDeliveryChannels
        UpdateConfigDeliveryChannel
        ActiveAggregateConfigRules CreateAggregateConfigRule CreateAggregator
        DeactiveAggregateConfigRules DeleteAggregateConfigRules DeleteAggregators
        GetAggregateConfigRule GetAggregator ListAggregateConfigRuleEvaluationResults
        ListAggregateConfigRules ListAggregators StartAggregateConfigRuleEvaluation
        UpdateAggregateConfigRule UpdateAggregator
        CreateAggregateConfigDeliveryChannel DeleteAggregateConfigDeliveryChannel
        GetAggregateConfigDeliveryChannel ListAggregateConfigDeliveryChannels
        UpdateAggregateConfigDeliveryChannel
        ImsListTagResources ImsTagResources ImsUntagResources
        CreateResourceGroup DeleteResourceGroup GetResourceGroup ListResourceGroups
        ListResources MoveResources UpdateResourceGroup
        CreateInstance ModifyInstance QueryAvailableInstances RefundInstance RenewInstance
        SetRenewal
    );
    for action in Action::ALL {
        assert!(CHECKED.contains(&action.type_name()), "{action:?}");
    }
}

fn value(data: &str) -> response::GetSecretValue {
    let json = serde_json::json!({"SecretName": "a", "SecretData": data, "VersionId": "v1"});
    serde_json::from_value(json).unwrap()
}

#[test]
fn absent_lists_are_empty_and_absent_options_are_not_there() {
    let json = render(Format::Json, "R", id(), &value("x")).unwrap();
    assert_eq!(
        String::from_utf8(json).unwrap(),
        r#"{"SecretName":"a","SecretType":"","SecretData":"x","SecretDataType":"text","VersionId":"v1","VersionStages":{"VersionStage":[]},"CreateTime":"","RequestId":"0d2d3a0e-5c1f-4b3a-9a52-6f0c8f7a1b2c"}"#
    );
}

#[test]
fn json_is_raw_utf_8() {
    let data = "密码 <b>&amp; é😀 \"q\" \\ \u{7f} \u{2028} \r\n\t";
    let json = render(Format::Json, "R", id(), &value(data)).unwrap();
    let json = String::from_utf8(json).unwrap();
    assert!(
        json.contains("密码 <b>&amp; é😀 \\\"q\\\" \\\\ \u{7f} \u{2028} \\r\\n\\t"),
        "{json}"
    );
    assert!(!json.contains("\\u"), "{json}");
}

#[test]
fn xml_carries_what_it_can_and_refuses_the_rest() {
    let xml = render(Format::Xml, "R", id(), &value("a<b>&\"c'\r\n\t]]>")).unwrap();
    let xml = String::from_utf8(xml).unwrap();
    assert!(
        xml.contains("<SecretData>a&lt;b&gt;&amp;\"c'&#13;\n\t]]&gt;</SecretData>"),
        "{xml}"
    );
    for bad in ["\0", "\u{1}", "\u{b}", "\u{1f}", "\u{fffe}", "\u{ffff}"] {
        let refused = render(Format::Xml, "R", id(), &value(bad)).unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidParameter, "{bad:?}");
        assert!(refused.message.contains("\"Format\""), "{refused}");
        render(Format::Json, "R", id(), &value(bad)).unwrap();
    }
}

#[test]
fn errors_in_both_formats() {
    let error = ApiError::new(ErrorCode::Throttling, "Slow <down> & \u{1}wait.");
    let json = render_error(Format::Json, &error, id(), "127.0.0.1:9470");
    assert_eq!(
        String::from_utf8(json).unwrap(),
        r#"{"Code":"Rejected.Throttling","Message":"Slow <down> & \u0001wait.","RequestId":"0d2d3a0e-5c1f-4b3a-9a52-6f0c8f7a1b2c","HostId":"127.0.0.1:9470","Recommend":"","HttpStatus":429}"#
    );
    let xml = render_error(Format::Xml, &error, id(), "127.0.0.1:9470");
    assert_eq!(
        String::from_utf8(xml).unwrap(),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>Rejected.Throttling</Code>\
         <Message>Slow &lt;down&gt; &amp; \u{fffd}wait.</Message>\
         <RequestId>0d2d3a0e-5c1f-4b3a-9a52-6f0c8f7a1b2c</RequestId>\
         <HostId>127.0.0.1:9470</HostId><Recommend></Recommend><HttpStatus>429</HttpStatus></Error>"
    );
}

#[test]
fn the_caller_sees_the_string_to_sign_at_the_messages_end() {
    let error = ApiError::signature_mismatch(Secret::from("POST&%2F&A%3DB"));
    let body = render_error(Format::Json, &error, id(), "h");
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        body["Message"],
        "Specified signature is not matched with our calculation. server string to sign is:POST&%2F&A%3DB"
    );
    let body = render_error(Format::Json, &error, id(), "h");
    let read = ErrorBody::parse(&body).unwrap();
    assert_eq!(
        read.message,
        "Specified signature is not matched with our calculation."
    );
}

#[test]
fn the_format_is_asked_for_in_any_case() {
    for text in ["XML", "xml", "Xml"] {
        assert_eq!(Format::parse(Some(text)), Format::Xml);
    }
    for text in [None, Some(""), Some("JSON"), Some("json"), Some("yaml")] {
        assert_eq!(Format::parse(text), Format::Json);
    }
}

#[test]
fn a_refused_request_still_has_a_format() {
    let headers: &[(&str, &[u8])] = &[("content-type", b"application/x-www-form-urlencoded")];
    let request = |query, body| RawRequest {
        method: "POST",
        path: "/",
        query,
        headers,
        body,
    };
    assert_eq!(Format::asked(&request("Format=xml", b"")), Format::Xml);
    assert_eq!(
        Format::asked(&request("", b"Format=XML&Action=Nope")),
        Format::Xml
    );
    assert_eq!(
        Format::asked(&request("Format=XML", b"Format=XML")),
        Format::Json
    );
}

proptest! {
    #[test]
    fn what_is_rendered_reads_back(data in "(?s).{0,60}", stages in prop::collection::vec("\\PC{0,8}", 0..4)) {
        let mut answer = value(&data);
        answer.version_stages.version_stage = stages;
        let json = render(Format::Json, "R", id(), &answer).unwrap();
        let read: response::GetSecretValue = serde_json::from_slice(&json).unwrap();
        prop_assert_eq!(read.secret_data.expose(), &data);
        prop_assert_eq!(&read.version_stages, &answer.version_stages);
        prop_assert_eq!(read.request_id, id().to_string());

        // An independent reader of XML finds the same value, or there is none.
        if let Ok(xml) = render(Format::Xml, "R", id(), &answer) {
            let xml = String::from_utf8(xml).unwrap();
            prop_assert_eq!(text_of(&xml, "SecretData"), data);
        } else {
            let all = data + &answer.version_stages.version_stage.concat();
            prop_assert!(all.contains(xml_cannot_carry));
        }
    }
}

fn xml_cannot_carry(character: char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// The text in the first element of that name, read by quick-xml's event reader.
fn text_of(xml: &str, name: &str) -> String {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut inside, mut text) = (false, String::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) if start.name().as_ref() == name => inside = true,
            Event::End(end) if end.name().as_ref() == name => return text,
            Event::Text(piece) if inside => text.push_str(&piece.xml10_content()),
            Event::GeneralRef(entity) if inside => match entity.resolve_char_ref().unwrap() {
                Some(character) => text.push(character),
                None => {
                    text.push_str(quick_xml::escape::resolve_predefined_entity(&entity).unwrap());
                }
            },
            Event::Eof => panic!("no {name} in {xml}"),
            _ => {}
        }
    }
}
