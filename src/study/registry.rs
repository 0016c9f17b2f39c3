//! Owns the list of studies and worlds that files may name.

pub use super::kind::{Registry, Site, StudyKeys, StudyKind, WorldKind};
use super::{EstimandDoc, StudyDoc, alignment, greedy, pools, selection, stopping, training};

/// The studies of this crate, in the order of help texts.
pub static STUDIES: [&StudyKind; 5] = [
    &selection::KIND,
    &training::KIND,
    &alignment::KIND,
    &greedy::KIND,
    &stopping::KIND,
];

impl Registry {
    /// The studies and worlds of this crate.
    pub fn standard() -> Self {
        Self {
            studies: STUDIES.to_vec(),
            worlds: pools::WORLDS.to_vec(),
        }
    }
}

/// A measure of any study, for help texts and messages.
#[derive(Debug, Clone)]
pub struct MeasureInfo {
    /// The study that has it.
    pub study: &'static str,
    /// Its name in files.
    pub name: &'static str,
    /// Its meaning with unit and range.
    pub about: &'static str,
    /// Its estimands, all that it can have.
    pub estimands: Vec<String>,
}

/// Every measure of every study.
pub fn measures() -> Vec<MeasureInfo> {
    let of = |doc: &StudyDoc| {
        let study = doc.name;
        let info = move |(name, about, estimands)| MeasureInfo {
            study,
            name,
            about,
            estimands,
        };
        (doc.measures)().into_iter().map(info)
    };
    STUDIES.iter().map(|study| study.doc).flat_map(of).collect()
}

/// Every quantity of every study, beside the study's name.
pub fn quantities() -> Vec<(&'static str, EstimandDoc)> {
    let of = |doc: &StudyDoc| {
        let study = doc.name;
        doc.quantities.iter().map(move |quantity| (study, *quantity))
    };
    STUDIES.iter().map(|study| study.doc).flat_map(of).collect()
}
