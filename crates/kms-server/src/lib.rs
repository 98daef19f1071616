//! The program kms-server as a library.
