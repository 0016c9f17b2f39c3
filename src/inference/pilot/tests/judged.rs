//! Diagnostics, and the two tests of the model: false alarms where it holds, and power where it does not.

use super::super::{Refusal, implied_spread};
use super::*;

/// The share of pilots whose p-value is at most .05.
fn alarms(pilots: usize, mut p: impl FnMut() -> f64) -> f64 {
    (0..pilots).filter(|_| p() <= 0.05).count() as f64 / pilots as f64
}

/// Half of the prompts have one answer, the others any of eight.
fn closed_and_open(prompts: usize, k: usize, stream: &mut Stream) -> Labels {
    let mut prompt = |index: usize| {
        let own = (8.0 * stream.uniform()) as u32;
        let any = |stream: &mut Stream| (8.0 * stream.uniform()) as u32;
        (0..k).map(|_| if index % 2 == 0 { own } else { any(stream) }).collect()
    };
    (0..prompts).map(&mut prompt).collect()
}

/// World A in which a response is the one before it with probability `share`.
fn copied(alpha: f64, share: f64, prompts: usize, k: usize, stream: &mut Stream) -> Labels {
    let mut labels = world_a(alpha, prompts, |_| k, stream);
    for prompt in &mut labels {
        for at in 1..k {
            if stream.uniform() < share {
                prompt[at] = prompt[at - 1];
            }
        }
    }
    labels
}

/// World A in which each response is one common draw with probability `share`.
fn common(alpha: f64, share: f64, prompts: usize, k: usize, stream: &mut Stream) -> Labels {
    let mut labels = world_a(alpha, prompts, |_| k + 1, stream);
    for prompt in &mut labels {
        let own = prompt[k];
        prompt.truncate(k);
        for label in prompt {
            *label = if stream.uniform() < share { own } else { *label };
        }
    }
    labels
}

#[test]
fn explore() {
    let mut s = stream("explore");
    for alpha in [0.5, 1.0, 4.0, 16.0, 64.0] {
        for (n, k) in [(64, 4), (128, 4), (128, 8)] {
            let f = alarms(400, || pilot(&world_a(alpha, n, |_| k, &mut s)).dirichlet_fit(199).unwrap().p);
            let e = alarms(400, || pilot(&world_a(alpha, n, |_| k, &mut s)).exchangeability(199).unwrap().p);
            println!("null alpha {alpha} {n}x{k}: fit {f} exch {e}");
        }
    }
    for k in [4, 6, 8] {
        let f = alarms(200, || pilot(&closed_and_open(128, k, &mut s)).dirichlet_fit(199).unwrap().p);
        println!("mix {k}: fit {f}");
        for alpha in [1.0, 4.0, 16.0] {
            for c in [0.2, 0.3, 0.5] {
                let f = alarms(200, || pilot(&copied(alpha, c, 128, k, &mut s)).dirichlet_fit(199).unwrap().p);
                let e = alarms(200, || pilot(&copied(alpha, c, 128, k, &mut s)).exchangeability(199).unwrap().p);
                let fc = alarms(200, || pilot(&common(alpha, c, 128, k, &mut s)).dirichlet_fit(199).unwrap().p);
                let mx = alarms(200, || {
                    let p = pilot(&common(alpha, c, 128, k, &mut s));
                    p.dirichlet_fit(199).unwrap().p
                });
                println!("k {k} alpha {alpha} c {c}: copied fit {f} exch {e}; common fit {fc} {mx}");
            }
        }
    }
    for alpha in [1.0, 4.0, 16.0] {
        let p = pilot(&world_a(alpha, 4096, |_| 8, &mut s));
        println!("{alpha} {:?} {}", p.diagnostics(), implied_spread(alpha, &geo8()));
    }
    let _ = Refusal::NotLabels;
}
