//! Puts what comes in into a bucket of S3, for a server that is not ours to look at: the endpoint,
//! the bucket, the object's name and the AccessKey are variables.

use std::{
    io::{self, Read as _},
    sync::Arc,
};

use anyhow::{Context as _, Result};
use kms_client::{
    Env, Secret, SigningKey, Source, Transport,
    delivery::{Addressing, Encryption, S3Bucket, Sender},
};
use kms_credentials::Surroundings;
use kms_types::SystemClock;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let env = environment();
    let said = |name: &str| {
        let said = env.get(name).map(str::to_owned);
        said.with_context(|| format!("{name} is not set"))
    };
    let mut body = Vec::new();
    io::stdin().read_to_end(&mut body)?;
    let key = SigningKey {
        access_key_id: said("S3_ACCESS_KEY_ID")?.parse()?,
        access_key_secret: Secret::new(said("S3_SECRET_ACCESS_KEY")?),
        security_token: None,
    };
    let http = Arc::new(Transport::new(&Env::default(), None)?);
    let around = Surroundings::new(
        Env::default(),
        Arc::<Transport>::clone(&http),
        Arc::new(SystemClock),
    );
    let sender = Sender::new(http, Arc::new(Source::AccessKey(key).credentials(around)));
    let endpoint = said("S3_ENDPOINT")?.parse()?;
    let (region, bucket) = ("us-east-1".to_owned(), said("S3_BUCKET")?);
    let bucket = S3Bucket::new(sender, endpoint, Addressing::Path, region, bucket);
    bucket
        .encryption(Some(Encryption::Aes256))
        .put(&said("S3_KEY")?, "application/json", &body)
        .await?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a program reads its environment")]
fn environment() -> Env {
    std::env::vars().collect()
}
