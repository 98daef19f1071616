/// The key-encryption keys of one installation. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Keyring {}
