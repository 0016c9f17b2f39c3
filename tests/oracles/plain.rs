//! What the plain implementations share: responses drawn one by one, and the worker's own batch to compare with.

use mode_lottery::engine::{ExactCache, Study, Tally};
use mode_lottery::inference::groups::Group;
use mode_lottery::numerics::stream::{Purpose, Streams};
use mode_lottery::study::BATCH;
use mode_lottery::world::{BaseWeights, Copies, Dirichlet, World};
use std::sync::Arc;

/// Prompts and responses in plain numbers.
#[derive(Debug, Clone)]
pub struct Plain {
    pub weights: Vec<f64>,
    pub concentration: f64,
    /// The probability of a copy; none where responses are independent given the prompt.
    pub copies: Option<f64>,
}

impl Plain {
    pub fn base(&self) -> BaseWeights {
        BaseWeights::listed(&self.weights).unwrap()
    }

    /// The crate's own world of these numbers, without rewards and embeddings.
    pub fn world(&self) -> Arc<dyn World> {
        let prompts = Dirichlet::new(self.base(), self.concentration);
        match self.copies {
            None => Arc::new(prompts),
            Some(c) => Arc::new(Copies::new(prompts, c)),
        }
    }

    /// The modes of the first `depth` responses to a prompt of a replicate.
    pub fn responses(&self, streams: &Streams, replicate: u64, prompt: u32, depth: usize) -> Vec<usize> {
        let base = self.base();
        let draws = |n| {
            let uniforms = uniforms(streams.purpose("responses"), replicate, prompt, n);
            urn(base.probabilities(), self.concentration, &uniforms)
        };
        match self.copies {
            None => draws(depth),
            Some(c) => {
                let drawn = draws(depth + 1);
                let flags = uniforms(streams.purpose("copies"), replicate, prompt, depth);
                let of = |(own, flag): (&usize, f64)| if flag < c { drawn[0] } else { *own };
                drawn[1..].iter().zip(flags).map(of).collect()
            }
        }
    }
}

/// Responses of an urn, one uniform each: a fresh mode in the first `concentration` of the weight, else an earlier one.
fn urn(base: &[f64], concentration: f64, uniforms: &[f64]) -> Vec<usize> {
    // Where prompts are all alike every response is a fresh one.
    let concentration = concentration.min(1e290);
    let mut drawn: Vec<usize> = Vec::new();
    for (j, u) in uniforms.iter().enumerate() {
        let position = u * (concentration + j as f64);
        if position < concentration {
            let mut mode = 0;
            let mut end = base[0];
            while mode + 1 < base.len() && position >= end * concentration {
                mode += 1;
                end += base[mode];
            }
            drawn.push(mode);
        } else {
            drawn.push(drawn[(position - concentration).floor() as usize]);
        }
    }
    drawn
}

pub fn uniforms(purpose: Purpose, replicate: u64, prompt: u32, count: usize) -> Vec<f64> {
    let mut stream = purpose.stream(replicate, prompt);
    (0..count).map(|_| stream.uniform()).collect()
}

/// The replicates of a batch.
pub fn replicates(batch: u64) -> std::ops::Range<u64> {
    batch * BATCH..(batch + 1) * BATCH
}

/// What the study's worker makes of a batch.
pub fn batch(study: &dyn Study, index: u64) -> Group {
    let ready = study.prepare(&ExactCache::empty()).unwrap();
    let mut worker = ready.worker();
    // Another batch first: nothing of it may carry over.
    let mut other = Tally::new(study.spec(), replicates(index + 3));
    worker.run(replicates(index + 3), &mut other);
    let mut tally = Tally::new(study.spec(), replicates(index));
    worker.run(replicates(index), &mut tally);
    let mut batches = tally.into_batches();
    assert_eq!(batches.len(), 1);
    assert_eq!(batches[0].replicates, BATCH);
    batches.remove(0)
}
