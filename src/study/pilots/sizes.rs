//! Owns how many responses the prompts of a pilot have.

use crate::format::keys::named;
use crate::numerics::elementary::exp;

/// How unequal prompts are in their number of responses. It never depends on what the responses are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PilotSizes {
    /// Every prompt has k.
    Equal,
    /// A prompt has 1 and a Poisson number with mean k - 1 more.
    Unequal,
}

named!(PilotSizes {
    PilotSizes::Equal => "equal": "every prompt has as many",
    PilotSizes::Unequal => "unequal": "1 and a Poisson number more, as many on average",
});

/// The law of the number of responses of a prompt.
#[derive(Debug, Clone)]
pub(super) struct SizeLaw {
    least: usize,
    /// P(at most `least` + j), j = 0, 1, ..., but for the largest: one more than there are.
    cumulative: Vec<f64>,
}

impl SizeLaw {
    pub fn of(sizes: PilotSizes, responses: u32) -> Self {
        match sizes {
            PilotSizes::Equal => Self {
                least: responses as usize,
                cumulative: Vec::new(),
            },
            PilotSizes::Unequal => Self {
                least: 1,
                cumulative: poisson(f64::from(responses) - 1.0),
            },
        }
    }

    /// The number of responses for a uniform in [0, 1), by inversion: prompts with many in one arm have many in others.
    pub fn size(&self, uniform: f64) -> usize {
        self.least + self.cumulative.partition_point(|below| *below <= uniform)
    }

    /// The most that there can be.
    pub fn most(&self) -> usize {
        self.least + self.cumulative.len()
    }

    /// Whether it takes a uniform.
    pub fn varies(&self) -> bool {
        !self.cumulative.is_empty()
    }
}

/// P(X <= j) of a Poisson number with this mean, from j = 0 to where less than the step of uniforms is left.
fn poisson(mean: f64) -> Vec<f64> {
    let mut cumulative = Vec::new();
    // Above 0 up to means of 700.
    let (mut share, mut sum, mut j) = (exp(-mean), 0.0, 0.0);
    while sum < 1.0 - f64::EPSILON && (j <= mean || share > 1e-18) {
        sum += share;
        cumulative.push(sum);
        j += 1.0;
        share *= mean / j;
    }
    cumulative
}
