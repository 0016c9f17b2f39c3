//! Owns how a pilot is read: columns to responses, prompt by prompt, in bounded memory.

use super::args::PilotArgs;
use super::brought::{Brought, Each, Prompts};
use crate::cli::CliError;
use crate::cli::options::pool;
use crate::cli::select::input;
use crate::data::{Cell, Column, Fault, Nearness, Order, Pools, Prompt, StreamError, Value, Wanted, for_all};
use crate::inference::pilot::{Kind, Meaning, PairedPilot, Pilot, Refusal, Responses};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The responses of a prompt, read.
enum Read {
    /// A label of each, by the hash of its text.
    Labels(Vec<u128>),
    Values(Vec<f64>),
    Vectors(Vec<f64>, usize),
    /// Numbers of two models.
    Paired(Vec<f64>, Vec<f64>),
}

/// Which columns say what, by their places among those wanted.
const SAID: usize = 0;
const CLUSTER: usize = 1;
const OTHER: usize = 2;

/// Reads all files. None where there are none.
pub(in crate::cli::allocate) fn read(args: &PilotArgs) -> Result<Option<Brought>, CliError> {
    if args.pilot.is_empty() {
        return Ok(None);
    }
    let names: Vec<String> = args.pilot.iter().map(|file| named(&file.to_string_lossy())).collect();
    let refused = |fault: Fault| CliError::Input(fault.in_files(&names));
    let wanted = wanted(args)?;
    let order = if args.unsorted { Order::Any } else { Order::Grouped };
    let inputs = args.pilot.iter().map(|file| input(file, None)).collect();
    let mut pools = Pools::open(inputs, &wanted, order).map_err(refused)?;
    let mut sums = Sums::new(args);
    let each = |(): &mut (), prompt: &Prompt| Ok((responses(args, prompt)?, cluster(prompt)));
    // A refused prompt ends the reading: what is wrong with it is told with its place.
    let mut sink = |prompt: &Prompt, (read, cluster): (Read, Option<u128>)| {
        let refused = |refusal: Refusal| StreamError::Input(prompt.fault(refusal.to_string()));
        sums.push(read, cluster, prompt.id().text).map_err(refused)
    };
    let done = pool(None)?.install(|| for_all(&mut pools, || (), each, &mut sink));
    done.map_err(|error| match error {
        StreamError::Input(fault) => refused(fault),
        StreamError::Output(error) => CliError::run(error),
    })?;
    let of_all = |refusal: Refusal| CliError::Input(format!("{}: {refusal}", names.join(", ")));
    sums.finish(args).map(Some).map_err(of_all)
}

/// What messages call a file.
fn named(file: &str) -> String {
    match file {
        "-" => "standard input".to_owned(),
        _ => file.to_owned(),
    }
}

fn wanted(args: &PilotArgs) -> Result<Wanted, CliError> {
    let said = match (&args.label, &args.value, &args.vector) {
        (Some(label), ..) => Column::named(label, "--label", Value::Text),
        (None, Some(value), _) => Column::named(value, "--value", Value::Number),
        (None, None, Some(_)) => Column::usual([""; 0], "--vector", Value::Number),
        (None, None, None) => {
            let say = "--pilot: say which column tells what responses are: --label, --value or --vector";
            return Err(CliError::Input(say.to_owned()));
        }
    };
    let column = |name: &Option<String>, option, kind| match name {
        Some(name) => Column::named(name, option, kind),
        None => Column::usual([""; 0], option, kind),
    };
    let prompt = match args.prompt == "prompt" {
        true => Column::usual(["prompt"], "--prompt", Value::Text),
        false => Column::named(&args.prompt, "--prompt", Value::Text),
    };
    Ok(Wanted {
        prompt,
        candidate: Column::usual([""; 0], "--candidate", Value::Text),
        values: vec![
            said,
            column(&args.cluster, "--cluster", Value::Shared),
            column(&args.value_other, "--value-other", Value::Number),
        ],
        nearness: match &args.vector {
            Some(name) => Nearness::Embedding(Some(name.clone())),
            None => Nearness::Nothing,
        },
        records: false,
    })
}

