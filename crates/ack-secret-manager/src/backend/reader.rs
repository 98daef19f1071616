use std::time::Duration;

use async_trait::async_trait;
use tokio::time::timeout;

use super::{ReadError, Reader, kms::Kms, oos::Oos};
use crate::plan::{Provider, Remote, Value};

/// What one identity reads.
pub(super) struct Readers {
    pub(super) kms: Option<Kms>,
    pub(super) oos: Option<Oos>,
}

/// A little longer than kms-client tries, which then says why it gave up.
const LONGEST: Duration = Duration::from_secs(32);

#[async_trait]
impl Reader for Readers {
    async fn read(&self, remote: &Remote) -> Result<Value, ReadError> {
        let reading = async {
            match (remote.provider, &self.kms, &self.oos) {
                (Provider::Kms, Some(kms), _) => kms.read(remote).await,
                (Provider::Oos, _, Some(oos)) => oos.read(remote).await,
                (Provider::Kms, None, _) | (Provider::Oos, _, None) => Err(ReadError::Refused {
                    code: "WrongStore".to_owned(),
                    reason: format!(
                        "{} does not say who asks {provider}; name a store with {provider}, or \
                         another provider",
                        remote.store,
                        provider = remote.provider
                    ),
                }),
            }
        };
        timeout(LONGEST, reading).await.unwrap_or_else(|_elapsed| {
            Err(ReadError::Passing {
                code: "Timeout".to_owned(),
                reason: format!(
                    "{} has no answer for {} within {} s",
                    remote.provider,
                    remote.name,
                    LONGEST.as_secs()
                ),
            })
        })
    }
}
