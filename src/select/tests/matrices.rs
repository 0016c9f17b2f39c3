//! Similarity matrices against their definitions, and every kernel at every vector level.

use super::*;
use crate::numerics::elementary::exp;
use crate::numerics::lanes::{LANES, Lanes, Level};

const SIMILARITIES: [Similarity; 3] = [
    Similarity::Cosine,
    Similarity::RawCosine,
    Similarity::Rbf { bandwidth: 0.7 },
];

fn by_definition(similarity: Similarity, x: &[f64], y: &[f64]) -> f64 {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let cosine = dot(x, y) / (dot(x, x) * dot(y, y)).sqrt();
    match similarity {
        Similarity::Cosine => cosine.max(0.0),
        Similarity::RawCosine => cosine,
        Similarity::Rbf { bandwidth } => {
            let apart: Vec<f64> = x.iter().zip(y).map(|(a, b)| a - b).collect();
            exp(-dot(&apart, &apart) / (2.0 * bandwidth * bandwidth))
        }
    }
}

#[test]
fn similarities_are_those_of_the_definition_symmetric_and_one_with_themselves() {
    for (case, n) in [1, 2, 7, 8, 9, 16, 31, 32, 33].into_iter().enumerate() {
        let mut stream = stream("definition", case);
        let rows = directions(n, n, 0.2, &mut stream);
        for similarity in SIMILARITIES {
            let matrix = of_embeddings(similarity, 4, &rows);
            for i in 0..n {
                assert_eq!(matrix[i * n + i], 1.0);
                for j in 0..n {
                    let expected = by_definition(similarity, &rows[4 * i..][..4], &rows[4 * j..][..4]);
                    assert!(
                        (matrix[i * n + j] - expected).abs() < 1e-14,
                        "{similarity:?} {n}: {i} {j}"
                    );
                    assert_eq!(matrix[i * n + j].to_bits(), matrix[j * n + i].to_bits());
                }
            }
        }
    }
}

#[test]
fn unit_vectors_along_the_axes_give_exactly_zero_and_one() {
    let mut rows = vec![0.0; 10 * 4];
    (0..10).for_each(|i| rows[4 * i + i % 4] = 1.0);
    for similarity in [Similarity::Cosine, Similarity::RawCosine] {
        let matrix = of_embeddings(similarity, 4, &rows);
        for i in 0..10 {
            for j in 0..10 {
                assert_eq!(matrix[10 * i + j], f64::from(u8::from(i % 4 == j % 4)));
            }
        }
    }
}

#[test]
fn what_is_wrong_with_embeddings_is_said() {
    let said = |similarity: Similarity, rows: &[f64], places: usize| {
        let filled = similarity.fill(rows, 2, &mut Vec::new(), &mut vec![0.0; places]);
        filled.expect_err("wrong embeddings").to_string()
    };
    let good = [1.0, 0.0, 0.5, 0.5];
    assert_eq!(
        said(Similarity::Cosine, &good, 3),
        "3 places for similarities, but 4 are needed"
    );
    for similarity in SIMILARITIES {
        assert_eq!(
            said(similarity, &[1.0, 0.0, 0.5, f64::NAN], 4),
            "number 1 of embedding 1 is NaN, but embeddings must be finite numbers"
        );
    }
    for rows in [[1.0, 1.0, 0.0, 0.0], [1.0, 1.0, 1e-100, 0.0], [1.0, 1.0, 1e200, 0.0]] {
        let said = said(Similarity::Cosine, &rows, 4);
        assert!(said.starts_with("embedding 1 has squared length"), "{said}");
    }
    for bandwidth in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let said = said(Similarity::Rbf { bandwidth }, &good, 4);
        assert_eq!(
            said,
            format!("the bandwidth is {bandwidth}, but it must be a positive number")
        );
    }
    // No direction is needed for a distance.
    assert_eq!(
        of_embeddings(Similarity::Rbf { bandwidth: 1.0 }, 2, &[0.0; 4]),
        [1.0; 4]
    );
    assert_eq!(of_embeddings(Similarity::Cosine, 2, &[]), Vec::<f64>::new());
}

