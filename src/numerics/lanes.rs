//! Owns the lane width and the dispatch of one kernel to the widest vector unit of the machine.
//!
//! A kernel is an ordinary `#[inline(always)]` function over arrays of [`LANES`] numbers; `dispatch!` compiles it
//! once per [`Level`] and picks one at run time, without build flags. Lanes are independent replicates: a kernel
//! never adds across them (law 4). Rust never contracts `a * b + c` into a fused operation, so every level
//! gives the same bits; tests compare them.

use std::sync::OnceLock;

/// Replicates that a kernel advances together: one AVX-512 register of f64, two of AVX2, four of SSE2.
pub const LANES: usize = 8;

/// One number per lane.
pub type Lanes<T> = [T; LANES];

/// A vector unit that kernels are compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What the build target guarantees: SSE2 on x86-64, NEON on AArch64.
    Baseline,
    /// AVX2.
    Avx2,
    /// AVX-512 F, BW, DQ and VL.
    Avx512,
}

impl Level {
    /// Every level that this machine can run, the narrowest first.
    pub fn available() -> Vec<Level> {
        #[cfg_attr(not(target_arch = "x86_64"), expect(unused_mut))]
        let mut levels = vec![Level::Baseline];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") {
                levels.push(Level::Avx2);
            }
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
            {
                levels.push(Level::Avx512);
            }
        }
        levels
    }

    /// The level that dispatched kernels use: the widest, or the one named by the environment variable
    /// `MODE_LOTTERY_LANES` (`baseline`, `avx2`, `avx512`) where the machine has it. Results do not depend on it.
    pub fn current() -> Level {
        static CURRENT: OnceLock<Level> = OnceLock::new();
        *CURRENT.get_or_init(|| {
            let available = Level::available();
            let asked = match std::env::var("MODE_LOTTERY_LANES").as_deref() {
                Ok("baseline") => Some(Level::Baseline),
                Ok("avx2") => Some(Level::Avx2),
                Ok("avx512") => Some(Level::Avx512),
                _ => None,
            };
            let widest = available.last().copied().unwrap_or(Level::Baseline);
            asked.filter(|level| available.contains(level)).unwrap_or(widest)
        })
    }
}

/// Scratch that begins where a cache line does: a vector of 64 bytes that lies across two is read and written in two goes.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(crate) struct Aligned<T>(pub T);

/// Adds one number per lane to another.
#[inline(always)]
pub fn add(sum: &mut Lanes<f64>, x: &Lanes<f64>) {
    for l in 0..LANES {
        sum[l] += x[l];
    }
}

/// Whether any lane is above the bound. In bits, of which the compiler makes one comparison; else it makes a branch for each lane.
#[inline(always)]
pub fn any_above(x: &Lanes<f64>, bound: f64) -> bool {
    let mut above = 0_u8;
    for l in 0..LANES {
        above |= u8::from(x[l] > bound) << l;
    }
    above != 0
}

/// The sum over lanes, as a balanced tree in lane order: for tallies at the end of a batch, never inside a kernel.
#[inline]
pub fn across(x: &Lanes<f64>) -> f64 {
    ((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7]))
}

/// Defines a module `$name` with `run(args)` at [`Level::current`] and `run_at(level, args)` for tests and benches,
/// both calling the `#[inline(always)]` function `$kernel` compiled for that level.
///
/// `run_at` panics when the machine lacks the level: ask [`Level::available`] first.
macro_rules! dispatch {
    ($(#[$meta:meta])* $vis:vis mod $name:ident = $kernel:ident ( $($arg:ident : $ty:ty),* $(,)? ) $(-> $ret:ty)?) => {
        $(#[$meta])*
        $vis mod $name {
            #[allow(unused_imports)]
            use super::*;
            use $crate::numerics::lanes::Level;

            /// Runs the kernel at the level of this process.
            #[inline]
            #[allow(dead_code, reason = "what is called at its caller's level alone")]
            pub fn run($($arg: $ty),*) $(-> $ret)? {
                run_at(Level::current(), $($arg),*)
            }

            /// Runs the kernel at a given level. Panics when the machine lacks it.
            #[inline]
            pub fn run_at(level: Level, $($arg: $ty),*) $(-> $ret)? {
                match level {
                    #[cfg(target_arch = "x86_64")]
                    Level::Avx512 => {
                        assert!(level == Level::current() || Level::available().contains(&level));
                        // SAFETY: the line above established that this machine has the features.
                        unsafe { avx512($($arg),*) }
                    }
                    #[cfg(target_arch = "x86_64")]
                    Level::Avx2 => {
                        assert!(level == Level::current() || Level::available().contains(&level));
                        // SAFETY: the line above established that this machine has the features.
                        unsafe { avx2($($arg),*) }
                    }
                    _ => super::$kernel($($arg),*),
                }
            }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2")]
            fn avx2($($arg: $ty),*) $(-> $ret)? {
                super::$kernel($($arg),*)
            }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            fn avx512($($arg: $ty),*) $(-> $ret)? {
                super::$kernel($($arg),*)
            }
        }
    };
}
pub(crate) use dispatch;

#[cfg(test)]
mod tests {
    use super::*;

    #[inline(always)]
    fn scale_kernel(x: &mut [f64], by: f64) {
        for v in x {
            *v *= by;
        }
    }
    dispatch!(mod scale = scale_kernel(x: &mut [f64], by: f64));

    #[test]
    fn every_available_level_runs_the_kernel() {
        for level in Level::available() {
            let mut x = [1.0, 2.0, 3.0];
            scale::run_at(level, &mut x, 0.5);
            assert_eq!(x, [0.5, 1.0, 1.5], "{level:?}");
        }
        let mut x = [2.0];
        scale::run(&mut x, 0.5);
        assert_eq!(x, [1.0]);
    }
}
