//! What arrives at each kind of place.

use super::*;

#[tokio::test]
async fn logs_have_a_field_for_each_of_the_findings_own() {
    let scene = Scene::new().await;
    let target = format!("acs:log:cn-hangzhou:{ACCOUNT}:project/audit/logstore/findings");
    scene.channel("SLS", &target, &[]).await;
    scene.findings(1).await;
    let deliveries = scene.open(&format!(
        "[[delivery]]\ntarget = \"{target}\"\nservice = \"sls\"\nendpoint = \"STORAGE\"\n\
         path_style = true\naccess_key_file = \"KEY\"\n"
    ));
    scene.round(&deliveries, &scene.counts()).await;
    let taken = scene.storage.taken();
    assert!(!taken.is_empty());
    assert_eq!(taken[0].path, "/logstores/findings/shards/lb");
    assert!(taken[0].header("host").starts_with("audit.127.0.0.1:"));
    let group = LogGroup::decode(&*taken[0].body).unwrap();
    assert_eq!(group.topic.as_deref(), Some("NonCompliantNotification"));
    assert_eq!(group.source.as_deref(), Some("kms-server"));
    let log = &group.logs[0];
    assert_eq!(log.time, 1_795_608_000 + 49 * 3600);
    let field = |key: &str| {
        let mut contents = log.contents.iter();
        contents.find(|one| one.key == key).unwrap().value.clone()
    };
    assert_eq!(field("accountId"), ACCOUNT);
    assert_eq!(field("eventName"), "NonCompliant");
    let annotation: Value = serde_json::from_str(&field("annotation")).unwrap();
    assert_eq!(annotation["desiredValue"], "1");
    assert!(field("evaluationResultIdentifier").contains("configRuleId"));
    scene.kms.backend.close().await;
}

#[tokio::test]
async fn a_bucket_of_s3_may_stand_for_a_store_of_logs() {
    let scene = Scene::new().await;
    let target = format!("acs:log:cn-hangzhou:{ACCOUNT}:project/audit/logstore/findings");
    scene.channel("SLS", &target, &[]).await;
    scene.findings(1).await;
    let deliveries = scene.open(&format!(
        "[[delivery]]\ntarget = \"{target}\"\nservice = \"s3\"\nendpoint = \"STORAGE\"\n\
         bucket = \"own-audit\"\nregion = \"eu-central-1\"\nprefix = \"kms\"\n\
         encryption = \"AES256\"\npath_style = true\naccess_key_file = \"KEY\"\n"
    ));
    scene.round(&deliveries, &scene.counts()).await;
    let taken = scene.storage.taken();
    assert!(!taken.is_empty());
    assert!(
        taken[0].path.starts_with("/own-audit/kms/"),
        "{}",
        taken[0].path
    );
    assert_eq!(taken[0].header("x-amz-server-side-encryption"), "AES256");
    assert!(
        taken[0]
            .header("authorization")
            .contains("/eu-central-1/s3/")
    );
    let finding: Value = serde_json::from_slice(&taken[0].body).unwrap();
    assert!(finding["annotation"].is_object());
    scene.kms.backend.close().await;
}

