use proptest::prelude::*;

use super::{deep_equal, is_json, parse_json, parse_yaml, write_json, write_yaml};

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        drop(parse_yaml(&bytes));
        drop(parse_json(&bytes));
    }

    #[test]
    fn no_text_makes_it_panic(text in "[-a-c0-9:{}\\[\\],&*!|>'\"%@?# \t\n\\\\.<~é]{0,60}") {
        if let Ok(tree) = parse_yaml(text.as_bytes()) {
            drop(write_json(&tree));
            drop(write_yaml(&tree));
        }
    }

    #[test]
    fn json_survives_a_way_through_itself(text in json()) {
        let tree = parse_json(text.as_bytes()).unwrap();
        let written = write_json(&tree).unwrap();
        prop_assert!(deep_equal(&tree, &parse_json(&written).unwrap()), "{text}");
    }
}

#[test]
fn depth_is_bounded() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", ""), ("{\"a\":", "1}")] {
        let text = format!("{}{}", open.repeat(20_000), close.repeat(20_000));
        assert!(parse_yaml(text.as_bytes()).is_err(), "{open}");
        assert!(parse_json(text.as_bytes()).is_err(), "{open}");
        assert!(!is_json(text.as_bytes()), "{open}");
    }
    let chain: Vec<String> = (1..2_000)
        .map(|n| {
            format!(
                "a{n}: &a{n} [*a{}]
",
                n - 1
            )
        })
        .collect();
    assert!(parse_yaml(format!("a0: &a0 x\n{}", chain.concat()).as_bytes()).is_err());
}

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|truth| truth.to_string()),
        any::<i32>().prop_map(|number| number.to_string()),
        any::<f64>()
            .prop_filter("JSON", |n| n.is_finite())
            .prop_map(|n| format!("{n:e}")),
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6)
                .prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(|map| {
                let pairs: Vec<String> = map
                    .iter()
                    .map(|(key, value)| format!("{}:{value}", serde_json::to_string(key).unwrap()))
                    .collect();
                format!("{{{}}}", pairs.join(","))
            }),
        ]
    })
}
