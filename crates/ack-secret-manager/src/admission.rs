//! What is said to the API server before it stores an object: functions from values to values, which
//! know no API server (`webhook` carries questions and answers).
//!
//! Objects are JSON as the API server sends it: a type of ours would lose fields of Kubernetes that are
//! newer than it.

pub mod inject;
pub mod validate;
