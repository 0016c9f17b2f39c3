//! Owns `--group`: prompts of known kinds, each with a number of responses of its own (Neyman allocation).

use super::args::{Args, Form};
use super::asked::goal;
use super::group::Group;
use crate::cli::{CliError, print};
use crate::numerics::text::{float, short, short_3};
use crate::report::table::{markdown, plain};
use crate::theory::budget::Costs;
use crate::theory::design::Question;
use crate::theory::neyman::{Allocation, Kind};
use crate::theory::plan::{Goal, Plan};
use crate::theory::variance_law::Components;
use serde_json::json;

/// How far shares that were rounded to three digits each may be from 1.
const ROUNDED: f64 = 0.002;

/// What is bought.
struct Bought {
    allocation: Allocation,
    /// By group: the best number in real numbers, and the whole one that is bought.
    best: Vec<f64>,
    responses: Vec<f64>,
    prompts: f64,
    /// As many of each prompt.
    constant: Plan,
    goal: Goal,
}

/// Prints how many responses each group has, and what that gains.
pub(super) fn run(args: &Args, costs: Costs) -> Result<(), CliError> {
    let allocation = asked(args, costs)?;
    let bought = bought(args, allocation)?;
    print(&match args.format {
        Form::Table => page(&args.group, &bought, plain),
        Form::Markdown => page(&args.group, &bought, markdown),
        Form::Csv => csv(&args.group, &bought),
        Form::Json => format!("{}\n", object(&args.group, &bought)),
    })
}

/// The kinds, with shares that sum to 1. Refused where that is not so, or where nothing is to decide.
fn asked(args: &Args, costs: Costs) -> Result<Allocation, CliError> {
    let refused = |what: String| Err(CliError::Input(what));
    let groups = &args.group;
    for (at, own) in groups.iter().enumerate() {
        if groups[..at].iter().any(|other| other.name == own.name) {
            return refused(format!(
                "--group {}: there are two of this name: give each its own",
                own.name
            ));
        }
    }
    let all: f64 = groups.iter().map(|own| own.share).sum();
    if (all - 1.0).abs() > ROUNDED {
        return refused(format!(
            "--group: shares sum to {}: they are shares of all prompts, and sum to 1",
            short(all)
        ));
    }
    let kind = |own: &Group| Kind {
        share: own.share / all,
        variance: own.variance,
        price: own.price.unwrap_or(costs.response),
    };
    let allocation = Allocation {
        between: args.vx.unwrap_or(0.0),
        prompt_price: costs.prompt,
        kinds: groups.iter().map(kind).collect(),
    };
    if let Some(place) = allocation.kinds.iter().position(|kind| kind.price == 0.0) {
        return refused(format!(
            "--group {}: its responses cost nothing, so each prompt should have as many as there are; give them a price",
            groups[place].name
        ));
    }
    if allocation.between == 0.0 || allocation.prompt_price == 0.0 {
        let which = if allocation.between == 0.0 {
            "--vx"
        } else {
            "--cost-prompt"
        };
        return refused(format!(
            "{which} is 0: with groups both must be above 0; the number of responses has no end where prompts do not differ, and is 1 where \
             they cost nothing"
        ));
    }
    Ok(allocation)
}

fn bought(args: &Args, allocation: Allocation) -> Result<Bought, CliError> {
    let (goal, most) = (goal(args), args.max_responses.unwrap_or(u64::MAX));
    let (best, responses) = (allocation.best(), allocation.whole_within(1.0, most as f64));
    let price = allocation.price(&responses);
    let prompts = match goal {
        Goal::Budget(budget) => (budget / price * (1.0 + 4.0 * f64::EPSILON)).floor(),
        Goal::Variance(target) => (allocation.variance(&responses) / target * (1.0 - 4.0 * f64::EPSILON)).ceil(),
    };
    let mean = |of: fn(&Kind) -> f64| allocation.kinds.iter().map(|kind| kind.share * of(kind)).sum();
    let question = Question {
        components: Components {
            prompt: allocation.between,
            response: mean(|kind| kind.variance),
        },
        costs: Costs {
            prompt: allocation.prompt_price,
            response: mean(|kind| kind.price),
        },
        most_responses: most,
        most_prompts: u64::MAX,
    };
    let constant = Plan::new(question, goal).filter(|_| prompts >= 1.0);
    let constant = constant.ok_or_else(|| {
        CliError::Input(format!(
            "--budget {} buys no prompt: one with its responses costs {}",
            float(args.budget.unwrap_or(0.0)),
            short(price)
        ))
    })?;
    Ok(Bought {
        best,
        responses,
        prompts,
        constant,
        goal,
        allocation,
    })
}

impl Bought {
    fn cost(&self) -> f64 {
        self.prompts * self.allocation.price(&self.responses)
    }

    fn variance(&self) -> f64 {
        self.allocation.variance(&self.responses) / self.prompts
    }

    /// How many times as much the best constant number takes: variance for a budget, cost for a target.
    fn gain(&self) -> f64 {
        let own = match self.goal {
            Goal::Budget(_) => self.variance(),
            Goal::Variance(_) => self.cost(),
        };
        self.constant.takes(&self.constant.best) / own
    }
}

const HEADER: [&str; 6] = ["group", "share", "variance", "best K", "responses", "prompts"];

fn rows(groups: &[Group], bought: &Bought, number: fn(f64) -> String) -> Vec<Vec<String>> {
    let row = |(place, own): (usize, &Group)| {
        let kind = &bought.allocation.kinds[place];
        let numbers = [
            kind.share,
            kind.variance,
            bought.best[place],
            bought.responses[place],
            kind.share * bought.prompts,
        ];
        [own.name.clone()].into_iter().chain(numbers.map(number)).collect()
    };
    groups.iter().enumerate().map(row).collect()
}

fn page(groups: &[Group], bought: &Bought, table: fn(&[&str], &[Vec<String>]) -> String) -> String {
    let best = &bought.constant.best;
    let times = match bought.goal {
        Goal::Budget(_) => "variance",
        Goal::Variance(_) => "cost",
    };
    format!(
        "{}\n{} prompts; cost {}, variance {}, standard error {}\n\
         as many of each prompt: K = {}, {} prompts, {} times the {times}\n\
         every prompt counts the same, so that a response of a prompt with K counts 1/K: in a flat list of all responses prompts with more count\n\
         more, and what is learned is another mean\n",
        table(&HEADER, &rows(groups, bought, short)),
        short(bought.prompts),
        short(bought.cost()),
        short(bought.variance()),
        short(bought.variance().sqrt()),
        best.responses,
        best.prompts,
        short_3(bought.gain()),
    )
}

fn csv(groups: &[Group], bought: &Bought) -> String {
    let lines = rows(groups, bought, float).into_iter().map(|row| row.join(",") + "\n");
    format!("{}\n{}", HEADER.join(",").replace(' ', "_"), lines.collect::<String>())
}

fn object(groups: &[Group], bought: &Bought) -> serde_json::Value {
    let group = |(place, own): (usize, &Group)| {
        let kind = &bought.allocation.kinds[place];
        json!({
            "group": own.name, "share": kind.share, "variance": kind.variance, "price": kind.price,
            "best_k": bought.best[place], "responses": bought.responses[place] as u64,
        })
    };
    let best = &bought.constant.best;
    json!({
        "groups": groups.iter().enumerate().map(group).collect::<Vec<_>>(),
        "prompts": bought.prompts as u64, "cost": bought.cost(), "variance": bought.variance(),
        "constant": { "responses": best.responses, "prompts": best.prompts },
        "gain": bought.gain(),
    })
}
