use std::{fs, path::Path};

use kms_types::Env;

use super::{Config, LISTS, Origin, Shown, keys::SECTIONS, parse};
use crate::root::RootKeySource;

mod deliveries;
mod rotation;

fn sample() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/samples/kms-server.toml");
    fs::read_to_string(path).unwrap()
}

fn read(text: &str) -> Config {
    parse(Path::new("k.toml"), text, &Env::default()).unwrap()
}

fn refused(text: &str) -> String {
    let refusal = parse(Path::new("k.toml"), text, &Env::default()).unwrap_err();
    refusal.to_string()
}

#[test]
fn the_sample_has_every_key_and_says_the_defaults() {
    let text = sample();
    let given = read(&text);
    let defaults = Config::default();
    for section in SECTIONS {
        for key in section.keys {
            let line = text
                .lines()
                .find(|line| {
                    line.trim_start_matches('#')
                        .starts_with(&format!("{} = ", key.name))
                })
                .unwrap_or_else(|| panic!("the sample lacks {}", key.name));
            if !line.starts_with('#') && !line.ends_with("# example") {
                let known = (key.show)(&defaults.settings);
                assert_eq!((key.show)(&given.settings), known, "{}", key.name);
            }
        }
    }
    assert_eq!(given.settings.instances.len(), 1);
    assert_eq!(given.settings.webhooks.len(), 1);
    assert_eq!(given.settings.event_webhooks.len(), 1);
    assert_eq!(given.settings.mail.len(), 1);
    assert_eq!(given.settings.deliveries.len(), 1);
    assert_eq!(given.settings.rams.len(), 1);
    for list in LISTS {
        let (_, table) = text.split_once(&format!("[[{}]]\n", list.name)).unwrap();
        let table = table.split("\n[[").next().unwrap();
        for key in list.keys {
            let mut lines = table.lines().map(|line| line.trim_start_matches('#'));
            assert!(
                lines.any(|line| line.starts_with(&format!("{key} = "))),
                "the sample lacks {key}"
            );
        }
    }
}

fn deployment(path: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy");
    fs::read_to_string(folder.join(path)).unwrap()
}

#[test]
fn every_deployment_is_read() {
    for path in [
        "server/kms-server.toml",
        "server/docker-compose/kms-server.toml",
    ] {
        read(&deployment(path));
    }
    // The chart's, with what its values say by default and one instance, as far as that can
    // be put in without Helm.
    let chart = deployment("helm/kms-server/templates/configmap.yaml");
    let (_, toml) = chart.split_once("kms-server.toml: |\n").unwrap();
    let names = toml
        .lines()
        .find(|line| line.contains("range $at"))
        .unwrap();
    let toml: String = toml
        .replace(names, "names = ['kms-instance.internal']")
        .replace("{{ .Values.region | quote }}", "'cn-hangzhou'")
        .replace("{{ .id | quote }}", "'kst-one'")
        .replace("{{ .account | quote }}", "'1000000000000001'")
        .lines()
        .filter(|line| !line.contains("{{"))
        .map(str::trim_start)
        .collect::<Vec<_>>()
        .join("\n");
    let settings = read(&toml).settings;
    assert_eq!(settings.instances.len(), 1);
    assert_eq!(settings.listen.admin[0].port(), 9473);
}

