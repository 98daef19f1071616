//! Objects in a bucket: one for each finding, whose name says which it is. So one that is put
//! twice is there once.

use async_trait::async_trait;
use aws_lc_rs::digest::{SHA256, digest};
use kms_client::delivery::{OssBucket, S3Bucket};

use super::{Parcel, Place, Refusal};

/// A bucket.
pub(super) struct Objects {
    pub(super) bucket: Bucket,
    /// What their names begin with.
    pub(super) prefix: String,
}

/// Whose it is.
pub(super) enum Bucket {
    Oss(OssBucket),
    S3(S3Bucket),
}

const CONTENT_TYPE: &str = "application/json";

#[async_trait]
impl Place for Objects {
    fn kind(&self) -> &'static str {
        match self.bucket {
            Bucket::Oss(_) => "oss",
            Bucket::S3(_) => "s3",
        }
    }

    async fn put(&self, parcel: &Parcel<'_>) -> Result<(), Refusal> {
        let (name, body) = (name(&self.prefix, parcel), parcel.body.as_bytes());
        match &self.bucket {
            Bucket::Oss(bucket) => bucket.put(&name, CONTENT_TYPE, body).await?,
            Bucket::S3(bucket) => bucket.put(&name, CONTENT_TYPE, body).await?,
        }
        Ok(())
    }
}

/// `<prefix>/<account>/<year>/<month>/<day>/NonCompliantNotification/<time>_<hash>.json`. The cloud
/// puts no findings into buckets, and what it calls the snapshots there it does not publish; so
/// this is ours. The hash is that of the finding's id, which has slashes in it.
pub(super) fn name(prefix: &str, parcel: &Parcel<'_>) -> String {
    let day = parcel.time.strftime("%Y/%m/%d");
    let time = parcel.time.strftime("%Y%m%dT%H%M%SZ");
    let mut hash = hex::encode(digest(&SHA256, parcel.id.as_bytes()));
    hash.truncate(32);
    let account = parcel.account;
    format!("{prefix}/{account}/{day}/NonCompliantNotification/{time}_{hash}.json")
}
