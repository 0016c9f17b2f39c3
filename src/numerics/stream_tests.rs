use super::*;
use crate::numerics::lanes::Level;

/// Known answers of Random123's `kat_vectors` for philox4x32 with ten rounds.
#[test]
fn philox_gives_the_known_answers_of_random123() {
    let ones = u32::MAX;
    let cases = [
        ([0; 2], [0; 4], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
        (
            [ones; 2],
            [ones; 4],
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd],
        ),
        (
            [0xa409_3822, 0x299f_31d0],
            [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
        ),
    ];
    for (key, counter, expected) in cases {
        assert_eq!(philox4x32(key, counter), expected);
    }
}

/// The reference implementation's first outputs from the state (1, 2, 3, 4).
#[test]
fn xoshiro_gives_the_known_answers_of_its_authors() {
    let mut streams = LaneStreams {
        state: [1, 2, 3, 4].map(|word| [word; LANES]),
    };
    let known = [
        41_943_041,
        58_720_359,
        3_588_806_011_781_223,
        3_591_011_842_654_386,
        9_228_616_714_210_784_205,
        9_973_669_472_204_895_162,
    ];
    for word in known {
        assert_eq!(streams.words(), [word; LANES]);
    }
}

/// A silent change of keying, counter layout or word order would change every stored number: it is pinned here.
#[test]
fn a_stream_keeps_its_first_words() {
    let purpose = Streams::new("seed 1").purpose("responses");
    let mut stream = purpose.stream(5, 3);
    let words = [stream.word(), stream.word(), stream.word()];
    assert_eq!(
        words,
        [
            17_766_421_751_047_707_641,
            8_915_985_981_173_572_356,
            2_823_399_921_545_350_785
        ]
    );
}

#[test]
fn lanes_have_the_bits_of_the_scalar_streams_at_every_level() {
    let purpose = Streams::new("any").purpose("p");
    let first = u64::from(u32::MAX) - 3;
    for level in Level::available() {
        for n in [1, 2, 7, 64] {
            let mut out = vec![[0.0; LANES]; n];
            fill_uniforms::run_at(level, purpose.key, first, 9, &mut out);
            for l in 0..LANES {
                let mut stream = purpose.stream(first + l as u64, 9);
                for (j, uniforms) in out.iter().enumerate() {
                    assert_eq!(uniforms[l].to_bits(), stream.uniform().to_bits(), "{level:?} {l} {j}");
                }
            }
        }
    }
}

#[test]
fn items_side_by_side_have_the_bits_of_the_scalar_streams_at_every_level() {
    let purpose = Streams::new("any").purpose("p");
    let replicate = u64::from(u32::MAX) + 3;
    for level in Level::available() {
        for (items, each) in [(1, 1), (8, 8), (11, 7), (3, 40), (17, 19)] {
            let (first, mut out) = (5, vec![0.0; items * each]);
            fill_items::run_at(level, purpose.key, replicate, first, each, &mut out);
            for (item, own) in (first..).zip(out.chunks_exact(each)) {
                let mut stream = purpose.stream(replicate, item);
                assert!(
                    own.iter().all(|u| *u == stream.uniform()),
                    "{level:?} {items} {each} {item}"
                );
            }
        }
    }
    let (mut out, mut nothing) = ([[0.0; 5]; 2], []);
    purpose.fill_items(1, 7..9, out.as_flattened_mut());
    assert_eq!(
        out.map(|own| own[0]),
        [7, 8].map(|item| purpose.stream(1, item).uniform())
    );
    purpose.fill_items(1, 7..7, &mut nothing);
}

#[test]
fn every_part_of_the_key_changes_the_stream() {
    let word = |draws: &str, purpose: &str, replicate, item| {
        Streams::new(draws).purpose(purpose).stream(replicate, item).word()
    };
    let base = word("a", "b", 1, 2);
    for other in [
        word("c", "b", 1, 2),
        word("a", "d", 1, 2),
        word("a", "b", 1 << 32, 2),
        word("a", "b", 1, 3),
    ] {
        assert_ne!(base, other);
    }
}
