//! AccessKeys that KMS hosts and rotates, in the shapes that programs take which were never
//! written for KMS: an answer of CredentialsURI, and files that are kept fresh.

mod answer;
mod file;
mod text;
mod uri;

pub(crate) use answer::answer;
pub use file::RenderError;
pub(crate) use file::RenderedFiles;
pub(crate) use uri::{Carried, CredentialsUri, PREFIX};
