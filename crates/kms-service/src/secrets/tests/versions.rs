use super::*;

fn pair(id: &str, labels: &[&str]) -> (String, Vec<String>) {
    (
        id.to_owned(),
        labels.iter().map(|&label| label.to_owned()).collect(),
    )
}

async fn stage(stand: &Stand, params: &[(&str, &str)]) -> Result<Value, ErrorCode> {
    let mut all = vec![("SecretName", "app/db")];
    all.extend_from_slice(params);
    stand.call("UpdateSecretVersionStage", &all).await
}

#[tokio::test]
async fn a_new_version_is_current_and_the_old_one_previous() {
    let stand = Stand::new().await;
    stand.create("app/db", "one").await;
    let put = stand.put("app/db", "v2", "two").await;
    assert_eq!(
        put,
        Ok(json!({
            "SecretName": "app/db",
            "VersionId": "v2",
            "VersionStages": {"VersionStage": ["ACSCurrent"]},
        }))
    );
    assert_eq!(
        labels(&stand, "app/db").await,
        [pair("v2", &["ACSCurrent"]), pair("v1", &["ACSPrevious"])]
    );
    stand.put("app/db", "v3", "three").await.unwrap();
    assert_eq!(
        labels(&stand, "app/db").await,
        [
            pair("v3", &["ACSCurrent"]),
            pair("v2", &["ACSPrevious"]),
            pair("v1", &[])
        ]
    );
    assert_eq!(
        stand.read("app/db", "ACSCurrent").await.as_deref(),
        Ok("three")
    );
    assert_eq!(
        stand.read("app/db", "ACSPrevious").await.as_deref(),
        Ok("two")
    );
}

#[tokio::test]
async fn a_version_is_found_by_id_by_stage_or_by_both() {
    let stand = Stand::new().await;
    stand.create("app/db", "one").await;
    stand.put("app/db", "v2", "two").await.unwrap();
    for (params, expected) in [
        (vec![("VersionId", "v1")], Ok("one")),
        (
            vec![("VersionId", "v1"), ("VersionStage", "ACSPrevious")],
            Ok("one"),
        ),
        (
            vec![("VersionId", "v1"), ("VersionStage", "ACSCurrent")],
            Err(ErrorCode::ResourceNotFound),
        ),
        (vec![("VersionId", "v9")], Err(ErrorCode::ResourceNotFound)),
        (
            vec![("VersionStage", "blue")],
            Err(ErrorCode::ResourceNotFound),
        ),
    ] {
        let mut all = vec![("SecretName", "app/db")];
        all.extend(params.clone());
        let read = stand.call("GetSecretValue", &all).await;
        let value = read.map(|answer| answer["SecretData"].as_str().unwrap().to_owned());
        assert_eq!(
            value.as_deref().map_err(|code| *code),
            expected,
            "{params:?}"
        );
    }
}

#[tokio::test]
async fn a_dry_run_never_succeeds_and_tells_whether_it_would() {
    let stand = Stand::new().await;
    stand.create("app/db", "one").await;
    for (name, code) in [
        ("app/db", ErrorCode::DryRunOperation),
        ("nowhere", ErrorCode::ResourceNotFound),
    ] {
        let read = stand
            .call(
                "GetSecretValue",
                &[("SecretName", name), ("DryRun", "true")],
            )
            .await;
        assert_eq!(read, Err(code));
    }
}

#[tokio::test]
async fn the_same_version_again_is_the_same_success_and_another_value_a_conflict() {
    let stand = Stand::new().await;
    stand.create("app/db", "one").await;
    let first = stand.put("app/db", "v2", "two").await.unwrap();
    assert_eq!(stand.put("app/db", "v2", "two").await.as_ref(), Ok(&first));
    assert_eq!(
        stand.put("app/db", "v2", "other").await,
        Err(ErrorCode::ResourceExist)
    );
    let as_binary = [
        ("SecretName", "app/db"),
        ("VersionId", "v3"),
        ("SecretData", "AAAA"),
        ("SecretDataType", "binary"),
    ];
    stand.call("PutSecretValue", &as_binary).await.unwrap();
    assert_eq!(
        stand.put("app/db", "v3", "AAAA").await,
        Err(ErrorCode::ResourceExist)
    );

    // Repeating an old put moves no label back.
    stand.put("app/db", "v2", "two").await.unwrap();
    assert_eq!(
        labels(&stand, "app/db").await,
        [
            pair("v3", &["ACSCurrent"]),
            pair("v2", &["ACSPrevious"]),
            pair("v1", &[])
        ]
    );
}

