//! Owns the list of studies, worlds and selectors that files may name.

pub use super::STUDIES;
pub use super::kind::{Registry, Site, StudyKeys, StudyKind, WorldKind};
use super::pools;
use crate::engine::MeasureKind;
use crate::select::Selector;

impl Registry {
    /// The studies, worlds and selectors of this crate.
    pub fn standard() -> Self {
        Self {
            studies: STUDIES.to_vec(),
            worlds: pools::WORLDS.to_vec(),
            selectors: Selector::ALL.to_vec(),
        }
    }
}

/// Every measure of every study, beside the study that has it.
pub fn measures() -> impl Iterator<Item = (&'static StudyKind, &'static MeasureKind)> {
    let of = |&study: &&'static StudyKind| study.measures.iter().map(move |measure| (study, measure));
    STUDIES.iter().flat_map(of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn what_is_stated_of_measures_and_estimands_fits_together() {
        let mut names = HashSet::new();
        for (study, measure) in measures() {
            assert!(names.insert(measure.name), "{} is a measure twice", measure.name);
            for kind in measure.estimands {
                assert_eq!(kind.name, format!("{}.{}", measure.name, kind.quantity.name));
                assert_eq!(kind.measure(), measure.name);
                assert!(names.insert(kind.name), "{} is stated twice", kind.name);
                let beside = [kind.floor, kind.bound].into_iter().flatten();
                for name in beside {
                    assert!(measure.estimands.iter().any(|own| own.name == name), "{name}");
                }
            }
            let quantities: Vec<&str> = study.quantities().iter().map(|own| own.name).collect();
            let own = measure.estimands.iter().map(|kind| kind.quantity.name);
            let places: Vec<usize> = own
                .filter_map(|name| quantities.iter().position(|other| *other == name))
                .collect();
            assert!(
                places.len() == measure.estimands.len() && places.is_sorted(),
                "{quantities:?}"
            );
        }
    }
}
