use thiserror::Error;

/// Why a command line cannot be used.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum SettingsError {
    /// `-h` or `--help` was given; not a mistake.
    #[error("help was asked for")]
    Help,
    /// Neither the original's flag nor ours.
    #[error("there is no flag --{name}{}; ack-secret-manager --help lists all",
        near.map_or_else(String::new, |near| format!("; did you mean --{near}?")))]
    Unknown {
        /// As it was written, without what follows.
        name: String,
        /// What may have been meant.
        near: Option<&'static str>,
    },
    /// `---`, or `-=`.
    #[error("a flag begins with one or two hyphens and has a name: --region=cn-hangzhou")]
    Syntax,
    /// The line ends after its name.
    #[error("--{0} needs a value: --{0}=…")]
    NoValue(String),
    /// `--switch true`, which Go takes for a switch and the end of all flags.
    #[error("what follows --{0} is no flag; a switch is turned by --{0}=true or --{0}=false")]
    AfterSwitch(String),
    /// Something that is no flag.
    #[error("{}", match .0 {
        Some(before) => format!("what follows --{before} and its value is no flag; \
            a value with spaces needs quotes"),
        None => "what stands first is no flag; ack-secret-manager --help lists all".to_owned(),
    })]
    Stray(Option<String>),
    /// A value that is not what the flag takes.
    #[error("--{name} {why}")]
    Wrong {
        /// Which flag.
        name: &'static str,
        /// What it takes.
        why: String,
    },
    /// A namespace that is watched and excluded. The original ends with 1 then.
    #[error("in --watch-namespaces and in --exclude-namespaces: {}; say each namespace in one of them",
        .0.join(", "))]
    Conflict(Vec<String>),
}

// === impl SettingsError ===

impl SettingsError {
    /// How the program ends: 1 where the original does so on purpose, else 64.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Help => 0,
            Self::Conflict(_) => 1,
            _ => kms_telemetry::Exit::Usage.code(),
        }
    }
}
