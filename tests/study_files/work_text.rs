//! The canonical text of an arm in each study: it names journals, so that a byte that moves leaves them all behind.

use super::right;

/// The lines of a scenario's work text that arms wrote.
fn arms(text: &str) -> Vec<String> {
    let experiment = right(text);
    let work = experiment.scenarios[0].study.spec().work.text();
    work.lines()
        .filter(|line| line.starts_with("arm "))
        .map(str::to_owned)
        .collect()
}

/// A file of prompts and responses with these arms, and tables beside.
fn pools(study: &str, measure: &str, arms: &str) -> String {
    format!(
        "title = \"x\"\nstudy = \"{study}\"\nseed = 1\nmeasures = [\"{measure}\"]\nworld = {{ kind = \"embedded\", \
         modes = 3, concentration = 4, reward = \"aligned\" }}\nrun.replicates = 64\n{arms}\n"
    )
}

const CHOSEN: &str = "arms = { prompts = 5, responses = 2, candidates = 6, grid = { selector = [\"random\", \"best\", \
                      \"diverse-best-weighted\"] } }";

const DRAWN: &str = "arms = { grid = { prompts = [5], responses = [1, 2] } }";

const BOUGHT: &str =
    "budget = { total = 30, prompt-cost = 2, response-cost = 1 }\narms = { grid = { responses = [1, 4] } }";

const BEST: &str = "best share 0.5 scale min-max balance sums similarity cosine";

const WEIGHTED: &str = "diverse-best-weighted share 0.5 scale min-max balance sums ties split similarity cosine";

#[test]
fn a_selection_arm_states_its_pool_whatever_is_kept() {
    let text = |arms| self::arms(&pools("selection", "mode-mass", arms));
    assert_eq!(
        text(CHOSEN),
        [
            "arm random prompts 5 responses 2 candidates 6 theta uniform".to_owned(),
            format!("arm {BEST} prompts 5 responses 2 candidates 6 theta uniform"),
            format!("arm {WEIGHTED} prompts 5 responses 2 candidates 6 theta uniform"),
        ]
    );
    assert_eq!(
        text(DRAWN)[1],
        "arm random prompts 5 responses 2 candidates as kept theta uniform"
    );
    assert_eq!(
        text(BOUGHT)[1],
        "arm random prompts 5 responses 4 candidates as kept theta uniform"
    );
}

#[test]
fn a_fit_states_its_pool_where_it_chooses_and_its_budget() {
    let text = |arms| self::arms(&pools("training", "excess-nll", arms));
    let fit = "rate 1 steps 3000 ridge 0 tolerance 1e-6";
    assert_eq!(
        text(CHOSEN),
        [
            format!("arm random prompts 5 responses 2 {fit}"),
            format!("arm {BEST} prompts 5 responses 2 candidates 6 {fit}"),
            format!("arm {WEIGHTED} prompts 5 responses 2 candidates 6 {fit}"),
        ]
    );
    let bought = "budget 30 2 1";
    assert_eq!(
        text(BOUGHT)[1],
        format!("arm random prompts 5 responses 4 {fit} {bought}")
    );
}

#[test]
fn smoothing_stands_in_the_text_where_there_is_some() {
    let arms = "arms = { prompts = 5, responses = 2, grid = { \"training.smoothing\" = [0.0, 0.1] } }";
    let text = self::arms(&pools("training", "excess-nll", arms));
    let fit = "arm random prompts 5 responses 2 rate 1 steps 3000 ridge 0 tolerance 1e-6";
    assert_eq!(text, [fit.to_owned(), format!("{fit} smoothing 0.1")]);
}

/// What a policy is fitted to, and what of its way a fit hands on; all of it is left out where it is what it always was.
#[test]
fn teachers_stand_in_the_text_where_there_are_some() {
    let head = "title = \"x\"\nseed = 1\nrun.replicates = 8\nstudy = \"policies\"\nmeasures = [\"reference-loss\"]\nworld = { kind = \
                \"dirichlet\", modes = 3, population = 16, concentration = 2.0 }\n";
    let points = "{ labels = \"kept\" }, { labels = \"distilled\", teacher-decay = 0.1, teacher-temperature = 2.0, \"training.smoothing\" = 0.1 }, \
                  { \"training.optimiser\" = \"adam\", \"training.average\" = \"second-half\" }";
    let text = arms(&format!(
        "{head}arms = {{ policy = \"shared\", prompts = 5, responses = 2, points = [{points}] }}\n"
    ));
    let newton = "log-linear inputs 0 newton decay 1e-6 steps 100 tolerance 1e-8 batch full";
    let adam = "log-linear inputs 0 adam rate 0.02 cosine decay 1e-6 steps 400 tolerance 0 batch full";
    assert_eq!(
        text,
        [
            format!("arm random prompts 5 responses 2 {newton}"),
            format!(
                "arm random prompts 5 responses 2 distilled temperature 2 teacher decay 0.1 smoothing 0.1 {newton}"
            ),
            format!("arm random prompts 5 responses 2 {adam} average second-half"),
        ]
    );
}

#[test]
fn a_path_states_its_pool_where_it_chooses_and_no_budget() {
    let text = |arms| self::arms(&pools("alignment", "path", arms));
    let path = "along own rate 1";
    assert_eq!(
        text(CHOSEN),
        [
            format!("arm random prompts 5 responses 2 {path}"),
            format!("arm {BEST} prompts 5 responses 2 candidates 6 {path}"),
            format!("arm {WEIGHTED} prompts 5 responses 2 candidates 6 {path}"),
        ]
    );
    assert_eq!(text(BOUGHT)[1], format!("arm random prompts 5 responses 4 {path}"));
}

#[test]
fn arms_without_prompts_have_texts_of_their_own() {
    let head = "title = \"x\"\nseed = 1\nrun.replicates = 64\n";
    let greedy = "study = \"greedy\"\nmeasures = [\"guarantee\"]\nworld = { kind = \"uniform\" }\n\
                  arms = { responses = 2, candidates = 6, selector = \"diverse\" }\n";
    assert_eq!(
        arms(&format!("{head}{greedy}")),
        ["arm diverse share 0.5 scale min-max balance sums similarity cosine candidates 6 responses 2"]
    );
    let stopping = "study = \"stopping\"\nmeasures = [\"coverage\"]\nworld = { kind = \"normal\" }\n\
                    arms = { relative = 0.25, groups = 4 }\n";
    assert_eq!(
        arms(&format!("{head}{stopping}")),
        ["arm rounds groups 4 relative 0.25 at-most 100000"]
    );
    let pilots = "study = \"pilots\"\nmeasures = [\"bounded\"]\nworld = { kind = \"dirichlet\", modes = 2, concentration = 1.0 }\n\
                  arms = { prompts = 9, responses = 4, sizes = \"unequal\" }\n";
    assert_eq!(
        arms(&format!("{head}{pilots}")),
        ["arm prompts 9 responses 4 unequal cost-ratio 1 most-responses 64 test-draws 999"]
    );
    let allocation = "study = \"allocation\"\nmeasures = [\"open-shares\"]\nworld = { kind = \"dirichlet\", modes = 2, concentration = 1.0 }\n\
                      arms = { prompts = 9, open-share = 0.5, responses = 4, pilot = 2, grid = { rule = [\"constant\", \"weighted-pilot\"] } }\n";
    assert_eq!(
        arms(&format!("{head}{allocation}")),
        [
            "arm prompts 9 open 5 responses 4 constant cost-ratio 1",
            "arm prompts 9 open 5 responses 4 weighted pilot 2 later 1 weight 0.3 cost-ratio 1"
        ]
    );
}
