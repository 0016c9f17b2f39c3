//! Owns the arguments of `allocate`.

use super::group::Group;
use super::pilot::PilotArgs;
use crate::cli::CliError;
use crate::cli::options::amount;
use crate::theory::prices::Prices;
use std::path::PathBuf;

/// Arguments of `allocate`.
#[derive(Debug, clap::Args)]
#[command(allow_negative_numbers = true, group = clap::ArgGroup::new("goal").required(true))]
pub struct Args {
    /// V_x: how much what is expected of a prompt's responses varies between prompts
    #[arg(long, value_name = "V", value_parser = amount, group = "components", required_unless_present = "pilot")]
    pub(super) vx: Option<f64>,
    /// V_{y|x}: how much the responses of one prompt vary, on average
    #[arg(long, value_name = "V", value_parser = amount, requires = "vx", required_unless_present_any = ["pilot", "group"])]
    pub(super) vy: Option<f64>,
    /// Prompts of a kind that is known before they have responses, with a number of responses of their own: their share of prompts and how
    /// much their responses vary; several. The third number is the price of their responses [default: --cost-response]
    #[arg(long, value_name = "NAME=SHARE:VARIANCE[:PRICE]", requires = "vx", value_parser = super::group::group,
          conflicts_with_all = ["vy", "vy_other", "mde", "power", "level", "design_constant", "figure", "max_prompts"])]
    pub(super) group: Vec<Group>,
    /// What a prompt costs
    #[arg(long, value_name = "C", value_parser = amount, required_unless_present = "per_prompt")]
    pub(super) cost_prompt: Option<f64>,
    /// What a response costs, in the same currency
    #[arg(long, value_name = "C", value_parser = amount, required_unless_present = "cost_generated")]
    pub(super) cost_response: Option<f64>,
    /// What a candidate costs that is generated; with --cost-trained instead of --cost-response, which is the sum of both where nothing is
    /// generated that is not kept
    #[arg(long, value_name = "C", value_parser = amount, requires = "cost_trained", conflicts_with = "cost_response")]
    pub(super) cost_generated: Option<f64>,
    /// What a response costs that is trained on
    #[arg(long, value_name = "C", value_parser = amount, requires = "cost_generated")]
    pub(super) cost_trained: Option<f64>,
    /// Which responses are trained on
    #[arg(long, value_enum, default_value_t = Chosen::Random)]
    pub(super) design: Chosen,
    /// Shares of modes among all responses, with commas: what one response per mode rests on; a pilot with labels tells them
    #[arg(long, value_name = "P,P,...", value_delimiter = ',', value_parser = positive, requires = "vx")]
    pub(super) shares: Option<Vec<f64>>,
    /// What there is to spend: the design of the least variance
    #[arg(long, value_name = "B", group = "goal", value_parser = positive)]
    pub(super) budget: Option<f64>,
    /// The variance to reach: the cheapest design
    #[arg(long, value_name = "V", group = "goal", value_parser = positive)]
    pub(super) target_variance: Option<f64>,
    /// The same as a standard error
    #[arg(long, value_name = "S", group = "goal", value_parser = positive)]
    pub(super) target_se: Option<f64>,
    /// The least difference between two models' mean scores that is to be found on the same questions: the cheapest design. V_x is then
    /// the variance between questions of the difference of expected scores, V_y|x the sum of both models' variances within a question
    #[arg(long, value_name = "D", group = "goal", value_parser = positive)]
    pub(super) mde: Option<f64>,
    /// How often it is to be found [default: 0.8]; with another goal, what difference each design finds is shown
    #[arg(long, value_name = "P", value_parser = probability)]
    pub(super) power: Option<f64>,
    /// How often a difference of 0 may be called one, two-sided [default: 0.05]
    #[arg(long, value_name = "P", value_parser = probability)]
    pub(super) level: Option<f64>,
    /// Variance within a prompt of a second model, on the same prompts; --vy and --cost-response are then those of one
    #[arg(long, value_name = "V", value_parser = amount, requires = "vx")]
    pub(super) vy_other: Option<f64>,
    /// c of a fitted policy, its loss from few prompts: what bounds K where prompts do not differ
    #[arg(long, value_name = "C", value_parser = positive)]
    pub(super) design_constant: Option<f64>,
    /// The most responses of a prompt that there are
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) max_responses: Option<u64>,
    /// The most prompts that there are
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) max_prompts: Option<u64>,
    /// How designs are printed
    #[arg(long, value_enum, default_value_t = Form::Table)]
    pub(super) format: Form,
    /// Draws the curve over K, its flat part and the design chosen: .svg, .png or .pdf
    #[arg(long, value_name = "FILE")]
    pub(super) figure: Option<PathBuf>,
    #[command(flatten)]
    pub(super) pilot: PilotArgs,
}

impl Args {
    /// What a prompt, a candidate and a response that is trained on cost. A response's whole price is that of training it; prompts that are
    /// there already cost nothing.
    pub(super) fn prices(&self) -> Prices {
        Prices {
            prompt: self.cost_prompt.unwrap_or(0.0),
            generated: self.cost_generated.unwrap_or(0.0),
            trained: self.cost_trained.or(self.cost_response).unwrap_or(0.0),
        }
    }

    /// Refuses what one response per mode has no answer to.
    pub(super) fn refuse_mixed(&self) -> Result<(), CliError> {
        let asked = [
            ("--mde", self.mde.is_some()),
            ("--power", self.power.is_some()),
            ("--level", self.level.is_some()),
            ("--vy-other", self.vy_other.is_some()),
            ("--value-other", self.pilot.value_other.is_some()),
            ("--design-constant", self.design_constant.is_some()),
            ("--figure", self.figure.is_some()),
            ("--as-world", self.pilot.as_world.is_some()),
            ("--group", !self.group.is_empty()),
            ("--per-prompt", self.pilot.per_prompt.is_some()),
        ];
        let refused = match self.design {
            Chosen::Random => self
                .shares
                .is_some()
                .then(|| "--shares goes with --design one-per-mode alone".to_owned()),
            Chosen::OnePerMode => {
                let mixed = asked.iter().find(|(_, stated)| *stated);
                mixed.map(|(name, _)| format!("{name} goes with --design random alone"))
            }
        };
        refused.map_or(Ok(()), |what| Err(CliError::Input(what)))
    }
}

fn positive(text: &str) -> Result<f64, String> {
    amount(text)
        .ok()
        .filter(|x| *x > 0.0)
        .ok_or_else(|| "a number above 0 is expected".to_owned())
}

fn probability(text: &str) -> Result<f64, String> {
    amount(text)
        .ok()
        .filter(|x| *x > 0.0 && *x < 1.0)
        .ok_or_else(|| "a number above 0 and below 1 is expected".to_owned())
}

/// Which responses are trained on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Chosen {
    /// Each of K, kept at random; no more are generated
    Random,
    /// One of each mode among N candidates, weighted by its share of them
    OnePerMode,
}

/// How designs are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Form {
    /// Columns, and what follows from them in words
    Table,
    /// The same for a page
    Markdown,
    /// Designs alone
    Csv,
    /// One object
    Json,
}
