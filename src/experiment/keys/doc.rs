//! What is said of one key.

/// The meaning of one key.
#[derive(Debug, Clone, Copy)]
pub struct KeyDoc {
    /// Dotted path; `[]` stands for the tables of a list.
    pub path: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Type, unit and range.
    pub range: &'static str,
    /// What holds when it is absent.
    pub default: &'static str,
}

pub(super) const fn key(
    path: &'static str,
    meaning: &'static str,
    range: &'static str,
    default: &'static str,
) -> KeyDoc {
    KeyDoc {
        path,
        meaning,
        range,
        default,
    }
}
