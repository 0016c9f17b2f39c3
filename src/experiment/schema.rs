//! Owns the schema of experiment files: what every study says of its keys, and the names of its estimands.

use super::header;
use crate::format::keys::Role;
use crate::format::schema::{StudyFiles, of_experiments};
use crate::study::registry::{Registry, StudyKeys};

/// The JSON Schema of experiment files, with a final line feed.
pub fn schema() -> String {
    let registry = Registry::standard();
    let keys: Vec<StudyKeys> = registry.studies.iter().map(|study| registry.describe(study)).collect();
    let whole: Vec<_> = keys.iter().map(|keys| header::describe(&registry, keys)).collect();
    let studies: Vec<StudyFiles<'_>> = registry
        .studies
        .iter()
        .zip(keys.iter().zip(&whole))
        .map(|(study, (own, whole))| {
            let of = |role: Role| {
                own.varying(role)
                    .into_iter()
                    .map(move |(path, key)| (path, key, role == Role::Method))
            };
            StudyFiles {
                name: study.name,
                keys: whole,
                varying: of(Role::Draws).chain(of(Role::Method)).collect(),
                estimands: study
                    .measures
                    .iter()
                    .flat_map(|measure| measure.estimands)
                    .map(|kind| kind.name.to_owned())
                    .collect(),
            }
        })
        .collect();
    of_experiments("mode-lottery experiment", &studies)
}
