//! What the deployment parts share: namespaces that vanish with all that was mounted and
//! started in them, images without an engine, containers by an OCI runtime.

mod container;
mod documents;
mod image;
mod sandbox;
mod shipped;

pub(super) use container::{Container, Mount, Run};
pub(super) use documents::{KUBERNETES, documents, validate, yaml_python};
pub(super) use image::{Image, ImageStore};
pub(super) use sandbox::{Beside, Sandbox};
pub(super) use shipped::{copy_of, readable_copy, shipped_agent, shipped_operator};
