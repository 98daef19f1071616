use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json, value::RawValue};

use super::{Asker, Call, Document, Effect, KEYS, Kind, OPERATORS};

type Context = BTreeMap<String, Vec<String>>;

/// One file of `documents`; `tests/policy/README.md` says what each folder holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentCase {
    from: String,
    kind: String,
    #[serde(default)]
    replace: BTreeMap<String, String>,
    document: Box<RawValue>,
    #[serde(default)]
    call: serde_json::Map<String, Value>,
    calls: Vec<serde_json::Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    action: String,
    #[serde(default)]
    resource: String,
    #[serde(default = "nobody")]
    asker: String,
    #[serde(default)]
    context: Context,
    #[serde(default = "noon")]
    now: String,
    effect: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionCase {
    condition: Value,
    holds: Vec<Context>,
    fails: Vec<Context>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    element: String,
    patterns: Vec<PatternCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PatternCase {
    pattern: String,
    fits: Vec<String>,
    not: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refusal {
    kind: String,
    text: Option<String>,
    #[serde(default = "once")]
    repeat: usize,
    #[serde(default, deserialize_with = "present")]
    document: Option<Value>,
    statement: Option<Value>,
    condition: Option<Value>,
    message: String,
}

#[test]
fn documents_say_what_their_cases_say() {
    for (path, case) in cases::<DocumentCase>("documents") {
        assert!(!case.from.is_empty(), "{}", path.display());
        let mut text = case.document.get().to_owned();
        for (placeholder, value) in &case.replace {
            assert!(text.contains(placeholder), "{placeholder}");
            text = text.replace(placeholder, value);
        }
        let document = parse(&text, &case.kind);
        for call in case.calls {
            let mut whole = case.call.clone();
            whole.extend(call);
            let question: Question = serde_json::from_value(whole.clone().into()).unwrap();
            assert_eq!(
                format!("{:?}", document.evaluate(&question.call())),
                question.effect,
                "{}: {whole:?}",
                path.display()
            );
        }
    }
}

#[test]
fn conditions_hold_and_fail() {
    for (path, cases) in cases::<Vec<ConditionCase>>("conditions") {
        for case in cases {
            let text = json!({"Version": "1", "Statement": {
                "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": case.condition,
            }});
            let document = parse(&text.to_string(), "Identity");
            let holds = case.holds.iter().map(|context| (context, Effect::Allow));
            let fails = case.fails.iter().map(|context| (context, Effect::Silent));
            for (context, effect) in holds.chain(fails) {
                let question = Question {
                    context: context.clone(),
                    ..about("", "")
                };
                assert_eq!(
                    document.evaluate(&question.call()),
                    effect,
                    "{}: {} {context:?}",
                    path.display(),
                    case.condition
                );
            }
        }
    }
}

#[test]
fn patterns_fit_and_do_not() {
    for (path, file) in cases::<Patterns>("patterns") {
        for case in file.patterns {
            let mut statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
            statement[&file.element] = json!(case.pattern);
            let text = json!({"Version": "1", "Statement": statement}).to_string();
            // The other half: the statement about all that does not fit.
            let inverse = text.replace(
                &format!("\"{}\"", file.element),
                &format!("\"Not{}\"", file.element),
            );
            let fits = case.fits.iter().map(|text| (text, true));
            let not = case.not.iter().map(|text| (text, false));
            for (subject, fits) in fits.chain(not) {
                let question = match file.element.as_str() {
                    "Action" => about(subject, "acs:kms:cn-hangzhou:1:secret/app"),
                    _ => about("kms:GetSecretValue", subject),
                };
                for (text, allowed) in [(&text, fits), (&inverse, !fits)] {
                    let effect = parse(text, "Identity").evaluate(&question.call());
                    let expected = if allowed {
                        Effect::Allow
                    } else {
                        Effect::Silent
                    };
                    assert_eq!(effect, expected, "{}: {subject:?} {text}", path.display());
                }
            }
        }
    }
}

#[test]
fn what_is_no_document_is_refused_with_where_and_what() {
    for (path, cases) in cases::<Vec<Refusal>>("refused") {
        for case in cases {
            let text = case.text();
            let error = Document::parse(&text, kind(&case.kind))
                .expect_err(&format!("{}: {text}", path.display()));
            assert_eq!(
                error.to_string(),
                case.message,
                "{}: {text}",
                path.display()
            );
        }
    }
}

/// A list that nobody reads rots: each operator and each key of the lists is in a case.
#[test]
fn every_operator_and_every_key_has_a_case() {
    let all: String = ["documents", "conditions"]
        .iter()
        .flat_map(|folder| files(folder))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    for word in OPERATORS.iter().chain(KEYS) {
        // Of tags, one stands for all.
        let start = word.trim_end_matches("<tag>");
        let end = if start.len() < word.len() { "" } else { "\"" };
        assert!(all.contains(&format!("\"{start}{end}")), "{word}");
    }
}

#[test]
fn the_page_on_policies_names_every_operator_and_key() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/policies.md");
    let page = fs::read_to_string(page).unwrap();
    for (heading, names) in [("## Operators", OPERATORS), ("## Condition keys", KEYS)] {
        let (_, section) = page.split_once(heading).unwrap();
        let rows: Vec<_> = section
            .lines()
            .take_while(|line| !line.starts_with("## "))
            .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
            .collect();
        assert_eq!(rows, names);
    }
}

impl Question {
    fn call(&self) -> Call<'_> {
        let (kind, name) = self.asker.split_once(' ').unwrap();
        Call {
            action: &self.action,
            resource: &self.resource,
            asker: match kind {
                "RAM" => Asker::Ram(name),
                "Service" => Asker::Service(name),
                "Federated" => Asker::Federated(name),
                other => panic!("{other}"),
            },
            context: self
                .context
                .iter()
                .map(|(key, values)| (key.as_str().into(), values.clone()))
                .collect(),
            now: self.now.parse().unwrap(),
        }
    }
}

impl Refusal {
    fn text(&self) -> String {
        let statement = match &self.condition {
            Some(condition) => Some(json!({
                "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition,
            })),
            None => self.statement.clone(),
        };
        match (&self.text, &self.document, statement) {
            (Some(text), None, None) => text.repeat(self.repeat),
            (None, Some(document), None) => document.to_string(),
            (None, None, Some(statement)) => {
                json!({"Version": "1", "Statement": [statement]}).to_string()
            }
            _ => panic!(
                "one of text, document, statement and condition: {}",
                self.message
            ),
        }
    }
}

fn parse(text: &str, name: &str) -> Document {
    Document::parse(text, kind(name)).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn kind(name: &str) -> Kind {
    match name {
        "Identity" => Kind::Identity,
        "Session" => Kind::Session,
        "Trust" => Kind::Trust,
        "Resource" => Kind::Resource,
        other => panic!("{other}"),
    }
}

fn about(action: &str, resource: &str) -> Question {
    Question {
        action: action.to_owned(),
        resource: resource.to_owned(),
        asker: nobody(),
        context: Context::new(),
        now: noon(),
        effect: String::new(),
    }
}

fn nobody() -> String {
    "RAM ".to_owned()
}

fn noon() -> String {
    "2026-11-25T12:00:00Z".to_owned()
}

fn once() -> usize {
    1
}

/// `null` is a value here, not the absence of one.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

fn cases<T: DeserializeOwned>(folder: &str) -> Vec<(PathBuf, T)> {
    let all: Vec<_> = files(folder)
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let case = serde_json::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (path, case)
        })
        .collect();
    assert!(!all.is_empty(), "{folder}");
    all
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/policy")
        .join(folder);
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    files.sort();
    files
}
