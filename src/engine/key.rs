//! Owns keys: texts that name things by their content.

use crate::numerics::text::hex;
use arcstr::Substr;
use sha2::{Digest, Sha256};
use std::ops::Range;

/// A canonical text that names something by its content, and the digest of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    text: Substr,
}

impl Key {
    /// The key of a canonical text.
    pub fn new(text: String) -> Self {
        Self { text: text.into() }
    }

    /// The key of a part of another's text, by bytes, which is not kept twice.
    pub(super) fn part(&self, bytes: Range<usize>) -> Self {
        Self {
            text: self.text.substr(bytes),
        }
    }

    /// The canonical text: two keys are the same exactly if their texts are.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the text.
    pub fn bytes(&self) -> [u8; 32] {
        Sha256::digest(self.text.as_bytes()).into()
    }

    /// SHA-256 of the text, in hexadecimal.
    pub fn digest(&self) -> String {
        hex(&self.bytes())
    }
}
