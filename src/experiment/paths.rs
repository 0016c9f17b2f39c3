//! Owns dotted keys as paths: how they are taken apart, and how they are written.

use super::keys::ARM_KEYS;

/// Where a key that varies stands in the tree of a scenario.
pub(super) fn path_of(key: &str) -> Vec<&str> {
    let table = ARM_KEYS.contains(&key).then_some("arms");
    table.into_iter().chain(key.split('.')).collect()
}

pub(super) fn bare_or_quoted(key: &str) -> String {
    if key.contains('.') {
        format!("{key:?}")
    } else {
        key.to_owned()
    }
}
