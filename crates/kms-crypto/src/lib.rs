//! Envelope encryption. Callers hold handles, never key bytes.
