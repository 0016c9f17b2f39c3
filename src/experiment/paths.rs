//! Owns how dotted keys are written.

/// A key as it stands in a grid.
pub(super) fn bare_or_quoted(key: &str) -> String {
    if key.contains('.') {
        format!("{key:?}")
    } else {
        key.to_owned()
    }
}
