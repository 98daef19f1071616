//! The command line: what is asked for, and how the program ends.

use std::{
    ffi::OsString,
    fmt::Display,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};
use kms_agent::{
    config::{self, Config},
    token,
};
use kms_telemetry::{Exit, Failure};
use kms_types::{Env, SecretRef, VersionId, VersionStage};

mod agent;
mod check;
mod credential;
mod get;
mod ready;

/// The whole line.
#[derive(Debug, Parser)]
#[command(name = NAME, version, about = ABOUT, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serves secrets until it is told to end
    #[command(after_help = AGENT_HELP)]
    Agent {
        /// The configuration; without one, every key has its default
        #[arg(value_name = "CONFIG.TOML")]
        config: Option<PathBuf>,
    },
    /// Writes a fresh token into a file that its owner and group may read
    #[command(
        after_help = "The file is replaced whole. A running agent takes the new token after SIGHUP, \
                            and the old one for another minute."
    )]
    Token {
        #[arg(help = "Where to; the same path goes into KMS_TOKEN as file:///path")]
        file: PathBuf,
    },
    /// Tries the configuration, the credentials and the way to KMS
    #[command(
        after_help = "Calls KMS once and says what it found. Shows no secret and changes nothing."
    )]
    Check {
        /// The configuration; without one, every key has its default
        #[arg(value_name = "CONFIG.TOML")]
        config: Option<PathBuf>,
    },
    /// Reads one secret from the running agent, for shell scripts
    #[command(after_help = GET_HELP)]
    Get(Get),
    /// Prints a hosted AccessKey as the aliyun CLI and the SDKs read it from a program
    #[command(after_help = CREDENTIAL_HELP)]
    Credential {
        /// The name of the secret that hosts the AccessKey
        #[arg(value_name = "NAME")]
        name: SecretRef,
    },
    /// Says by its exit code whether the agent on this machine can serve
    #[command(
        after_help = "Asks the agent that KMS_AGENT names, else the one of the configuration's HttpPort, \
                            else http://localhost:2025."
    )]
    Ready {
        /// The agent's configuration; ./config.toml if it is there
        #[arg(value_name = "CONFIG.TOML")]
        config: Option<PathBuf>,
    },
}

/// Which value `get` wants.
#[derive(Args, Debug)]
pub(crate) struct Get {
    /// The secret's name or ARN
    name: SecretRef,
    /// A version, by its id
    #[arg(long, value_name = "ID")]
    version_id: Option<VersionId>,
    #[arg(
        long,
        value_name = "STAGE",
        help = "A version, by its stage [default: ACSCurrent]"
    )]
    version_stage: Option<VersionStage>,
    /// One field of a value that is a JSON object
    #[arg(long, value_name = "FIELD")]
    field: Option<String>,
}

pub(crate) const NAME: &str = "alibabacloud-kms-agent";

const ABOUT: &str = "\
Hands secrets of Alibaba Cloud KMS to the programs of this machine.

The agent reads secrets from KMS with this machine's cloud identity, keeps them in memory
and answers at http://localhost:2025 to programs that hold its token.";

const EXAMPLES: &str = "\
Start:
  alibabacloud-kms-agent token /var/run/kmstoken
  export KMS_TOKEN=file:///var/run/kmstoken
  alibabacloud-kms-agent check ./config.toml
  alibabacloud-kms-agent agent ./config.toml

Use:
  curl -H \"X-KMS-Token: $(cat /var/run/kmstoken)\" \\
    'http://localhost:2025/secretsmanager/get?secretId=agent-test'
  DB_PASSWORD=$(alibabacloud-kms-agent get app/db --field password)
  alibabacloud-kms-agent credential acs/ram/user/app

Exit codes:
  0 fine, 64 usage, configuration or token, 69 KMS or agent cannot be reached,
  77 no credentials or refused, 70 anything else";

const AGENT_HELP: &str = "\
The token comes from the first variable that is set of KMS_TOKEN, KMS_SESSION_TOKEN and
KMS_CONTAINER_AUTHORIZATION_TOKEN (SSRFEnvVariables): the token itself, or file:///path. A
file that does not exist yet is made.
The cloud identity comes from the default credential chain: ALIBABA_CLOUD_ACCESS_KEY_ID and
ALIBABA_CLOUD_ACCESS_KEY_SECRET, RRSA, the profile in ~/.aliyun/config.json,
ALIBABA_CLOUD_CREDENTIALS_FILE, the RAM role of the ECS instance.
SIGTERM finishes what has begun and ends; SIGHUP reads the token's file again.";

const GET_HELP: &str = "\
The agent is found by KMS_AGENT (http://localhost:2025), the token by the same variables
as the agent's. The value comes without a line feed unless a terminal shows it; a binary one
as base64, as KMS gives it.";

const CREDENTIAL_HELP: &str = "\
One line of JSON: {\"mode\":\"AK\",\"access_key_id\":\"…\",\"access_key_secret\":\"…\"}. It tells no
expiration, so the program is run for each call, and a rotated key is used at once.
Agent and token are found as for get. A profile in ~/.aliyun/config.json names it so:
  {\"current\": \"app\", \"profiles\": [{\"name\": \"app\", \"mode\": \"External\",
    \"process_command\": \"alibabacloud-kms-agent credential acs/ram/user/app\"}]}";

/// Reads the arguments; help and errors are printed.
pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Command, ExitCode> {
    Arguments::try_parse_from(arguments)
        .map(|arguments| arguments.command)
        .map_err(|error| {
            // Standard streams that are gone leave nobody to tell.
            drop(error.print());
            if error.use_stderr() {
                Exit::Usage.into()
            } else {
                Exit::Fine.into()
            }
        })
}

/// The process's variables; those that are no text are of no use here.
pub(crate) fn environment() -> Env {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// Does it.
pub(crate) fn run(command: Command, env: &Env) -> Result<(), Failure> {
    match command {
        Command::Agent { config } => agent::run(config.as_deref(), env),
        Command::Token { file } => {
            token::write_fresh(&file).map_err(|error| Failure::new(Exit::Failure, error))
        }
        Command::Check { config } => check::run(config.as_deref(), env),
        Command::Get(get) => get::run(&get, env),
        Command::Credential { name } => credential::run(&name, env),
        Command::Ready { config } => ready::run(config.as_deref(), env),
    }
}

/// One line for people, to standard error.
fn say(text: impl Display) {
    kms_telemetry::say(NAME, text);
}

/// One line of what was asked for, to standard output.
fn print(text: impl Display) -> Result<(), Failure> {
    writeln!(io::stdout(), "{text}").map_err(|error| Failure::new(Exit::Failure, error))
}

fn load(path: Option<&Path>) -> Result<Config, Failure> {
    path.map_or_else(|| Ok(Config::default()), config::load)
        .map_err(|error| Failure::new(Exit::Usage, error))
}

/// For the commands that ask once and end.
fn small_runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Failure, error))
}
