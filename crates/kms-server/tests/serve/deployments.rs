//! What deploy/ starts: each command line is one of the program's, each configuration one that
//! it reads.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::tempdir;

use crate::place::{Said, said};

const CONFIG: &str = "/etc/kms-server/kms-server.toml";

fn deployment(path: &str) -> (PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../deploy")
        .join(path);
    let text = fs::read_to_string(&path).unwrap();
    (path, text)
}

fn run(words: &[&str]) -> Said {
    said(Command::new(env!("CARGO_BIN_EXE_kms-server")).args(words))
}

/// The words of what stands there as `[a, "b"]`.
fn list(text: &str) -> Vec<String> {
    let (_, rest) = text.split_once('[').unwrap();
    let (words, _) = rest.split_once(']').unwrap();
    words
        .split(',')
        .map(|word| word.trim().trim_matches('"').to_owned())
        .collect()
}

/// Every command line of the program in the folder's files, without the program.
fn command_lines() -> Vec<(&'static str, Vec<String>)> {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    let mut found = Vec::new();
    let unit = "server/kms-server.service";
    for line in deployment(unit).1.lines() {
        if let Some(rest) = line.strip_prefix("ExecStart=/usr/local/bin/kms-server ") {
            found.push((unit, words(rest)));
        }
    }
    let dockerfile = "server/docker-compose/Dockerfile";
    for line in deployment(dockerfile).1.lines() {
        if line.starts_with("CMD ") {
            found.push((dockerfile, list(line)));
        }
    }
    let compose = "server/docker-compose/docker-compose.yml";
    for line in deployment(compose).1.lines() {
        if let Some((_, rest)) = line.split_once("docker compose run --rm first ") {
            found.push((compose, words(rest)));
        }
    }
    let pod = "helm/kms-server/templates/deployment.yaml";
    for line in deployment(pod).1.lines() {
        if line.trim_start().starts_with("args: ") {
            found.push((pod, list(line)));
        }
    }
    found
}

#[test]
fn every_command_line_is_one_of_the_programs() {
    let found = command_lines();
    assert_eq!(found.len(), 4, "{found:?}");
    let dir = tempdir().unwrap();
    let absent = dir.path().join("absent.toml");
    for (file, words) in found {
        let config = words.iter().position(|word| word == CONFIG);
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        words[config.unwrap_or_else(|| panic!("{file} names no {CONFIG}"))] =
            absent.to_str().unwrap();
        // Understood: all that is wrong is that there is no such file here.
        let said = run(&words);
        assert_eq!(said.code, Some(64), "{file}: {said:?}");
        assert!(
            said.err.contains("cannot read the configuration"),
            "{file}: {said:?}"
        );
    }
}

#[test]
fn check_accepts_every_configuration_and_says_where_each_key_stands() {
    let dir = tempdir().unwrap();
    let chart = dir.path().join("chart.toml");
    fs::write(&chart, rendered()).unwrap();
    let files = [
        deployment("server/kms-server.toml").0,
        deployment("server/docker-compose/kms-server.toml").0,
        chart,
    ];
    for file in files {
        let said = run(&["check", "--config", file.to_str().unwrap()]);
        assert_eq!(said.code, Some(0), "{}: {said:?}", file.display());
        for (at, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) else {
                continue;
            };
            let origin = format!("file, line {}", at + 1);
            let is_said = said.out.lines().any(|shown| {
                shown.trim_start().starts_with(&format!("{key} ")) && shown.ends_with(&origin)
            });
            assert!(is_said, "{}: {key}, {origin}: {}", file.display(), said.out);
        }
    }
}

/// The chart's configuration with what its values say and one instance, as far as that can be
/// put in without Helm.
fn rendered() -> String {
    let (_, chart) = deployment("helm/kms-server/templates/configmap.yaml");
    let (_, toml) = chart.split_once("kms-server.toml: |\n").unwrap();
    toml.lines()
        .map(|line| match line.trim_start() {
            names if names.contains("range $at") => {
                "names = [\"kms-instance.internal\"]".to_owned()
            }
            line => line
                .replace("{{ .Values.region | quote }}", "\"cn-hangzhou\"")
                .replace("{{ .id | quote }}", "\"kst-one\"")
                .replace("{{ .account | quote }}", "\"1000000000000001\""),
        })
        .filter(|line| !line.contains("{{"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Ports that a file opens to others are those that the configuration listens on.
#[test]
fn ports_are_those_that_are_listened_on() {
    let (_, compose) = deployment("server/docker-compose/docker-compose.yml");
    let (_, toml) = deployment("server/docker-compose/kms-server.toml");
    for line in compose
        .lines()
        .filter(|line| line.trim_start().starts_with("ports:"))
    {
        for mapping in list(line) {
            let (_, inner) = mapping.split_once(':').unwrap();
            assert!(toml.contains(&format!(":{inner}\"]")), "{mapping}");
        }
    }
    let (_, pod) = deployment("helm/kms-server/templates/deployment.yaml");
    let ports: Vec<_> = pod
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("containerPort: "))
        .collect();
    assert_eq!(ports.len(), 3);
    let chart = rendered();
    for port in ports {
        assert!(chart.contains(&format!("0.0.0.0:{port}\"")), "{port}");
    }
    // Whoever waits for the end waits longer than the drain.
    let longest: u64 = 10;
    let (_, unit) = deployment("server/kms-server.service");
    for (text, key) in [
        (&compose, "stop_grace_period: "),
        (&pod, "terminationGracePeriodSeconds: "),
        (&unit, "TimeoutStopSec="),
    ] {
        let (_, rest) = text.split_once(key).unwrap();
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        assert!(digits.parse::<u64>().unwrap() > longest, "{key}");
    }
}