#[tokio::test]
async fn what_is_too_large_goes_to_the_bucket_for_it_or_nowhere() {
    let scene = Scene::new().await;
    let target = format!("acs:log:cn-hangzhou:{ACCOUNT}:project/audit/logstore/findings");
    let bucket = format!("acs:oss:cn-hangzhou:{ACCOUNT}:large");
    let oversized = [("OversizedDataOSSTargetArn", bucket.as_str())];
    let with = scene.channel("SLS", &target, &oversized).await;
    let without = scene.channel("SLS", &target, &[]).await;
    // A finding is less than 1,024 bytes without such a name.
    let name = "u".repeat(64);
    let said = [("UserName", name.as_str())];
    scene.call(Action::CreateUser, &said).await;
    scene.call(Action::CreateAccessKey, &said).await;
    scene.findings(1).await;
    let deliveries = scene.open(&format!(
        "[[delivery]]\ntarget = \"{target}\"\nservice = \"sls\"\nendpoint = \"STORAGE\"\n\
         path_style = true\nlimit_bytes = 1024\naccess_key_file = \"KEY\"\n\
         [[delivery]]\ntarget = \"{bucket}\"\nservice = \"oss\"\nendpoint = \"STORAGE\"\n\
         path_style = true\naccess_key_file = \"KEY\"\n"
    ));
    let counts = scene.counts();
    scene.round(&deliveries, &counts).await;
    let taken = scene.storage.taken();
    let large: Vec<_> = taken.iter().filter(|one| one.body.len() > 1024).collect();
    assert!(!large.is_empty());
    for one in large {
        assert!(one.path.starts_with("/large/"), "{}", one.path);
    }
    let shown = scene.show(&with).await;
    assert_eq!(shown["LastDeliveryStatus"], "Success");
    assert_eq!(shown["WaitingDeliveries"], 0);
    let shown = scene.show(&without).await;
    assert_eq!(shown["WaitingDeliveries"], 0, "it holds nothing up");
    assert!(text(&counts).contains(r#"place="sls",result="dropped""#));
    scene.kms.backend.close().await;
}

#[tokio::test]
async fn a_place_takes_findings_of_the_accounts_that_it_is_for_alone() {
    let scene = Scene::new().await;
    let target = "acs:oss:cn-hangzhou:2000000000000002:theirs";
    let id = scene.channel("OSS", target, &[]).await;
    scene.findings(1).await;
    let theirs = format!(
        "[server]\ndata_dir = \"FOLDER\"\n[[delivery]]\ntarget = \"{target}\"\nservice = \"oss\"\n\
         endpoint = \"STORAGE\"\npath_style = true\naccess_key_file = \"KEY\"\n"
    );
    let shared = format!("{theirs}accounts = [\"{ACCOUNT}\"]\n");
    let waiting = scene.show(&id).await["WaitingDeliveries"].as_u64().unwrap();
    scene.round(&scene.open(&theirs), &scene.counts()).await;
    assert_eq!(scene.storage.all(), []);
    let file = scene.dir.path().join(format!("deliveries/{id}.jsonl"));
    let lines = fs::read_to_string(file).unwrap();
    assert_eq!(u64::try_from(lines.lines().count()).unwrap(), waiting);

    let said = [("UserName", "later")];
    scene.call(Action::CreateUser, &said).await;
    scene.call(Action::CreateAccessKey, &said).await;
    scene.stand.clock.advance(Duration::from_hours(49));
    scene.service().evaluate_rules("one").await.unwrap();
    scene.round(&scene.open(&shared), &scene.counts()).await;
    assert!(!scene.storage.taken().is_empty());
    scene.kms.backend.close().await;
}

#[tokio::test]
async fn a_file_of_a_message_channel_has_annotations_as_text() {
    let scene = Scene::new().await;
    let condition = r#"[{"filterType":"RuleRiskLevel","value":"2","multiple":false}]"#;
    let more = [("DeliveryChannelCondition", condition)];
    let id = scene
        .channel("MNS", "acs:mns:cn-hangzhou:1:/topics/findings", &more)
        .await;
    scene.findings(1).await;
    let deliveries = scene.open("[server]\ndata_dir = \"FOLDER\"\n");
    scene.round(&deliveries, &scene.counts()).await;
    scene.round(&deliveries, &scene.counts()).await;
    let file = scene.dir.path().join(format!("deliveries/{id}.jsonl"));
    let lines = fs::read_to_string(file).unwrap();
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(!lines.is_empty());
    for line in &lines {
        assert_eq!(line["eventName"], "NonCompliant");
        assert_eq!(line["riskLevel"], "Warning");
        assert!(line["annotation"].is_string());
        let of = &line["evaluationResultIdentifier"]["evaluationResultQualifier"];
        assert_eq!(of["resourceType"], "ACS::RAM::User");
    }
    scene.kms.backend.close().await;
}

#[tokio::test]
async fn s3_needs_somebody_who_puts_and_reads_the_usual_variables() {
    let scene = Scene::new().await;
    let target = format!("acs:oss:cn-hangzhou:{ACCOUNT}:audit");
    scene.channel("OSS", &target, &[]).await;
    scene.findings(1).await;
    let settings = scene.settings(&format!(
        "[[delivery]]\ntarget = \"{target}\"\nservice = \"s3\"\nendpoint = \"STORAGE\"\n\
         path_style = true\n"
    ));
    let clock: Arc<dyn kms_types::Clock> = Arc::new(scene.stand.clock.clone());
    let nobody = Deliveries::open(&settings, &Env::default(), &clock);
    let nobody = nobody.err().unwrap().to_string();
    assert!(nobody.contains("AWS_ACCESS_KEY_ID"), "{nobody}");
    let env: Env = [("AWS_ACCESS_KEY_ID", ID), ("AWS_SECRET_ACCESS_KEY", SECRET)]
        .into_iter()
        .collect();
    let opened = Deliveries::open(&settings, &env, &clock).unwrap();
    scene.round(&Arc::new(opened), &scene.counts()).await;
    assert!(!scene.storage.taken().is_empty());
    scene.kms.backend.close().await;
}