#[test]
fn what_is_wrong_is_named_with_its_place_and_the_nearest_name() {
    for (text, said) in [
        (
            "[store]\nconections = 3",
            "k.toml:2:1: unknown key conections in section [store]; did you mean connections?",
        ),
        (
            "[stroe]\n",
            "k.toml:1:2: there is no section [stroe]; did you mean [store]?",
        ),
        (
            "[listen]\nregion = 'x'",
            "k.toml:2:1: region belongs into section [server], not [listen]",
        ),
        (
            "region = 'x'",
            "k.toml:1:1: region belongs into section [server]",
        ),
        (
            "[store]\nconnections = 0",
            "k.toml:2:15: connections: is not a whole number from 1 to 1000",
        ),
        (
            "[store]\nconnections = '3'",
            "k.toml:2:15: connections: expected a whole number from 1 to 1000, found text",
        ),
        (
            "[store]\nfile = 'kms.db'",
            "k.toml:2:8: file: write the path from the root on: a service has no folder to start from",
        ),
        (
            "[root_key]\ncurrent = 'pkcs11:token=kms'",
            "k.toml:2:11: current: a pkcs11: URI names its key by object=LABEL or id=%01",
        ),
        (
            "[store]\nConnections = 3\nconnections = 4",
            "k.toml:3:1: connections is given twice, in different cases; keep one",
        ),
        (
            "[instance]\nid = 'kst-a'",
            "k.toml:1:1: write [[instance]], with two brackets, before each of them",
        ),
        (
            "[[instance]]\nid = 'kst-a'\nacount = '1'",
            "k.toml:3:1: unknown key acount in [[instance]]; did you mean account?",
        ),
        (
            "[[instance]]\nid = 'kst-a'",
            "k.toml:1:1: [[instance]] needs the account that owns it",
        ),
        (
            "[[instance]]\nid = 'kst-a'\nID = 'kst-b'",
            "k.toml:3:1: id is given twice, in different cases; keep one",
        ),
        (
            "[[webhok]]\nurl = 'https://h/'",
            "k.toml:1:3: there is no section [webhok]; did you mean [[webhook]]?",
        ),
        (
            "[console]\n",
            "k.toml:1:2: there is no section [console]; there are [server], [listen], [dns], [tls], [store], [root_key], [audit], [log], [limits], [rotation], [[instance]], [[ram]], [[webhook]], [[event_webhook]], [[mail]], [[delivery]]",
        ),
        (
            "[[webhook]]\nsigning_key_file = '/k'",
            "k.toml:1:1: [[webhook]] needs the url that is called",
        ),
        (
            "[[webhook]]\nurl = 'https://h/'",
            "k.toml:1:1: [[webhook]] needs signing_key_file, the key that its calls are signed with",
        ),
        (
            "[[webhook]]\nurl = 'http://hooks.internal/'",
            "k.toml:2:7: url: must be https://…, or http:// and a loopback address, without a user",
        ),
        (
            "[[webhook]]\nurl = 'https://h/'\nsigning_key_file = '/k'\ntypes = ['Rds', 'Generic']",
            "k.toml:4:9: types: Generic is not rotated by a webhook; Rds, Redis, PolarDB, ECS are",
        ),
        (
            "[[webhook]]\nurl = 'https://h/'\nsigning_key_file = '/k'\nnames = []",
            "k.toml:4:9: names: is empty; leave the key out for all of them",
        ),
        (
            "[[webhook]]\nurl = 'https://h/'\nsigning_key_file = '/k'\nnames = ['d*b']",
            "k.toml:4:10: names: a secret name may only hold letters, digits and _/+=.-@",
        ),
        (
            "[[webhook]]\nurl = 'https://h/'\nsigning_key_file = '/k'\ntimeout_seconds = 121",
            "k.toml:4:19: timeout_seconds: is not a whole number from 1 to 120",
        ),
        (
            "[[webhook]]\nurl = 'http://[::1]/'\nsigning_key_file = '/k'\nca_file = '/c'",
            "k.toml:1:1: ca_file is for a url that begins with https://",
        ),
    ] {
        assert_eq!(refused(text), said, "{text}");
    }
}

