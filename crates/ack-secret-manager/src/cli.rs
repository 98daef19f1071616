//! The command line: what is asked for, and how the program ends. Without a command it runs the operator,
//! for the charts of the original give nothing but flags.

use std::{
    ffi::OsString,
    fmt::Display,
    io::{self, Write as _},
    process::ExitCode,
};

use ack_secret_manager::{
    Settings, crds,
    settings::{SettingsError, help},
};
use clap::{Parser, Subcommand};
use kms_telemetry::{Exit, Failure};
use kms_types::Env;

mod cleanup;
mod convert;
mod plugin;
mod process;
mod validate;
mod webhook;

/// A line that begins with a command.
#[derive(Debug, Parser)]
#[command(name = NAME, version)]
struct Arguments {
    #[command(subcommand)]
    tool: Tool,
}

/// What the program can do besides running the operator.
#[derive(Debug, Subcommand)]
pub(crate) enum Tool {
    /// Prints the definitions of the four kinds, for kubectl apply -f -
    Crds,
    /// Turns manifests of external-secrets.io that used its Alibaba provider into ours
    #[command(after_help = convert::HELP)]
    Convert(convert::Convert),
    /// Says what can never work of manifests of ours, before anybody applies them
    #[command(after_help = validate::HELP)]
    Validate(validate::Validate),
    /// Says whether flags can be used, and what is said in vain with them
    Check {
        /// As the operator would be given them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        flags: Vec<OsString>,
    },
    /// Takes our finalizers away, so that objects can be deleted without the operator
    #[command(after_help = cleanup::HELP)]
    Cleanup(cleanup::Cleanup),
    /// Encrypts what kube-apiserver writes into etcd, under a key of KMS
    #[command(after_help = plugin::HELP)]
    KmsPlugin(Box<plugin::Arguments>),
    /// Answers the API server, which asks about our objects and about pods that want an agent
    #[command(after_help = webhook::HELP)]
    Webhook(Box<webhook::Arguments>),
    /// Says which version this is
    Version,
}

/// What is asked for.
#[derive(Debug)]
pub(crate) enum Command {
    Operator(Box<Settings>),
    Check(Box<Settings>),
    Tool(Tool),
}

pub(crate) const NAME: &str = "ack-secret-manager";

const VERSION: &str = env!("CARGO_PKG_VERSION");

const ABOUT: &str = "\
Keeps Secrets of Kubernetes equal to secrets of Alibaba Cloud KMS.

  ack-secret-manager [FLAGS]           runs the operator
  ack-secret-manager check [FLAGS]     says whether flags can be used
  ack-secret-manager crds              prints the definitions of the four kinds
  ack-secret-manager validate FILE…    says what can never work of manifests, before they are applied
  ack-secret-manager convert FILE…     turns manifests of external-secrets.io into ours
  ack-secret-manager cleanup           takes finalizers away when the operator is gone
  ack-secret-manager kms-plugin        encrypts what kube-apiserver writes into etcd
  ack-secret-manager webhook           answers the API server before it stores an object
  ack-secret-manager version           says which version this is

Try it against the cluster of your kubeconfig:
  export ACCESS_KEY_ID=… SECRET_ACCESS_KEY=…
  ack-secret-manager --region=cn-hangzhou --kms-endpoint=kms.cn-hangzhou.aliyuncs.com
";

const EXITS: &str = "
Exit codes:
  0 as ordered, 1 a namespace that is watched and excluded, 64 another mistake in the flags,
  70 anything else
";

/// Reads the arguments; help and errors are printed.
pub(crate) fn parse(
    arguments: impl Iterator<Item = OsString>,
    env: &Env,
) -> Result<Command, ExitCode> {
    let arguments: Vec<_> = arguments.collect();
    let first = arguments.get(1).map(|first| first.to_string_lossy());
    match first.as_deref() {
        Some("--version" | "-version") => Ok(Command::Tool(Tool::Version)),
        Some(word) if !word.starts_with('-') => tool(arguments, env),
        _ => settings(arguments.into_iter().skip(1), env).map(Command::Operator),
    }
}

/// The process's variables; those that are no text are of no use here.
pub(crate) fn environment() -> Env {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// Does it.
pub(crate) fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Operator(settings) => process::run(settings.process.log_level, |lifecycle| {
            ack_secret_manager::run(*settings, lifecycle)
        }),
        Command::Check(settings) => {
            for notice in &settings.notices {
                kms_telemetry::say(NAME, notice);
            }
            print("the flags are fine\n")
        }
        // Read as flags before it comes here.
        Command::Tool(Tool::Check { .. }) => Ok(()),
        Command::Tool(Tool::Crds) => print(crds::stream()),
        Command::Tool(Tool::Convert(what)) => convert::run(&what),
        Command::Tool(Tool::Validate(what)) => validate::run(&what),
        Command::Tool(Tool::Cleanup(what)) => cleanup::run(&what),
        Command::Tool(Tool::KmsPlugin(what)) => plugin::run(*what, environment()),
        Command::Tool(Tool::Webhook(what)) => webhook::run(*what, &environment()),
        Command::Tool(Tool::Version) => print(format_args!("{NAME} {VERSION}\n")),
    }
}

fn tool(arguments: Vec<OsString>, env: &Env) -> Result<Command, ExitCode> {
    match Arguments::try_parse_from(arguments) {
        Ok(Arguments {
            tool: Tool::Check { flags },
        }) => settings(flags, env).map(Command::Check),
        Ok(Arguments { tool }) => Ok(Command::Tool(tool)),
        Err(error) => {
            // Standard streams that are gone leave nobody to tell.
            drop(error.print());
            Err(if error.use_stderr() {
                Exit::Usage.into()
            } else {
                Exit::Fine.into()
            })
        }
    }
}

fn settings(
    arguments: impl IntoIterator<Item = OsString>,
    env: &Env,
) -> Result<Box<Settings>, ExitCode> {
    let arguments: Result<Vec<_>, _> = arguments.into_iter().map(OsString::into_string).collect();
    let Ok(arguments) = arguments else {
        kms_telemetry::say(NAME, "a flag is no text");
        return Err(Exit::Usage.into());
    };
    match Settings::parse(arguments, env) {
        Ok(settings) => Ok(Box::new(settings)),
        Err(SettingsError::Help) => {
            drop(print(format_args!("{ABOUT}\n{}{EXITS}", help())));
            Err(Exit::Fine.into())
        }
        Err(error) => {
            kms_telemetry::say(NAME, &error);
            Err(error.exit_code().into())
        }
    }
}

/// What was asked for, to standard output.
fn print(text: impl Display) -> Result<(), Failure> {
    write!(io::stdout(), "{text}").map_err(|error| Failure::new(Exit::Failure, error))
}

#[cfg(test)]
mod tests;
