//! Owns the hashes of ids: the words that decide ties and `random`, and the digests that tell prompts apart.

use sha2::{Digest, Sha256};

/// The words of one prompt's candidates: SHA-256 keyed by the seed and the prompt's id.
///
/// The key's parts have a stated length, so no two (seed, prompt, candidate) feed the same bytes.
pub(super) struct Words(Sha256);

impl Words {
    pub fn new(seed: u64, prompt: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"mode-lottery select 1");
        hash.update(seed.to_le_bytes());
        hash.update((prompt.len() as u64).to_le_bytes());
        hash.update(prompt.as_bytes());
        Self(hash)
    }

    pub fn word(&self, candidate: &str) -> u64 {
        let digest = self.0.clone().chain_update(candidate.as_bytes()).finalize();
        let (first, _) = digest
            .split_first_chunk::<8>()
            .expect("cannot fail because SHA-256 has 32 bytes");
        u64::from_le_bytes(*first)
    }
}

/// 128 bits of the SHA-256 of an id.
pub(super) fn digest(id: &str) -> u128 {
    let digest = Sha256::digest(id.as_bytes());
    let (first, _) = digest
        .split_first_chunk::<16>()
        .expect("cannot fail because SHA-256 has 32 bytes");
    u128::from_le_bytes(*first)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A silent change of keying would change what users keep: it is pinned here. By Python's hashlib:
    /// `sha256(b"mode-lottery select 1" + pack("<QQ", 7, 1) + b"p" + b"c")`.
    #[test]
    fn words_are_those_of_another_implementation() {
        assert_eq!(Words::new(7, "p").word("c"), 1_756_126_756_900_283_684);
        assert_eq!(digest("p"), 327_381_235_346_341_195_422_813_390_756_993_666_324);
    }

    #[test]
    fn every_part_of_the_key_changes_the_word() {
        let word = |seed, prompt, candidate| Words::new(seed, prompt).word(candidate);
        for other in [
            word(8, "p", "c"),
            word(7, "pc", ""),
            word(7, "", "pc"),
            word(7, "q", "c"),
            word(7, "p", "d"),
        ] {
            assert_ne!(word(7, "p", "c"), other);
        }
    }
}
