//! Owns what the engine, experiments and figures ask of a scenario.

use super::{Alignment, PathArm, estimands, worker};
use crate::engine::{EstimandKind, Exact, Memory, Ready, Spec, Study, StudyError};
use crate::numerics::stream::Streams;
use crate::study::trace::{self, TraceTable};
use crate::study::{Question, memory};
use crate::world::World;

impl Study for Alignment {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn memory(&self) -> Memory {
        memory::of_pools(self.world.as_ref(), &self.pass, &self.spec, (size_of::<PathArm>(), 1))
    }

    fn prepare(&self) -> Result<Box<dyn Ready + '_>, StudyError> {
        let streams = Streams::new(self.spec.draws.text());
        Ok(Box::new(worker::Prepared::new(self, streams)))
    }
}

impl Question for Alignment {
    fn rows_rest_on_laws(&self) -> bool {
        true
    }

    fn world(&self) -> Option<&dyn World> {
        Some(self.world.as_ref())
    }

    fn trace(&self, replicate: u64, prompts: u32) -> Vec<TraceTable> {
        let designs = self.arms.iter().map(PathArm::design);
        trace::draws(&self.pass, self.world.as_ref(), &self.spec, replicate, prompts, designs)
    }

    /// Also at another step, as `at`. The number of prompts changes no exact value here.
    fn exact_at(&self, estimand: usize, key: &str, value: u32) -> Option<f64> {
        self.exact_along(estimand, key, &[value]).pop().flatten()
    }

    /// All steps of a path are met in one descent.
    fn exact_along(&self, estimand: usize, key: &str, values: &[u32]) -> Vec<Option<f64>> {
        let own = &self.spec.estimands[estimand];
        let (Some(arm), Ok(step)) = (own.of.shown().map(|index| &self.arms[index]), own.at.parse()) else {
            return vec![None; values.len()];
        };
        if key == "at" {
            return self.exact_of(arm, own.kind, values);
        }
        let of_other = |&value: &u32| self.exact_of(&arm.with(key, value)?, own.kind, &[step]).pop().flatten();
        values.iter().map(of_other).collect()
    }
}

impl Alignment {
    fn exact_of(&self, arm: &PathArm, kind: &EstimandKind, steps: &[u32]) -> Vec<Option<f64>> {
        let values = estimands::exact(self.world.as_ref(), &self.laws, arm, kind, steps);
        values.into_iter().map(Exact::value).collect()
    }
}
