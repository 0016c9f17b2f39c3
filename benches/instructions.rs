//! Runs one kernel once, after one call to warm up, so that callgrind can count what is inside `counted`.
//!
//! `scripts/callgrind/counts.sh` runs it under valgrind and compares with `instructions.csv`. Without the name of a kernel it runs them all
//! and prints what each is: its name, the level of its vector code, and how many units of what one call works out.

mod kernels;

use kernels::{AGGREGATION, DESCENT, DRAW, FACILITY, Kernel, LOG_LINEAR, NETWORK};
use mode_lottery::numerics::lanes::Level;

const ALL: [Kernel; 6] = [DRAW, DESCENT, LOG_LINEAR, NETWORK, FACILITY, AGGREGATION];

/// Where collection is switched on: its name must be seen.
#[inline(never)]
fn counted(kernel: &mut dyn FnMut()) {
    kernel();
}

fn run(kernel: &Kernel) {
    let mut work = (kernel.ready)();
    // The first call of a process also looks up the level and grows scratch.
    work();
    counted(&mut *work);
    let level = format!("{:?}", Level::current()).to_lowercase();
    println!("{},{level},{},{}", kernel.name, kernel.units, kernel.unit);
}

fn main() {
    // Cargo gives benches an argument of its own, `--bench`.
    let asked = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let chosen = |kernel: &&Kernel| asked.as_ref().is_none_or(|name| name == kernel.name);
    assert!(ALL.iter().any(|kernel| chosen(&kernel)), "no kernel {asked:?}");
    ALL.iter().filter(chosen).for_each(run);
}