#[test]
fn similarities_have_the_same_bits_at_every_level() {
    let mut stream = stream("levels", 0);
    for n in [3_usize, 8, 21, 64] {
        let columns: Vec<Lanes<f64>> = (0..5 * n.div_ceil(LANES))
            .map(|_| [(); LANES].map(|()| centred(&mut stream)))
            .collect();
        let filled = |run: &dyn Fn(&mut [f64])| {
            let mut out = vec![0.0; n * n];
            run(&mut out);
            out.into_iter().map(f64::to_bits).collect::<Vec<u64>>()
        };
        let directions = |level| {
            let mut unit = vec![[0.0; LANES]; columns.len()];
            assert!(similarity::directions::run_at(
                level,
                &columns.as_flattened()[..5 * n],
                5,
                &mut unit
            ));
            unit.into_iter().flatten().map(f64::to_bits).collect::<Vec<u64>>()
        };
        let dots = |level| filled(&|out| similarity::dots::run_at(level, &columns, 5, n, -1.0, out));
        let distances = |level| filled(&|out| similarity::exponents::run_at(level, &columns, 5, n, out));
        for level in Level::available() {
            assert_eq!(directions(level), directions(Level::Baseline), "{level:?}");
            assert_eq!(dots(level), dots(Level::Baseline), "{level:?}");
            assert_eq!(distances(level), distances(Level::Baseline), "{level:?}");
        }
    }
}

#[test]
fn greedy_has_the_same_bits_at_every_level() {
    for case in 0..200 {
        let mut stream = stream("greedy levels", case);
        let n = 1 + (stream.uniform() * 40.0) as usize;
        let drawn = Case::draw(KINDS[case % KINDS.len()], n, &mut stream);
        let pool = drawn.pool();
        let kept = |level, symmetric| {
            let mut scratch = greedy::Scratch::new(n);
            scratch.start(n);
            pool.scaled_rewards(RewardScale::MinMax, 0.5, &mut scratch.own)
                .expect("rewards");
            let task = greedy::Task {
                matrix: pool.matrix(),
                symmetric,
                words: &drawn.words,
                coverage: 0.5,
                keep: n,
            };
            assert!(greedy::incremental::run_at(level, &task, &mut scratch));
            let bits: Vec<u64> = scratch.kept.added.iter().map(|gain| gain.to_bits()).collect();
            (scratch.kept.order.clone(), bits)
        };
        for level in Level::available() {
            let expected = kept(Level::Baseline, false);
            assert_eq!(kept(level, false), expected, "case {case} {level:?}");
            // What is worked out is its own transpose: rows stand for columns.
            assert_eq!(kept(level, drawn.computed), expected, "case {case} {level:?}");
        }
    }
}

#[test]
fn small_pools_have_the_bits_of_running_sums_at_every_level() {
    // What other pools have used.
    let (mut table, mut chain) = (compact::Table::new(), compact::Chain::new());
    let mut symmetric = 0;
    for case in 0..400 {
        let mut stream = stream("compact levels", case);
        // Rows of whole registers are read in place.
        let n = match case % 7 {
            0 => LANES << (case / 7 % 4),
            _ => 1 + (stream.uniform() * compact::MOST as f64) as usize,
        };
        let mut drawn = Case::draw(KINDS[case % KINDS.len()], n, &mut stream);
        if case % 3 == 0 {
            drawn.similarity.iter_mut().for_each(|s| *s = 2.0 * *s - 1.0);
        }
        let pool = drawn.pool();
        let keep = [n, n - 1, n / 2, n.min(2)][case / 5 % 4];
        let of_sums = |share: f64| {
            let mut scratch = greedy::Scratch::new(n);
            scratch.start(n);
            pool.scaled_rewards(RewardScale::MinMax, share, &mut scratch.own)
                .expect("rewards");
            let task = greedy::Task {
                matrix: pool.matrix(),
                symmetric: false,
                words: &drawn.words,
                coverage: 1.0 - share,
                keep,
            };
            assert!(greedy::incremental::run(&task, &mut scratch));
            scratch.kept
        };
        let common = |symmetric| compact::Common {
            matrix: pool.matrix(),
            symmetric,
            words: &drawn.words,
            keep,
        };
        let transposed = |at: usize| drawn.similarity[at % n * n + at / n];
        // Rows stand for columns only where they are.
        let may_be: &[bool] = match (0..n * n).all(|at| drawn.similarity[at] == transposed(at)) {
            true => &[false, true],
            false => &[false],
        };
        symmetric += may_be.len() - 1;
        let start = |chain: &mut compact::Chain, share: f64| {
            let own = chain.start(1.0 - share, n);
            pool.scaled_rewards(RewardScale::MinMax, share, own).expect("rewards");
        };
        let same = |chain: &compact::Chain, share: f64, level: Level| {
            let (mut kept, expected) = (greedy::Kept::default(), of_sums(share));
            chain.give(keep, &mut kept);
            assert_eq!(kept.order, expected.order, "case {case} {level:?}");
            let bits = |gains: &[f64]| gains.iter().map(|gain| gain.to_bits()).collect::<Vec<u64>>();
            assert_eq!(bits(&kept.added), bits(&expected.added), "case {case} {level:?}");
        };
        for (level, &symmetric) in Level::available()
            .into_iter()
            .flat_map(|l| may_be.iter().map(move |s| (l, s)))
        {
            let common = common(symmetric);
            for share in [0.5, 0.0, 0.3] {
                start(&mut chain, share);
                assert!(compact::one::run_at(level, &common, &mut table, &mut chain));
                same(&chain, share, level);
            }
        }
    }
    assert!((100..300).contains(&symmetric), "{symmetric}");
}

