mod create;
mod delete;
mod describe;
mod list;
mod password;
mod stage;
pub(super) mod tags;
mod update;
mod value;

pub use create::CreateSecret;
pub use delete::{DeleteSecret, RestoreSecret};
pub use describe::DescribeSecret;
pub use list::{Filter, FilterKey, ListSecretVersionIds, ListSecrets};
pub use password::GetRandomPassword;
pub use stage::UpdateSecretVersionStage;
pub use tags::Tag;
pub use update::UpdateSecret;
pub use value::{GetSecretValue, PutSecretValue};
