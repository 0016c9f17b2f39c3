//! Owns `manifest.json`: what is needed to redo a result, and apart from it what cannot be equal between two runs.

use super::blocks::BlockDigest;
use super::fault::FileError;
use crate::numerics::text::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// The stored form. `version` rises with any change that an older reader would misread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Manifest {
    /// Version of this format.
    pub version: u32,
    /// Name of the experiment.
    pub experiment: String,
    /// The experiment file, as given.
    pub file: String,
    /// Its text as run.
    pub text: String,
    /// `--set` and `--replicates` arguments laid over it.
    pub set: Vec<String>,
    /// Version of the numerics, which decides the bits of every draw.
    pub numerics: u32,
    /// Per scenario: digests of draws key and work key, replicates, and digests of some blocks.
    pub scenarios: Vec<ScenarioRecord>,
    /// Digest of each output.
    pub outputs: Vec<OutputDigest>,
    /// What cannot be equal between two runs, and is not compared.
    pub provenance: Provenance,
}

/// One scenario: its keys, how long it was run, and what came of it here and there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ScenarioRecord {
    /// SHA-256 of the draws key.
    pub draws: String,
    /// SHA-256 of the work key.
    pub work: String,
    /// Replicates drawn, rounded up to whole blocks.
    pub replicates: u64,
    /// Digests of the blocks that [`chosen`](super::chosen) says: with them whoever has no journal can draw these again and compare.
    pub blocks: Vec<BlockDigest>,
    /// Blocks that the experiment asks for and that were not there: of a partial merge only.
    #[serde(default, skip_serializing_if = "is_none")]
    pub missing: u64,
}

fn is_none(missing: &u64) -> bool {
    *missing == 0
}

/// One file of the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OutputDigest {
    /// Its name.
    pub file: String,
    /// Its SHA-256.
    pub sha256: String,
}

/// Circumstances of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Provenance {
    /// Version of the crate.
    pub crate_version: String,
    /// Commit that the program was built from, if it was built in a checkout.
    pub commit: String,
    /// The command that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Operating system and processor architecture.
    pub platform: String,
    /// Vector unit used; no result depends on it.
    pub lanes: String,
    /// Threads used; no result depends on them.
    pub threads: usize,
    /// Seconds that the replicates took.
    pub seconds: f64,
    /// Seconds that exact values took which were worked out before them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exact_seconds: Option<f64>,
    /// Seconds that estimates and claims took after them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judging_seconds: Option<f64>,
    /// Seconds that tables and figures took after these, up to this file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writing_seconds: Option<f64>,
    /// Blocks of replicates that it computed.
    pub blocks_computed: u64,
    /// Blocks that it found kept by earlier runs.
    pub blocks_kept: u64,
    /// When it ended, in seconds since 1970 (UTC).
    pub unix_time: u64,
}

/// The version that this program writes.
pub const VERSION: u32 = 3;

impl Manifest {
    /// Writes the file's bytes.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        // The serializer writes word by word.
        let mut out = BufWriter::new(out);
        serde_json::to_writer_pretty(&mut out, self)?;
        out.write_all(b"\n")?;
        out.flush()
    }

    /// A manifest of the file's bytes; refuses one of another version. `path` stands in messages.
    pub fn parse(path: &Path, bytes: &[u8]) -> Result<Self, FileError> {
        let wrong = |error: serde_json::Error| FileError::content(path, format!("not a manifest: {error}"));
        let value: serde_json::Value = serde_json::from_slice(bytes).map_err(wrong)?;
        match value["version"].as_u64() {
            Some(version) if version == u64::from(VERSION) => serde_json::from_value(value).map_err(wrong),
            Some(version) => Err(FileError::content(
                path,
                format!("format version {version}, but this program reads version {VERSION}: run the experiment again"),
            )),
            None => Err(FileError::content(path, "not a manifest: it has no version")),
        }
    }
}

/// The digest of one output.
pub fn digest(file: &str, bytes: &[u8]) -> OutputDigest {
    let mut own = Digesting::default();
    own.add(bytes);
    own.finish(file)
}

/// The digest of an output that is written piece by piece.
#[derive(Debug, Clone, Default)]
pub struct Digesting(Sha256);

impl Digesting {
    /// Takes in the next bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of the output that has this name.
    pub fn finish(self, file: &str) -> OutputDigest {
        OutputDigest {
            file: file.to_owned(),
            sha256: hex(&self.0.finalize()),
        }
    }
}
