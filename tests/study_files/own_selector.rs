//! Selectors of one's own in files: two that keep what `best` keeps, by rewards and by embeddings, beside it on the same draws.

use mode_lottery::engine;
use mode_lottery::experiment::{Experiment, parse_with};
use mode_lottery::select::{Candidates, Picker, Pool, Rule, SelectError, Selector, SelectorKind};
use mode_lottery::study::registry::Registry;

/// The highest rewards, by insertion.
fn highest(candidates: &Candidates<'_>, keep: usize, kept: &mut Vec<usize>) {
    for (j, reward) in candidates.rewards.iter().enumerate() {
        let place = kept.partition_point(|&other| candidates.rewards[other] >= *reward);
        kept.insert(place, j);
    }
    kept.truncate(keep);
}

/// Those that lie at the centre of mode 0 first.
fn first_mode(candidates: &Candidates<'_>, keep: usize, kept: &mut Vec<usize>) {
    let rows = candidates.embeddings.chunks_exact(candidates.dimension);
    let near: Vec<bool> = rows.map(|row| row[0] > 0.5).collect();
    let mut all: Vec<usize> = (0..near.len()).collect();
    all.sort_by_key(|&j| !near[j]);
    kept.extend(&all[..keep]);
}

const fn kind(name: &'static str, embeddings: bool, keep: fn(&Candidates<'_>, usize, &mut Vec<usize>)) -> SelectorKind {
    SelectorKind {
        name,
        about: "for tests",
        version: 3,
        embeddings,
        keep,
    }
}

static HIGHEST: SelectorKind = kind("highest", false, highest);
static FIRST_MODE: SelectorKind = kind("first-mode", true, first_mode);

fn read(text: &str) -> Result<Experiment, String> {
    let mut registry = Registry::standard();
    registry
        .selectors
        .extend([Selector::Own(&HIGHEST), Selector::Own(&FIRST_MODE)]);
    let file = ("own", "own.toml");
    parse_with(&registry, file, text.to_owned(), &[]).map_err(|faults| faults.to_string())
}

/// A file of these selectors in a world of these keys.
fn text(selectors: &str, world: &str) -> String {
    format!(
        "title = \"x\"\nstudy = \"selection\"\nseed = 1\nmeasures = [\"mode-mass-by-mode\"]\nrun.replicates = 64\n\
         world = {{ kind = \"embedded\", modes = 3, concentration = 4, {world} }}\n\
         arms = {{ prompts = 5, candidates = 6, grid = {{ selector = [{selectors}], responses = [1, 2, 4] }} }}\n"
    )
}

/// The means of mode 0 by arm, and their standard errors, as bits.
fn means(experiment: &Experiment) -> Vec<[u64; 2]> {
    let study = experiment.scenarios[0].study.as_ref();
    let rows = engine::estimate(study.spec(), &engine::run(study, 64).unwrap());
    let own = rows.iter().filter(|row| {
        let estimand = &study.estimands()[row.estimand];
        estimand.name() == "mode-mass-by-mode.mean" && estimand.at == "0"
    });
    let bits = |row: &engine::Row| {
        let found = row.measured.unwrap().estimate();
        [found.value, found.mcse].map(f64::to_bits)
    };
    own.map(bits).collect()
}

#[test]
fn a_selector_that_keeps_what_best_keeps_has_its_numbers() {
    let both = read(&text("\"best\", \"highest\"", "reward-noise = 0.5")).unwrap();
    let found = means(&both);
    assert_eq!(found[..3], found[3..]);
    assert_ne!(found[0], found[1], "control: another K");
    // The kept, one by one.
    let study = both.scenarios[0].study.as_ref();
    let kept = &study.trace(9, 1)[1].rows;
    for k in 0..3 {
        assert_eq!(kept[k][2..], kept[k + 3][2..]);
    }
    let work = study.spec().work.text();
    assert!(
        work.contains("arm highest version 3 prompts 5 responses 2 candidates 6 theta uniform"),
        "{work}"
    );
}

#[test]
fn embeddings_are_those_of_the_candidates() {
    let rewards = "reward = [1, 0, 0]";
    let found = means(&read(&text("\"best\", \"first-mode\"", rewards)).unwrap());
    assert_eq!(found[..3], found[3..]);
    let other = means(&read(&text("\"best\", \"first-mode\"", "reward = [0, 1, 0]")).unwrap());
    assert_ne!(other[..3], other[3..], "control: rewards of another mode");
}

/// Of each of 5 prompts with 6 candidates: a response, a tie and three coordinates for each.
#[test]
fn embeddings_are_drawn_where_they_are_asked_for() {
    let words = |selector: &str| {
        let own = read(&text(selector, "embedding-noise = 0.3")).unwrap();
        own.scenarios[0].study.spec().words
    };
    assert_eq!(words("\"best\""), 5 * 6 * 2);
    assert_eq!(words("\"highest\""), 5 * 6 * 2);
    assert_eq!(words("\"first-mode\""), 5 * 6 * (2 + 3));
}

#[test]
fn files_are_told_of_it_as_of_any_other() {
    let no_pool = text("\"highest\"", "").replace("candidates = 6, ", "");
    assert!(
        read(&no_pool)
            .unwrap_err()
            .contains("\"highest\" chooses among candidates: set `candidates`")
    );
    let plain = text("\"highest\"", "").replace("embedded", "dirichlet");
    assert!(
        read(&plain)
            .unwrap_err()
            .contains("\"highest\" looks at rewards or embeddings, which only")
    );
    let unknown = read(&text("\"higest\"", "")).unwrap_err();
    assert!(unknown.contains("did you mean \"highest\"?"), "{unknown}");
    let standard = super::read(&text("\"highest\"", "")).unwrap_err();
    assert!(standard.contains("unknown value \"highest\""), "{standard}");
}

/// Too few, the same twice, and none of the pool.
#[test]
fn what_is_no_choice_is_an_error_that_names_the_selector() {
    static FEW: SelectorKind = kind("few", false, |_, _, kept| kept.push(0));
    static TWICE: SelectorKind = kind("twice", false, |_, _, kept| kept.extend([1, 1]));
    static BEYOND: SelectorKind = kind("beyond", false, |_, _, kept| kept.extend([0, 3]));
    let pool = Pool {
        rewards: &[0.1, 0.3, 0.2, 9.0],
        similarity: &[],
        stride: 0,
        computed: false,
        words: &[5, 6, 7, 8],
        embeddings: &[],
        dimension: 0,
        candidates: 3,
    };
    let mut picker = Picker::new(4);
    let mut pick = |kind: &'static SelectorKind| {
        let picks = picker.pick(&Rule::new(Selector::Own(kind)), &pool, 2)?;
        Ok::<_, SelectError>(picks.order.to_vec())
    };
    assert_eq!(pick(&HIGHEST), Ok(vec![1, 2]), "the fourth lies beyond the pool");
    for (kind, kept) in [(&FEW, "[0]"), (&TWICE, "[1, 1]"), (&BEYOND, "[0, 3]")] {
        let said = pick(kind).unwrap_err().to_string();
        let expected = format!(
            "the selector {:?} kept {kept} of 3 candidates, but 2 different ones were asked for",
            kind.name
        );
        assert_eq!(said, expected);
    }
    let short = Pool { dimension: 2, ..pool };
    let error = picker
        .pick(&Rule::new(Selector::Own(&FIRST_MODE)), &short, 2)
        .unwrap_err();
    assert_eq!(error.to_string(), "0 coordinates of embeddings, but 6 are needed");
}
