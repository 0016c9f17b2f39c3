//! Owns the question whether a run may write into a folder: not over files that this program did not write, and not over the result of
//! another experiment unless it is told to start over.

use super::{CliError, journal, shortened};
use crate::experiment::Experiment;
use crate::record::journal::Kept;
use crate::record::{Manifest, replace, written};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where the names of files stand that this program writes into a folder: a run that was killed while it wrote them has no manifest yet,
/// and a manifest may be damaged.
fn list(directory: &Path) -> PathBuf {
    directory.join(journal::FOLDER).join("outputs.txt")
}

/// Files of a folder that this program wrote.
fn own(directory: &Path) -> BTreeSet<String> {
    let listed = std::fs::read_to_string(list(directory)).unwrap_or_default();
    let mut own: BTreeSet<String> = listed.lines().map(str::to_owned).collect();
    own.extend(written(&directory.join("manifest.json")));
    own
}

/// Refuses to write these files over others of the same names that this program did not write.
pub(super) fn refuse_foreign(directory: &Path, outputs: &[String]) -> Result<(), CliError> {
    let own = own(directory);
    let foreign = |file: &&String| !own.contains(*file) && directory.join(file).exists();
    let found: Vec<String> = outputs.iter().filter(foreign).cloned().collect();
    if found.is_empty() {
        return Ok(());
    }
    let them = if found.len() == 1 { "it" } else { "them" };
    Err(CliError::Input(format!(
        "{}: a result would replace {}, which this program did not write (no manifest.json names {them}); move {them} away, \
         or give another --out",
        directory.display(),
        shortened(&found, 3)
    )))
}

/// A mark stands within so many bytes of the beginning of a page.
const MARK_WITHIN: usize = 1000;

/// Refuses to write a page over a file that does not bear the mark of this program's. `else_` says what else can be done.
pub(super) fn refuse_unmarked(path: &Path, mark: &str, else_: &str) -> Result<(), CliError> {
    if !path.exists() {
        return Ok(());
    }
    let stands = std::fs::read(path).map_err(CliError::input_at(path))?;
    let mut places = stands.windows(mark.len()).take(MARK_WITHIN);
    match places.any(|place| place == mark.as_bytes()) {
        true => Ok(()),
        false => Err(CliError::Input(format!(
            "{}: it is there already, and this program did not write it; move it away, {else_}",
            path.display()
        ))),
    }
}

/// Lists the files that are about to be written, if they may be.
pub(super) fn begin(directory: &Path, outputs: &[String]) -> Result<(), CliError> {
    refuse_foreign(directory, outputs)?;
    // `report` redoes what its folder holds, which need have no journal.
    match directory.join(journal::FOLDER).is_dir() {
        true => replace(&list(directory), (outputs.join("\n") + "\n").as_bytes()).map_err(CliError::run),
        false => Ok(()),
    }
}

/// Refuses to replace the result of another experiment, one of another title of which no scenario is one of these, unless a run of these
/// has begun there. Whoever changes a seed or a measure means to run that experiment again; its blocks stay in the journal.
///
/// `asked` says how it is replaced all the same.
pub(super) fn refuse_other(directory: &Path, experiment: &Experiment, asked: &str) -> Result<(), CliError> {
    let Ok(stands) = Manifest::read(&directory.join("manifest.json")) else {
        return Ok(());
    };
    let title = title(&stands);
    if title.as_deref() == Some(experiment.title.as_str()) {
        return Ok(());
    }
    let works: BTreeSet<String> = works(experiment).collect();
    let begun = |kept: Kept| journal::digests(experiment).iter().any(|work| kept.has_any(work));
    if stands.scenarios.iter().any(|own| works.contains(&own.work))
        || Kept::of_folder(&directory.join(journal::FOLDER)).is_ok_and(begun)
    {
        return Ok(());
    }
    Err(CliError::Input(format!(
        "{}: the result of another experiment stands there ({:?}), and none of its blocks fit this one; \
         {asked}another --out keeps both",
        directory.display(),
        title.unwrap_or_default()
    )))
}

/// The digests of the work keys of its scenarios.
fn works(experiment: &Experiment) -> impl Iterator<Item = String> {
    experiment.scenarios.iter().map(|own| own.study.spec().work.digest())
}

/// The title of the experiment that a manifest holds.
fn title(manifest: &Manifest) -> Option<String> {
    let text: toml::Table = manifest.text.parse().ok()?;
    text.get("title")?.as_str().map(str::to_owned)
}

/// Refuses to replace a whole result of this experiment by a part of it.
pub(super) fn refuse_lesser(directory: &Path, experiment: &Experiment) -> Result<(), CliError> {
    let Ok(stands) = Manifest::read(&directory.join("manifest.json")) else {
        return Ok(());
    };
    let whole = stands.scenarios.iter().all(|own| own.missing == 0);
    if !whole || !works(experiment).eq(stands.scenarios.iter().map(|own| own.work.clone())) {
        return Ok(());
    }
    Err(CliError::Input(format!(
        "{}: a whole result of this experiment stands there, and a partial one would take its place; give another --out",
        directory.display()
    )))
}
