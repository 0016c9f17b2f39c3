//! Owns `--per-prompt`: how many further responses each prompt of a pilot should have, as a table.

use super::args::Args;
use super::pilot::{Each, Prompts};
use crate::cli::{CliError, count, print, short_2};
use crate::numerics::text::{float, short};
use crate::record::replace;
use crate::theory::budget::Costs;
use crate::theory::neyman::spread;
use std::path::Path;

/// Further responses of each prompt.
struct Further {
    responses: Vec<u64>,
    /// What is expected of a prompt's variance: its own estimate, drawn towards the mean; the mean where it has a single response.
    variances: Vec<f64>,
    /// Which part of what estimates differ by is what prompts differ by; none where no prompt has four responses.
    reliability: Option<f64>,
    /// a: what the mean of a prompt's pilot counts.
    weight: f64,
}

/// Writes the table and says what is to be done with it.
pub(super) fn run(args: &Args, costs: Costs, own: &Prompts, path: &Path) -> Result<(), CliError> {
    let budget = args.budget.unwrap_or(0.0);
    let bought = (budget / costs.response * (1.0 + 4.0 * f64::EPSILON)) as u64;
    let most = args.max_responses.unwrap_or(bought.max(1));
    let further = further(own, bought, most, budget)?;
    let table = table(&own.each, &further);
    if path == Path::new("-") {
        return print(&table);
    }
    replace(path, table.as_bytes()).map_err(CliError::run)?;
    print(&words(own, &further, bought, path))
}

fn further(own: &Prompts, bought: u64, most: u64, budget: f64) -> Result<Further, CliError> {
    let prompts = own.each.len() as u64;
    if own.estimated.response.value <= 0.0 {
        let what = "--per-prompt: all responses of each prompt agree, so nothing says which prompts need more";
        return Err(CliError::Input(what.to_owned()));
    }
    if bought < prompts {
        let what = format!(
            "--budget {} buys {bought} further responses, but there are {}, and each needs one at least: what it has in the pilot alone \
             depends on what the pilot found",
            float(budget),
            count(prompts as usize, "prompt")
        );
        return Err(CliError::Input(what));
    }
    let reliability = reliability(&own.each);
    let mean = own.estimated.response.value;
    let expected = |each: &Each| {
        let off = each.variance.unwrap_or(mean) - mean;
        mean + reliability.unwrap_or(1.0) * off
    };
    let variances: Vec<f64> = own.each.iter().map(expected).collect();
    let total = bought.min(prompts.saturating_mul(most));
    // Cannot be none: each can have one, and all together have room.
    let responses = spread(&variances, &vec![most; own.each.len()], total).unwrap_or_default();
    let [pilot, later] = [
        own.each.iter().map(|each| each.responses).collect::<Vec<u64>>(),
        responses.clone(),
    ]
    .map(|counts| variance_of_mean(&variances, &counts));
    Ok(Further {
        weight: later / (pilot + later),
        reliability,
        variances,
        responses,
    })
}

/// (E v^2 - (E v)^2) / (E v-hat^2 - (E v)^2) over the prompts with four responses or more, from 0 to 1: the regression of a prompt's variance
/// on its estimate.
fn reliability(each: &[Each]) -> Option<f64> {
    let known: Vec<(f64, f64)> = each
        .iter()
        .filter_map(|own| Some((own.variance?, own.variance_squared?)))
        .collect();
    if known.is_empty() {
        return None;
    }
    let mean = |of: fn(&(f64, f64)) -> f64| known.iter().map(of).sum::<f64>() / known.len() as f64;
    let square = mean(|own| own.0) * mean(|own| own.0);
    let (between, all) = (mean(|own| own.1) - square, mean(|own| own.0 * own.0) - square);
    // Where estimates do not differ there is nothing to draw together.
    Some(if all > 0.0 {
        (between / all).clamp(0.0, 1.0)
    } else {
        0.0
    })
}

/// sum v/k over the squared number of prompts: the variance of the mean of these prompts' means.
fn variance_of_mean(variances: &[f64], counts: &[u64]) -> f64 {
    let sum: f64 = variances.iter().zip(counts).map(|(v, &k)| v / k as f64).sum();
    let prompts = variances.len() as f64;
    sum / (prompts * prompts)
}

/// A row per prompt. The two last columns are what one response of each kind counts; those of a prompt sum to 1.
fn table(each: &[Each], further: &Further) -> String {
    let mut out =
        "prompt,pilot_responses,variance,expected_variance,further_responses,pilot_weight,further_weight\n".to_owned();
    for ((own, &more), &expected) in each.iter().zip(&further.responses).zip(&further.variances) {
        let weights = [
            further.weight / own.responses as f64,
            (1.0 - further.weight) / more as f64,
        ];
        let id = match own.id.contains([',', '"', '\n', '\r']) {
            true => format!("\"{}\"", own.id.replace('"', "\"\"")),
            false => own.id.clone(),
        };
        let variance = own.variance.map_or(String::new(), float);
        let [pilot, later] = weights.map(float);
        let expected = float(expected);
        out += &format!("{id},{},{variance},{expected},{more},{pilot},{later}\n", own.responses);
    }
    out
}

fn words(own: &Prompts, further: &Further, bought: u64, path: &Path) -> String {
    let (estimated, prompts) = (&own.estimated, own.each.len());
    let all: u64 = further.responses.iter().sum();
    let ends = [further.responses.iter().min(), further.responses.iter().max()].map(|end| end.copied().unwrap_or(0));
    let equal = further.variances.iter().sum::<f64>() / (all as f64 * prompts as f64);
    let own_variance = variance_of_mean(&further.variances, &further.responses);
    let unused = match bought > all {
        true => format!(
            "; {} are left, as no prompt has more than --max-responses",
            bought - all
        ),
        false => String::new(),
    };
    let alone = own.each.iter().filter(|each| each.variance.is_none()).count();
    let unknown = match alone {
        0 => String::new(),
        _ => format!(
            "{} with a single response: how much it varies is not known, and the mean V_y|x stands for it\n",
            count(alone, "prompt")
        ),
    };
    let reliable = match further.reliability {
        Some(share) => format!(
            "{} of what the prompts' variances differ by in the pilot is no error of few responses: each is drawn that far from the mean\n",
            percent(share)
        ),
        None => "how reliable the prompts' variances are is not known, as none has four responses: they are taken as they are\n".to_owned(),
    };
    let weight = further.weight;
    format!(
        "pilot: {prompts} prompts, {} responses, {}\n\
         {reliable}{unknown}\
         {all} further responses, {} to {} of a prompt, in {}{unused}\n\
         they leave {} of the variance of these prompts' mean, {} of what as many of each would leave\n\n\
         weigh the mean of a prompt's pilot by {} and that of its further responses by {}, the same for all prompts: then what is\n\
         learned is unbiased whatever the pilot found. The two weights in the table are those of single responses\n\
         to count all responses of a prompt alike is biased, since what the pilot found decided how many it has: answers on which a pilot agrees\n\
         by chance count too much. A flat list of all responses is biased twice: prompts with more responses count more\n",
        estimated.responses,
        own.kind,
        ends[0],
        ends[1],
        path.display(),
        short(own_variance),
        percent(own_variance / equal),
        short_2(weight),
        short_2(1.0 - weight),
    )
}

fn percent(share: f64) -> String {
    format!("{:.1}%", 100.0 * share)
}
