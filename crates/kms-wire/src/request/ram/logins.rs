use kms_types::UserName;

use super::{Action, ApiError, Fields, Operation, Params, Part, of_parts, response};

of_parts! {
    /// Takes a user's password for the console away.
    DeleteLoginProfile -> response::Empty {
        /// Whose.
        user_name: UserName,
    }

    /// Reads how a user logs on to the console.
    GetLoginProfile -> response::GetLoginProfile {
        /// Whose.
        user_name: UserName,
    }

    /// Reads which device a user has for a second factor.
    GetUserMFAInfo -> response::MfaDeviceAnswer {
        /// Whose.
        user_name: UserName,
    }

    /// Takes a user's device for a second factor away.
    UnbindMFADevice -> response::MfaDeviceAnswer {
        /// Whose.
        user_name: UserName,
    }
}
