use std::{fmt, net::SocketAddr, path::PathBuf};

use super::{hosted, shell::shell_word};

/// What is running and how to use it, for people: commands to paste.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The folder, absolute.
    pub dir: PathBuf,
    /// OpenAPI over HTTP.
    pub http: SocketAddr,
    /// OpenAPI over TLS.
    pub tls: SocketAddr,
    /// The instance's gateway, over TLS.
    pub instance: SocketAddr,
    /// The agent.
    pub agent: SocketAddr,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            dir,
            http,
            tls,
            instance,
            agent,
        } = self;
        let dir = shell_word(&dir.display().to_string());
        let port = agent.port();
        let secret = hosted::SECRET;
        writeln!(
            f,
            "KMS for development; state, keys and logs are in {dir}

  KMS     http://{http}
          https://{tls}  (CA: {dir}/ca.pem)
          https://{instance}  (the instance's gateway)
  agent   http://localhost:{port}

Read the demo secret through the agent:
  curl -H \"X-KMS-Token:$(<{dir}/kmstoken)\" 'http://localhost:{port}/secretsmanager/get?secretId=agent-test'
  curl -H \"X-KMS-Token:$(<{dir}/kmstoken)\" http://localhost:{port}/v1/agent-test

Watch the hosted AccessKey of the user app-demo, another one every five minutes; or rotate it now:
  source {dir}/env; kms-server ctl secret get {secret} --field AccessKeyId
  source {dir}/env; kms-server ctl rotate {secret} --watch

AccessKey, endpoints and CA for SDKs:
  source {dir}/env"
        )
    }
}
