//! What travels between a KMS client and a KMS server, for both sides: requests and
//! answers as types, parameters, signatures, error bodies. And what findings are put into: objects
//! of OSS and S3, and logs of SLS.
//!
//! Pure: no IO, no clock, no environment. Bytes in, values out, and back.

mod answer;
mod error;
mod error_body;
pub mod instance;
pub mod oss;
mod params;
mod percent;
mod raw;
pub mod request;
pub mod response;
pub mod s3;
pub mod sign;
pub mod sls;
mod timestamp;

pub use answer::{Format, render, render_error};
pub use error::ApiError;
pub use error_body::ErrorBody;
pub use params::Params;
pub use raw::{RawRequest, SignedRequest};
pub use request::{Action, Operation, Product, Request};
pub use response::Response;
pub use timestamp::{parse_timestamp, write_timestamp};
