//! OIDC: identity providers whose tokens may be exchanged for a role.

mod providers;
