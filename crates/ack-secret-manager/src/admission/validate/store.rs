use super::findings::Findings;
use crate::{api::SecretStoreSpec, backend, plan::Store};

/// A store's own text. Whether what it names is there, and is of use, its status says.
pub(super) fn look(spec: &SecretStoreSpec, store: &Store, findings: &mut Findings) {
    for fault in backend::faults(spec, store) {
        let backend::StoreError { field, reason } = fault.error;
        let field = match field.as_str() {
            "spec" => field,
            _ => format!("spec.{field}"),
        };
        if fault.fatal {
            findings.mistake(field, reason);
        } else {
            findings.warn(field, reason);
        }
    }
}