#[test]
fn orders_by_key_have_the_same_bits_at_every_level() {
    let mut stream = stream("ranks", 0);
    for n in [1, 5, 8, 31, 64] {
        let keys: Vec<u64> = (0..n).map(|_| stream.word()).collect();
        let mut sorted: Vec<usize> = (0..n).collect();
        sorted.sort_by_key(|&j| keys[j]);
        for level in Level::available() {
            let mut order = vec![0; n];
            assert!(rank::by_counts::run_at(level, &keys, &mut order));
            assert_eq!(order, sorted, "{level:?}");
            if n > 1 {
                // Only the upper halves are looked at.
                let mut twins = keys.clone();
                twins[0] = twins[n - 1] ^ 1;
                assert!(!rank::by_counts::run_at(level, &twins, &mut order), "{level:?}");
            }
        }
    }
    let keys: Vec<u64> = (0..65).map(|_| stream.word()).collect();
    assert!(!rank::by_counts::run(&keys, &mut [0; 65]), "too many");
}

#[test]
fn keys_that_share_their_upper_half_or_all_bits_are_in_order_too() {
    let mut ranking = rank::Ranking::new(8);
    let near = |ulps: u64| f64::from_bits(1.0_f64.to_bits() + ulps);
    let rewards = [near(1), -0.0, near(3), 0.0, near(2), -near(1), -near(2)];
    assert_eq!(ranking.by_rewards(&rewards), [2, 4, 0, 1, 3, 5, 6]);
    // The key of the padding as a reward's: the lowest of all numbers.
    assert_eq!(ranking.by_rewards(&[f64::MIN, 2.0, f64::MIN, 3.0]), [3, 1, 0, 2]);
    assert_eq!(ranking.by_rewards(&[f64::MIN]), [0]);
}

/// The pool's row of best matches may be long: rows of a wider matrix, with a stride.
#[test]
fn a_stride_skips_what_lies_between_rows() {
    for n in [11, 32, 70] {
        let drawn = Case::draw(Kind::Uniform, n, &mut stream("stride", 0));
        let stride = n + 6;
        let mut wide = vec![f64::NAN; n * stride];
        (0..n).for_each(|i| wide[stride * i..][..n].copy_from_slice(&drawn.similarity[n * i..][..n]));
        let pool = Pool {
            similarity: &wide,
            stride,
            ..drawn.pool()
        };
        for rule in rules() {
            let (mut a, mut b) = (Picker::new(n), Picker::new(n));
            let wide = a.pick(&rule, &pool, n).expect("a fit pool");
            assert_eq!(wide, b.pick(&rule, &drawn.pool(), n).expect("a fit pool"), "{rule:?}");
        }
    }
}