#[tokio::test]
async fn a_put_says_which_labels_move() {
    let stand = Stand::new().await;
    stand.create("app/db", "one").await;
    let put = |version: &'static str, stages: &'static str| {
        let params = [
            ("SecretName", "app/db"),
            ("VersionId", version),
            ("SecretData", "x"),
            ("VersionStages", stages),
        ];
        let stand = &stand;
        async move { stand.call("PutSecretValue", &params).await }
    };
    let answer = put("v2", r#"["next","ACSPending"]"#).await.unwrap();
    assert_eq!(
        answer["VersionStages"],
        json!({"VersionStage": ["ACSPending", "next"]})
    );
    assert_eq!(
        labels(&stand, "app/db").await,
        [
            pair("v2", &["ACSPending", "next"]),
            pair("v1", &["ACSCurrent"])
        ]
    );
    put("v3", r#"["ACSCurrent","next"]"#).await.unwrap();
    put("v4", r#"["ACSPrevious"]"#).await.unwrap();
    put("v5", r#"["ACSCurrent","ACSPrevious"]"#).await.unwrap();
    assert_eq!(
        labels(&stand, "app/db").await,
        [
            pair("v5", &["ACSCurrent", "ACSPrevious"]),
            pair("v4", &[]),
            pair("v3", &["next"]),
            pair("v2", &["ACSPending"]),
            pair("v1", &[]),
        ]
    );
}

#[tokio::test]
async fn the_eleventh_version_drops_the_oldest_without_a_label() {
    let stand = Stand::new().await;
    stand.create("app/db", "one").await;
    stage(&stand, &[("VersionStage", "keep"), ("MoveToVersion", "v1")])
        .await
        .unwrap();
    for number in 2..=12 {
        stand
            .put("app/db", &format!("v{number}"), "x")
            .await
            .unwrap();
    }
    let ids: Vec<String> = labels(&stand, "app/db")
        .await
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    assert_eq!(
        ids,
        [
            "v12", "v11", "v10", "v9", "v8", "v7", "v6", "v5", "v4", "v1"
        ]
    );
    let gone = [("SecretName", "app/db"), ("VersionId", "v2")];
    assert_eq!(
        stand.call("GetSecretValue", &gone).await,
        Err(ErrorCode::ResourceNotFound)
    );
    assert_eq!(stand.read("app/db", "keep").await.as_deref(), Ok("one"));
}

#[tokio::test]
async fn a_secret_has_eight_labels_at_most() {
    let stand = Stand::new().await;
    stand.create("app/db", "one").await;
    stand.put("app/db", "v2", "two").await.unwrap();
    for number in 1..=6 {
        let label = format!("label-{number}");
        stage(&stand, &[("VersionStage", &label), ("MoveToVersion", "v1")])
            .await
            .unwrap();
    }
    let ninth = [("VersionStage", "ninth"), ("MoveToVersion", "v1")];
    assert_eq!(stage(&stand, &ninth).await, Err(ErrorCode::LimitExceeded));
    let put = [
        ("SecretName", "app/db"),
        ("VersionId", "v3"),
        ("SecretData", "x"),
        ("VersionStages", r#"["ninth"]"#),
    ];
    assert_eq!(
        stand.call("PutSecretValue", &put).await,
        Err(ErrorCode::LimitExceeded)
    );
    let gone = [("SecretName", "app/db"), ("VersionId", "v3")];
    assert_eq!(
        stand.call("GetSecretValue", &gone).await,
        Err(ErrorCode::ResourceNotFound),
        "nothing of the refused put is left"
    );
    // Moving one of the eight is no ninth.
    stage(
        &stand,
        &[("VersionStage", "label-1"), ("MoveToVersion", "v2")],
    )
    .await
    .unwrap();
    stand.put("app/db", "v4", "four").await.unwrap();
}

#[tokio::test]
async fn labels_move_and_go() {
    let stand = Stand::new().await;
    stand.create("app/db", "one").await;
    stand.put("app/db", "v2", "two").await.unwrap();
    let moved = stage(&stand, &[("VersionStage", "blue"), ("MoveToVersion", "v1")]).await;
    assert_eq!(moved, Ok(json!({"SecretName": "app/db"})));
    let both = [
        ("VersionStage", "blue"),
        ("RemoveFromVersion", "v1"),
        ("MoveToVersion", "v2"),
    ];
    stage(&stand, &both).await.unwrap();
    assert_eq!(
        stage(&stand, &both).await,
        Err(ErrorCode::InvalidRequest),
        "no longer there"
    );
    assert_eq!(
        labels(&stand, "app/db").await,
        [
            pair("v2", &["ACSCurrent", "blue"]),
            pair("v1", &["ACSPrevious"])
        ]
    );
    let remove = [("VersionStage", "blue"), ("RemoveFromVersion", "v2")];
    stage(&stand, &remove).await.unwrap();
    assert_eq!(stage(&stand, &remove).await, Err(ErrorCode::InvalidRequest));
    for params in [
        [("VersionStage", "blue"), ("MoveToVersion", "v9")],
        [("VersionStage", "blue"), ("RemoveFromVersion", "v9")],
    ] {
        assert_eq!(
            stage(&stand, &params).await,
            Err(ErrorCode::ResourceNotFound)
        );
    }
    let built_in = [("VersionStage", "ACSPrevious"), ("RemoveFromVersion", "v1")];
    assert_eq!(
        stage(&stand, &built_in).await,
        Err(ErrorCode::MissingParameter)
    );
}

#[tokio::test]
async fn going_back_swaps_current_and_previous() {
    let stand = Stand::new().await;
    stand.create("app/db", "one").await;
    stand.put("app/db", "v2", "two").await.unwrap();
    let back = [("VersionStage", "ACSCurrent"), ("MoveToVersion", "v1")];
    stage(&stand, &back).await.unwrap();
    stage(&stand, &back).await.unwrap();
    assert_eq!(
        labels(&stand, "app/db").await,
        [pair("v2", &["ACSPrevious"]), pair("v1", &["ACSCurrent"])]
    );
    assert_eq!(
        stand.read("app/db", "ACSCurrent").await.as_deref(),
        Ok("one")
    );
}
