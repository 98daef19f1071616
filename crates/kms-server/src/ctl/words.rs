//! Words on the command line that more than one part knows.

/// The words of all commands.
pub(super) const ENDPOINT: &str = "endpoint";
pub(super) const CA_FILE: &str = "ca-file";
pub(super) const REGION: &str = "region";
pub(super) const PROFILE: &str = "profile";
pub(super) const OUTPUT: &str = "output";
pub(super) const JSON: &str = "json";
pub(super) const YES: &str = "yes";

/// Words of commands that read a stream.
pub(super) const FILE: &str = "file";
pub(super) const BINARY: &str = "binary";
pub(super) const KEEP_NEWLINE: &str = "keep-newline";
pub(super) const DIGEST: &str = "digest";

/// What nobody should say: a value for everybody to see.
pub(super) const VALUE: &str = "value";
pub(super) const MORE: &str = "more";
