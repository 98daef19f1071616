use serde::{Deserialize, Serialize};

/// Answer of GetLoginProfile.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetLoginProfile {
    /// How the user logs on.
    pub login_profile: LoginProfile,
}

/// How a user logs on to the cloud's console.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LoginProfile {
    /// Whose it is.
    pub user_name: String,
    /// Whether the next logon asks for a new password.
    pub password_reset_required: bool,
    /// Whether the next logon asks for a second factor.
    #[serde(rename = "MFABindRequired")]
    pub mfa_bind_required: bool,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub create_date: String,
}

/// Answer of GetUserMFAInfo and UnbindMFADevice.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct MfaDeviceAnswer {
    /// The device.
    #[serde(rename = "MFADevice")]
    pub mfa_device: MfaDevice,
}

/// A device for a second factor.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MfaDevice {
    /// What it is called.
    pub serial_number: String,
}
