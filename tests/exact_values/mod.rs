//! Every exact value of the study by other routes: numbers worked out by hand, enumeration of all outcomes of small
//! worlds, quadrature, and Monte Carlo runs of random settings.

mod by_hand;
mod enumeration;
mod monte_carlo;
mod returns;
mod scalars;

use mode_lottery::study::pools::PoolArm;
use mode_lottery::study::selection::{Method, Theta};
use mode_lottery::world::{BaseWeights, Dirichlet};

fn dirichlet(base: &[f64], concentration: f64) -> Dirichlet {
    Dirichlet::new(BaseWeights::listed(base).unwrap(), concentration)
}

fn method(prompts: u32, responses: u32, candidates: Option<u32>, theta: Theta) -> Method {
    Method {
        pool: PoolArm {
            candidates,
            ..PoolArm::all(prompts, responses)
        },
        theta,
    }
}

/// Equality up to the rounding of a few dozen operations on numbers of the size of one.
#[track_caller]
fn assert_close(found: f64, expected: f64, what: &str) {
    let error = (found - expected).abs() / expected.abs().max(1e-3);
    assert!(error < 1e-12, "{what}: {found}, but {expected} by the other route");
}
