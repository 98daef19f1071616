//! Use cases: identity, authorisation, secrets. Knows no HTTP and no concrete store.
