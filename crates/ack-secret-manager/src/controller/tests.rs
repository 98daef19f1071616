//! Whole controllers at an API server in memory, with remote secrets that a test says.

mod breaking;
mod failures;
mod scene;
mod statuses;
mod stores;
mod targets;
