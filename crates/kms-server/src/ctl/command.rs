//! The table as a command line.

use std::path::PathBuf;

use clap::{Arg as Word, ArgAction, ArgMatches, Command, value_parser};

use super::{
    CtlError, by_name,
    nouns::{ALL, ALONE},
    table::{Arg, Kind, Noun, Verb},
    words::{
        BINARY, CA_FILE, DIGEST, ENDPOINT, FILE, JSON, KEEP_NEWLINE, MORE, OUTPUT, PROFILE, REGION,
        VALUE, YES,
    },
};

const ABOUT: &str = "\
Manages secrets, keys, identities and access points of a server, or of the cloud.

Each command is one signed call of the public API, made with your own rights.";

const HELP: &str = "\
Who calls: the default credential chain of the SDKs (ALIBABA_CLOUD_ACCESS_KEY_ID and so on), or
the profile of the aliyun CLI that --profile names.
Where to: --endpoint; else, with --region, the cloud; else KMS_TLS_ENDPOINT or KMS_ENDPOINT (with
KMS_CA_FILE) as in a server's env file; else the cloud's in ALIBABA_CLOUD_REGION_ID.

Try, with `kms-server dev` running:
  source .kms-dev/env
  kms-server ctl secret list
  printf %s hunter2 | kms-server ctl secret create app/db
  kms-server ctl secret get app/db
  kms-server ctl sts whoami

Values of secrets come from standard input, --file or a prompt, never from the command line.
Exit codes: 0 fine, 64 usage, 69 nobody answers, 77 no credentials or no right, 70 refused.";

/// Puts all commands beneath this one.
pub(super) fn build(command: Command) -> Command {
    let command = command
        .about("Manages secrets, keys, identities and access points")
        .long_about(ABOUT)
        .after_help(HELP)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .args(everywhere())
        .subcommand(by_name::command());
    let command = ALONE
        .iter()
        .fold(command, |command, verb| command.subcommand(of_verb(verb)));
    ALL.iter()
        .fold(command, |command, noun| command.subcommand(of_noun(noun)))
}

/// Which verb was said, and with what.
pub(super) fn find(matches: &ArgMatches) -> Result<(&'static Verb, &ArgMatches), CtlError> {
    let unknown = || CtlError::usage("no such command; see kms-server ctl --help");
    let (mut verbs, mut nouns): (&[&[Verb]], &[Noun]) = (&[ALONE], ALL);
    let mut matches = matches;
    loop {
        let (name, inner) = matches.subcommand().ok_or_else(unknown)?;
        if let Some(verb) = verbs
            .iter()
            .copied()
            .flatten()
            .find(|verb| verb.name == name)
        {
            return Ok((verb, inner));
        }
        let noun = nouns.iter().find(|noun| noun.name == name);
        let noun = noun.ok_or_else(unknown)?;
        (verbs, nouns, matches) = (noun.verbs, noun.nouns, inner);
    }
}

fn everywhere() -> [Word; 7] {
    let option = |name: &'static str, value: &'static str, help: &'static str| {
        Word::new(name)
            .long(name)
            .value_name(value)
            .help(help)
            .global(true)
            .help_heading("Everywhere")
    };
    [
        option(ENDPOINT, "URL", "Where to: a host, host:port or https://…"),
        option(CA_FILE, "FILE", "Believes these certificates, too (PEM)")
            .value_parser(value_parser!(PathBuf)),
        option(REGION, "REGION", "The cloud's gateway in this region"),
        option(PROFILE, "NAME", "Calls as this profile of the aliyun CLI"),
        option(OUTPUT, "FORM", "How lists are shown")
            .short('o')
            .value_parser(["table", "json", "name"])
            .default_value("table"),
        option(
            JSON,
            "",
            "The whole answer, as it came; the same as -o json",
        )
        .action(ArgAction::SetTrue)
        .overrides_with(OUTPUT),
        option(YES, "", "Does not ask before it takes something away").action(ArgAction::SetTrue),
    ]
}

fn of_noun(noun: &'static Noun) -> Command {
    let command = Command::new(noun.name)
        .about(noun.about)
        .after_help(noun.examples)
        .subcommand_required(true)
        .arg_required_else_help(true);
    let command = noun
        .nouns
        .iter()
        .fold(command, |command, noun| command.subcommand(of_noun(noun)));
    noun.verbs
        .iter()
        .copied()
        .flatten()
        .fold(command, |command, verb| command.subcommand(of_verb(verb)))
}

fn of_verb(verb: &'static Verb) -> Command {
    let mut command = Command::new(verb.name)
        .about(verb.about)
        .after_help(verb.examples);
    for arg in verb.args {
        command = if arg.kind.is_streamed() {
            command.args(of_stream(arg.kind))
        } else {
            command.arg(of_arg(arg))
        };
    }
    command
}

fn of_arg(arg: &'static Arg) -> Word {
    let word = Word::new(arg.name).help(arg.about).required(arg.needed);
    if let Kind::Flag(_) | Kind::LocalFlag = arg.kind {
        return word.long(arg.name).action(ArgAction::SetTrue);
    }
    let word = match arg.kind {
        Kind::Tags | Kind::NumberedTags | Kind::Object => word.value_name("KEY=VALUE"),
        Kind::Document => word.value_name("TEXT|@FILE"),
        Kind::SecretDocument => word.value_name("@FILE"),
        _ => word.value_name(arg.name),
    };
    let word = match (arg.kind.is_many(), arg.placed) {
        (true, true) => word.num_args(1..).action(ArgAction::Append),
        (true, false) => word.action(ArgAction::Append),
        (false, _) => word,
    };
    if arg.placed {
        word
    } else {
        word.long(arg.name)
    }
}

/// Where bytes come from; and what is refused, so that it can be said why.
fn of_stream(kind: Kind) -> Vec<Word> {
    let file = Word::new(FILE)
        .long(FILE)
        .value_name("FILE")
        .value_parser(value_parser!(PathBuf))
        .help("Reads this file, not standard input");
    let hidden = |name: &'static str| Word::new(name).hide(true).action(ArgAction::Append);
    let mut words = vec![
        file,
        hidden(VALUE)
            .long(VALUE)
            .allow_hyphen_values(true)
            .aliases(["secret-data", "secret", "data", "password", "plaintext"]),
        hidden(MORE).num_args(0..),
    ];
    match kind {
        Kind::Value => words.extend([
            Word::new(BINARY)
                .long(BINARY)
                .action(ArgAction::SetTrue)
                .help("The value is bytes, not text"),
            Word::new(KEEP_NEWLINE)
                .long(KEEP_NEWLINE)
                .action(ArgAction::SetTrue)
                .help("Keeps the line end of a value of one line"),
        ]),
        Kind::Digest => words.push(
            Word::new(DIGEST)
                .long(DIGEST)
                .value_name("BASE64")
                .help("The digest itself, and no message: SHA-256, for SM2 of Z(A) and message"),
        ),
        _ => {}
    }
    words
}
