//! Random experiments in every layout: threads, shares, order of merging, extension. All give the same bytes.

use super::{Draws, Files, Folder, differences};
use proptest::prelude::*;

#[derive(Debug, Clone)]
struct Layout {
    modes: u32,
    prompts: Vec<u32>,
    responses: Vec<u32>,
    concentrations: Vec<u32>,
    study: &'static str,
    replicates: u64,
    first: u64,
    shares: u64,
    order: u64,
}

fn layout() -> impl Strategy<Value = Layout> {
    let few = |most: u32| prop::collection::btree_set(1..=most, 1..4).prop_map(|set| set.into_iter().collect());
    let study = prop_oneof![Just("selection"), Just("training")];
    let sizes = (1_u64..700, 1_u64..700, 1_u64..7, any::<u64>());
    (2_u32..7, few(9), few(6), few(9), study, sizes).prop_map(
        |(modes, prompts, responses, concentrations, study, sizes)| {
            let (replicates, first, shares, order) = sizes;
            Layout {
                modes,
                prompts,
                responses,
                concentrations,
                study,
                replicates,
                first,
                shares,
                order,
            }
        },
    )
}

impl Layout {
    fn text(&self) -> String {
        let measure = if self.study == "training" {
            "excess-nll"
        } else {
            "mode-mass"
        };
        format!(
            "title = \"t\"\nstudy = \"{}\"\nseed = 3\nmeasures = [\"{measure}\"]\nworld = {{ kind = \"dirichlet\", modes = {}, \
             concentration = 4.0 }}\narms.grid = {{ prompts = {:?}, responses = {:?} }}\n\
             sweep.grid = {{ \"world.concentration\" = {:?} }}\nrun.replicates = {}\n{}",
            self.study,
            self.modes,
            self.prompts,
            self.responses,
            self.concentrations,
            self.replicates,
            if self.study == "training" {
                "training.steps = 20\n"
            } else {
                ""
            },
        )
    }

    fn folder(&self) -> Folder {
        let folder = Folder::new();
        folder.write("x.toml", self.text());
        folder
    }

    fn result(&self, lines: &[&str]) -> Files {
        let folder = self.folder();
        lines.iter().for_each(|line| drop(folder.succeeds(line)));
        folder.result("r")
    }

    /// Shares in an order of their own, each on its own machine, merged in another order.
    fn shared(&self) -> Files {
        let folder = self.folder();
        let mut draws = Draws(self.order);
        let shuffled = |draws: &mut Draws| {
            let mut order: Vec<u64> = (0..self.shares).collect();
            (1..order.len())
                .rev()
                .for_each(|last| order.swap(last, draws.below(last as u64 + 1) as usize));
            order
        };
        for share in shuffled(&mut draws) {
            folder.succeeds(&format!("run x.toml -q --shard {share}/{} --out s{share}", self.shares));
        }
        let parts: Vec<String> = shuffled(&mut draws).iter().map(|share| format!("s{share}")).collect();
        folder.succeeds(&format!("merge -q {} --out r", parts.join(" ")));
        folder.result("r")
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn every_layout_of_a_run_gives_the_same_bytes(layout in layout()) {
        let whole = layout.result(&["run x.toml -q --out r --threads 1"]);
        let threads = layout.result(&["run x.toml -q --out r --threads 3"]);
        prop_assert_eq!(differences(&whole, &threads), Vec::<String>::new());
        prop_assert_eq!(differences(&whole, &layout.shared()), Vec::<String>::new());
        let first = format!("run x.toml -q --out r --replicates {}", layout.first);
        let extended = layout.result(&[&first, "run x.toml -q --out r"]);
        prop_assert_eq!(differences(&whole, &extended), Vec::<String>::new());
        let again = layout.result(&["run x.toml -q --out r", "run x.toml -q --out r --fresh"]);
        prop_assert_eq!(differences(&whole, &again), Vec::<String>::new());
    }
}
