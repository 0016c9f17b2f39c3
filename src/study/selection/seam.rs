//! Owns what the engine, experiments and figures ask of a scenario.

use super::{Measure, Method, Pool, Selection, contrast, estimands, worker};
use crate::engine::{Memory, Ready, Spec, Study, StudyError};
use crate::numerics::stream::Streams;
use crate::study::pools::Pools;
use crate::study::trace::{self, TraceTable};
use crate::study::{Question, memory};
use crate::theory::budget::Budget;
use crate::world::World;

impl Study for Selection {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    /// Cochran's integer of the budget that all arms share.
    fn best_at(&self, along: &str) -> Option<f64> {
        let budget = Budget::shared(self.arms.iter().map(|arm| arm.budget)).filter(|_| along == "responses")?;
        let best = budget.costs.best_integer(&self.world.trace_components())?;
        Some(best as f64)
    }

    fn memory(&self) -> Memory {
        memory::of_pools(
            self.world.as_ref(),
            &self.pass,
            &self.spec,
            (size_of::<Method>(), 2 * self.measures.len()),
        )
    }

    fn prepare(&self) -> Result<Box<dyn Ready + '_>, StudyError> {
        let streams = Streams::new(self.spec.draws.text());
        Ok(Box::new(worker::Prepared::new(self, streams)))
    }
}

impl Question for Selection {
    fn pools(&self) -> Option<&dyn Pools> {
        Some(self)
    }

    fn world(&self) -> Option<&dyn World> {
        Some(self.world.as_ref())
    }

    fn trace(&self, replicate: u64, prompts: u32) -> Vec<TraceTable> {
        let designs = self.arms.iter().map(Method::design);
        trace::draws(&self.pass, self.world.as_ref(), &self.spec, replicate, prompts, designs)
    }

    /// None where the key is neither, or the arm would keep more than its pool. A budget buys as many prompts as it then does.
    fn exact_at(&self, estimand: usize, key: &str, value: u32) -> Option<f64> {
        let own = &self.spec.estimands[estimand];
        let arm = &self.arms[own.of.shown()?];
        let arm = match (key, arm.budget) {
            ("prompts", None) if value > 0 => Method {
                prompts: value,
                ..arm.clone()
            },
            ("responses", _) => arm.keeping(value)?,
            ("candidates", _) if value >= arm.responses => Method {
                candidates: Pool::Of(value),
                ..arm.clone()
            },
            _ => return None,
        };
        let (measure, quantity) = (Measure::of(own.kind)?, own.kind.quantity.name);
        let world = self.world.as_ref();
        if measure == Measure::Returns {
            return contrast::exact(world, &self.laws, &arm, quantity)?.value();
        }
        let part = own.at.parse().unwrap_or(0);
        let truth = estimands::Truth::of(world, &self.laws, &arm, measure);
        truth.exact(&arm, quantity, part).value()
    }
}