#[test]
fn values_that_do_not_go_together_are_refused() {
    for (text, said) in [
        (
            "[listen]\nhttp = ['0.0.0.0:9470']",
            "would send secrets over the network in the clear",
        ),
        ("[listen]\nhttps = []", "https and http are both empty"),
        (
            "[dns]\nlisten = ['127.0.0.1:5353', '0.0.0.0:53']",
            "[dns] listen = 0.0.0.0:53: questions for names are answered on loopback only",
        ),
        (
            "[store]\nfile = '/a'\nurl = 'postgres://x'",
            "[store] has one of file, url and url_file",
        ),
        (
            "[tls]\ncert_file = '/a'",
            "cert_file and key_file belong together",
        ),
        (
            "[root_key]\ncurrent = 'env:A'\nprevious = 'env:A'",
            "current and previous are the same",
        ),
        (
            "[[instance]]\nid = 'kst-a'\naccount = '1'\n[[instance]]\nid = 'kst-a'\naccount = '2'",
            "kst-a.cryptoservice.kms.aliyuncs.com is the name of two instances",
        ),
    ] {
        let refusal = refused(text);
        assert!(refusal.contains(said), "{refusal}");
    }
    read("[listen]\nhttp = ['0.0.0.0:9470']\nproxies = ['10.0.0.0/8']");
    read("[listen]\nhttp = ['[::1]:9470']");
}

#[test]
fn a_variable_comes_before_the_file_and_is_named() {
    let env = Env::from_iter([
        ("KMS_SERVER_STORE_CONNECTIONS", "7"),
        ("KMS_SERVER_LISTEN_HTTPS", "127.0.0.1:1, [::1]:2"),
        ("KMS_SERVER_ROOT_KEY_CURRENT", "env:KEY"),
    ]);
    let text = "[store]\nconnections = 3\nurl = 'postgres://u:hunter2@h/d'";
    let config = parse(Path::new("k.toml"), text, &env).unwrap();
    assert_eq!(config.settings.store.connections, 7);
    assert_eq!(config.settings.listen.https.len(), 2);
    assert_eq!(
        config.settings.root_key.current,
        RootKeySource::Variable("KEY".into())
    );
    assert_eq!(
        config.origin("store", "connections"),
        Origin::Variable("KMS_SERVER_STORE_CONNECTIONS".into())
    );
    assert_eq!(config.origin("store", "url"), Origin::File(3));
    assert_eq!(config.origin("log", "level"), Origin::Default);
    let shown = Shown(&config).to_string();
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(!format!("{config:?}").contains("hunter2"));

    let env = Env::from_iter([("KMS_SERVER_STORE_CONNECTIONS", "many")]);
    let refusal = parse(Path::new("k.toml"), "", &env).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "variable KMS_SERVER_STORE_CONNECTIONS: connections: is not a whole number from 1 to 1000"
    );
}

#[test]
fn tables_of_lists_show_where_each_key_was_said() {
    let config = read(
        "[[instance]]\nid = 'kst-a'\naccount = '1'\n\n[[webhook]]\nurl = 'https://h/kms'\n\
         signing_key_file = '/k'\n[[webhook]]\nURL = 'http://127.0.0.1:8/'\n\
         signing_key_file = '/l'\nnames = ['db/*', 'one']\ntypes = ['ECS']\naccount = '2'\n",
    );
    let shown = Shown(&config).to_string();
    let (_, shown) = shown.split_once("[[instance]]\n").unwrap();
    let words: Vec<_> = shown
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        words,
        [
            "id kst-a file, line 2",
            "account 1 file, line 3",
            "names kst-a.cryptoservice.kms.aliyuncs.com default",
            "cert_file - default",
            "key_file - default",
            "ca_file - default",
            "[[webhook]]",
            "url https://h/kms file, line 6",
            "signing_key_file /k file, line 7",
            "account - default",
            "types Rds, Redis, PolarDB, ECS default",
            "names * default",
            "timeout_seconds 30 default",
            "ca_file - default",
            "[[webhook]]",
            "url http://127.0.0.1:8/ file, line 9",
            "signing_key_file /l file, line 10",
            "account 2 file, line 13",
            "types ECS file, line 12",
            "names db/*, one file, line 11",
            "timeout_seconds 30 default",
            "ca_file - default",
        ]
    );
}
