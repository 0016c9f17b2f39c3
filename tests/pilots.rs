//! Pilots drawn from the worlds: what is estimated is what the worlds know exactly.

use mode_lottery::World;
use mode_lottery::inference::pilot::{Estimated, Kind, Meaning, Pilot, Responses};
use mode_lottery::numerics::lanes::LANES;
use mode_lottery::numerics::stream::Streams;
use mode_lottery::theory::budget::Costs;
use mode_lottery::theory::variance_law::Components;
use mode_lottery::world::{BaseWeights, Copies, Dirichlet};

const PROMPTS: u32 = 128;

/// World A over geo8 with alpha 4.
fn world_a() -> Dirichlet {
    let base = BaseWeights::geometric(8, 0.637_628_151_621_773_3).expect("a ratio below 1");
    Dirichlet::new(base, 4.0)
}

/// Eight pilots, one a lane, of four responses to each prompt.
fn eight(world: &dyn World, first: u64) -> Vec<Pilot> {
    let mut pilots = vec![Pilot::new(Kind::Labels(Meaning::Shared), first); LANES];
    let mut sampler = world.sampler(&Streams::new("pilots of worlds"), 4);
    for prompt in 0..PROMPTS {
        let rows = sampler.draw(first, prompt, 4);
        for (lane, pilot) in pilots.iter_mut().enumerate() {
            let labels: Vec<u32> = rows.iter().map(|row| u32::from(row[lane])).collect();
            pilot.push(Responses::Labels(&labels), None).expect("labels");
        }
    }
    pilots
}

fn estimated(world: &dyn World) -> Vec<Estimated> {
    let pilots = (0..50).flat_map(|block| eight(world, 8 * block));
    pilots
        .map(|pilot| pilot.components().expect("a pilot with repeats"))
        .collect()
}

/// By how many standard errors the mean is off the truth.
fn off(numbers: impl Iterator<Item = f64> + Clone, truth: f64) -> f64 {
    let count = numbers.clone().count() as f64;
    let mean = numbers.clone().sum::<f64>() / count;
    let square: f64 = numbers.map(|x| (x - mean) * (x - mean)).sum();
    (mean - truth) / (square / (count * (count - 1.0))).sqrt()
}

fn truth(world: &dyn World) -> Components {
    let modes = world.mode_components();
    Components {
        prompt: modes.iter().map(|mode| mode.prompt).sum(),
        response: modes.iter().map(|mode| mode.response).sum(),
    }
}

/// 400 pilots, four standard errors. The control: copies of a common draw make prompts more unlike than the law of independent responses
/// says, and a pilot takes them for that.
#[test]
fn components_are_those_of_the_world() {
    let world = world_a();
    let (found, truth) = (estimated(&world), truth(&world));
    let prompt = off(found.iter().map(|own| own.prompt.value), truth.prompt);
    let response = off(found.iter().map(|own| own.response.value), truth.response);
    assert!(prompt.abs() < 4.0 && response.abs() < 4.0, "{prompt} {response}");
    let copies = estimated(&Copies::new(world_a(), 0.5));
    let misled = off(copies.iter().map(|own| own.prompt.value), truth.prompt);
    assert!(misled > 20.0, "{misled}");
}

/// Coverage of 400 pilots at 95 %: standard error .011, four of them. K* is sqrt(4 C_p/C_r).
#[test]
fn the_interval_of_k_covers_the_best_k_of_the_world() {
    let world = world_a();
    let costs = Costs {
        prompt: 9.0,
        response: 1.0,
    };
    let best = costs.best_responses(&truth(&world));
    let covers = |own: &Estimated| own.best_responses(9.0, 0.95).interval.contains(best);
    let share = estimated(&world).iter().filter(|own| covers(own)).count() as f64 / 400.0;
    assert!(
        (best - 6.0).abs() < 1e-12 && (share - 0.945).abs() < 0.044,
        "{best} {share}"
    );
}