/// What a prompt's rows say of its responses.
fn responses(args: &PilotArgs, prompt: &Prompt) -> Result<Read, Fault> {
    let rows = 0..prompt.candidates();
    if let Some(name) = &args.vector {
        let (mut all, mut one, mut dimension) = (Vec::new(), Vec::new(), 0);
        for row in rows {
            let list = prompt
                .list(row)
                .ok_or_else(|| prompt.fault(format!("a response without {name}")))?;
            list.numbers(name, &mut one)?;
            if row > 0 && one.len() != dimension {
                return Err(list.fault(format!("{name} has {} numbers, but {dimension} before", one.len())));
            }
            dimension = one.len();
            all.extend_from_slice(&one);
        }
        return Ok(Read::Vectors(all, dimension));
    }
    if let Some(name) = &args.label {
        let label = |row| {
            let cell = prompt.cell(row, SAID);
            let text = cell.text.filter(|text| !text.is_empty());
            text.map(hash).ok_or_else(|| lacking(&cell, name))
        };
        return rows.map(label).collect::<Result<_, _>>().map(Read::Labels);
    }
    let name = args.value.as_deref().unwrap_or_default();
    let Some(other) = &args.value_other else {
        let value = |row| {
            let cell = prompt.cell(row, SAID);
            cell.number(name)?.ok_or_else(|| lacking(&cell, name))
        };
        return rows.map(value).collect::<Result<_, _>>().map(Read::Values);
    };
    // Models may have different numbers of samples: what is empty is no sample.
    let numbers = |column, name: &str| -> Result<Vec<f64>, Fault> {
        let all = (0..prompt.candidates()).map(|row| prompt.cell(row, column).number(name));
        Ok(all.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    };
    Ok(Read::Paired(numbers(SAID, name)?, numbers(OTHER, other)?))
}

fn lacking(cell: &Cell<'_>, name: &str) -> Fault {
    cell.fault(format!(
        "no {name}: every response of a pilot has one; leave its row out"
    ))
}

/// The prompt's cluster, which all its rows share: that of the first.
fn cluster(prompt: &Prompt) -> Option<u128> {
    let first = prompt.cell(0, CLUSTER).text?;
    Some(hash(first)).filter(|_| !first.is_empty())
}

/// Two texts count as one where 128 bits agree.
fn hash(text: &str) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, text).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

/// What is kept of a pilot while it is read.
enum Sums {
    Prompts {
        /// None before the first prompt, which tells the length of vectors.
        pilot: Option<Pilot>,
        labels: Numbered,
        counts: Vec<u64>,
        clusters: Numbered,
        /// Every prompt by itself, where that is asked for.
        each: Option<Vec<Each>>,
        seed: u64,
    },
    Paired(PairedPilot),
}

/// Texts by numbers, from 0 in the order in which they come.
#[derive(Default)]
struct Numbered(HashMap<u128, u32>);

impl Numbered {
    fn of(&mut self, text: u128) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(text).or_insert(next)
    }
}

impl Sums {
    fn new(args: &PilotArgs) -> Self {
        match args.value_other {
            Some(_) => Sums::Paired(PairedPilot::default()),
            None => Sums::Prompts {
                pilot: None,
                labels: Numbered::default(),
                counts: Vec::new(),
                clusters: Numbered::default(),
                each: args.per_prompt.as_ref().map(|_| Vec::new()),
                seed: args.seed,
            },
        }
    }

    fn push(&mut self, read: Read, cluster: Option<u128>, id: &str) -> Result<(), Refusal> {
        let (pilot, labels, counts, clusters, each, seed) = match (self, &read) {
            (Sums::Paired(pilot), Read::Paired(a, b)) => return pilot.push(a, b),
            (
                Sums::Prompts {
                    pilot,
                    labels,
                    counts,
                    clusters,
                    each,
                    seed,
                },
                _,
            ) => (pilot, labels, counts, clusters, each, *seed),
            (Sums::Paired(_), _) => return Err(Refusal::OtherKind),
        };
        let cluster = cluster.map(|text| u64::from(clusters.of(text)));
        let mut push = |kind, count: usize, responses: Responses<'_>| {
            if let Some(each) = each {
                each.push(Each {
                    id: id.to_owned(),
                    responses: count as u64,
                    variance: responses.variance(),
                    variance_squared: responses.variance_squared(),
                });
            }
            pilot
                .get_or_insert_with(|| Pilot::new(kind, seed))
                .push(responses, cluster)
        };
        match read {
            Read::Labels(texts) => {
                let numbers: Vec<u32> = texts.into_iter().map(|text| labels.of(text)).collect();
                counts.resize(labels.0.len(), 0);
                numbers.iter().for_each(|&label| counts[label as usize] += 1);
                push(
                    Kind::Labels(Meaning::Shared),
                    numbers.len(),
                    Responses::Labels(&numbers),
                )
            }
            Read::Values(values) => push(Kind::Values, values.len(), Responses::Values(&values)),
            Read::Vectors(numbers, dimension) => push(
                Kind::Vectors { dimension },
                numbers.len() / dimension.max(1),
                Responses::Vectors {
                    numbers: &numbers,
                    dimension,
                },
            ),
            Read::Paired(..) => Err(Refusal::OtherKind),
        }
    }

    fn finish(self, args: &PilotArgs) -> Result<Brought, Refusal> {
        let (pilot, counts, each) = match self {
            Sums::Paired(pilot) => {
                let variances = pilot.variances()?;
                return Ok(Brought::Paired(variances, pilot.questions()));
            }
            Sums::Prompts {
                pilot, counts, each, ..
            } => (pilot, counts, each),
        };
        let pilot = pilot.unwrap_or_else(|| Pilot::new(Kind::Values, args.seed));
        let estimated = pilot.components()?;
        let nested = args.cluster.as_ref().map(|_| pilot.nested()).transpose()?;
        let kind = match (&args.label, &args.value) {
            (Some(_), _) => "labels",
            (None, Some(_)) => "numbers",
            (None, None) => "vectors",
        };
        Ok(Brought::Prompts(Box::new(Prompts {
            pilot,
            estimated,
            nested,
            labels: counts,
            each: each.unwrap_or_default(),
            kind,
        })))
    }
}
