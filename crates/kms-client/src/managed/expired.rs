use crate::CallError;

/// An error of the service that is called with a hosted AccessKey, as far as
/// [`ManagedAccessKey::with`](super::ManagedAccessKey::with) looks at it.
pub trait ServiceError: std::error::Error + 'static {
    /// The service's own code, such as `InvalidAccessKeyId.NotFound`; `None` if the service
    /// said nothing.
    fn code(&self) -> Option<&str>;
}

/// The codes that say of an AccessKey that it is no longer good. The official plug-ins know
/// the first two (some of them one, that for Go none) and fail on a key that was disabled
/// (reference accesskey §3.5).
pub const EXPIRED_CODES: [&str; 5] = [
    "InvalidAccessKeyId.NotFound",
    "InvalidAccessKeyId",
    "InvalidAccessKeyId.Inactive",
    "Forbidden.AccessKeyDisabled",
    "Unauthorized",
];

impl ServiceError for CallError {
    fn code(&self) -> Option<&str> {
        match self {
            Self::Service { code, .. } => Some(code),
            _ => None,
        }
    }
}
