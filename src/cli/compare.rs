//! Owns the command `compare`: whether two results of one experiment agree within their Monte Carlo errors, and whether they are of
//! one experiment.

use super::{CliError, count, journal, print};
use crate::experiment::{self, Experiment};
use crate::inference::cell::FEWEST_GROUPS;
use crate::inference::laws::student_above;
use crate::record::{self, EstimateRecord, Manifest, p_value, parse_estimates};
use crate::report::table::plain;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Arguments of `compare`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Two result folders of one experiment: of other seeds, versions or machines
    #[arg(num_args = 2, required = true, value_name = "DIR")]
    directories: Vec<PathBuf>,
    /// Rows to print, those that differ most first
    #[arg(long, default_value_t = 10)]
    rows: usize,
    /// Exit with status 1 if they differ by more than chance, or are not of one experiment
    #[arg(long)]
    check: bool,
}

/// Estimates of one experiment with two seeds are said to differ in about one comparison of a hundred, whatever the number of rows.
const LEVEL: f64 = 0.01;

/// What numbers without noise may differ by, relative to the larger: the rounding of sums of millions.
const ROUNDING: f64 = 1e-12;

/// Prints the rows that differ most, and what follows from all.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let [a, b] = &args.directories[..] else {
        return Err(CliError::Input("two folders are compared".to_owned()));
    };
    let ((keys, rows), (other_keys, others)) = (read(a)?, read(b)?);
    if keys != other_keys {
        return Err(CliError::Input(format!(
            "{} and {} have other columns: {} and {}",
            a.display(),
            b.display(),
            keys.join(", "),
            other_keys.join(", ")
        )));
    }
    let compared = Compared::new(&rows, &others);
    if compared.is_empty() {
        return Err(CliError::Input(format!(
            "{} and {} have no row in common",
            a.display(),
            b.display()
        )));
    }
    let experiments = Experiments::new(a, b);
    print(&(compared.told(&keys, args.rows) + &experiments.told()))?;
    match (compared.differ() || experiments.differ()) && args.check {
        true => Err(CliError::Differ(format!(
            "{} and {} differ by more than chance, or are not of one experiment",
            a.display(),
            b.display()
        ))),
        false => Ok(()),
    }
}

fn read(directory: &Path) -> Result<(Vec<String>, Vec<EstimateRecord>), CliError> {
    record::read(&directory.join("estimates.csv"), parse_estimates).map_err(CliError::input)
}

/// Two estimates of one row that both have an error, and how far apart they are.
struct Pair<'a> {
    a: &'a EstimateRecord,
    b: &'a EstimateRecord,
    /// The difference in standard errors.
    z: f64,
    /// The probability of so large a difference, were both alike, with Welch's degrees of freedom.
    p: f64,
}

#[derive(Default)]
struct Compared<'a> {
    /// By probability, the least first.
    pairs: Vec<Pair<'a>>,
    /// Rows without an error on both sides.
    without_error: usize,
    /// Those of them whose estimates are not equal.
    unequal: usize,
    /// Rows that never vary, and whose numbers differ all the same.
    changed: Vec<&'a EstimateRecord>,
    /// Rows of which one has no estimate.
    unknown: usize,
    /// Rows of only one result.
    single: usize,
}

impl<'a> Compared<'a> {
    fn new(rows: &'a [EstimateRecord], others: &'a [EstimateRecord]) -> Self {
        let key = |row: &'a EstimateRecord| (row.scenario, &row.cells, &row.estimand, &row.at);
        let known: HashMap<_, &EstimateRecord> = others.iter().map(|row| (key(row), row)).collect();
        let both: Vec<_> = rows
            .iter()
            .filter_map(|a| known.get(&key(a)).map(|b| (a, *b)))
            .collect();
        let mut own = Self {
            single: rows.len() + others.len() - 2 * both.len(),
            ..Self::default()
        };
        both.into_iter().for_each(|(a, b)| own.add(a, b));
        own.pairs
            .sort_by(|p, q| p.p.total_cmp(&q.p).then(q.z.abs().total_cmp(&p.z.abs())));
        own
    }

    /// Adds what two estimates of one row say. Only errors above 0 say how far apart two may be: one of 0 may be an event that was not
    /// seen.
    fn add(&mut self, a: &'a EstimateRecord, b: &'a EstimateRecord) {
        let (Some(first), Some(second)) = (a.estimate, b.estimate) else {
            self.unknown += 1;
            return;
        };
        let difference = first - second;
        // An error of the size of rounding is one of 0: that of two groups which happen to be alike.
        let dust = ROUNDING * first.abs().max(second.abs());
        let equal = difference.abs() <= dust;
        let constant =
            |own: &EstimateRecord| own.mcse.is_some_and(|mcse| mcse <= dust) && own.df >= Some(FEWEST_GROUPS - 1.0);
        let error = |own: &EstimateRecord| Some((own.mcse.filter(|mcse| *mcse > dust)?, own.df?));
        let (Some(one), Some(other)) = (error(a), error(b)) else {
            if constant(a) && constant(b) && !equal {
                self.changed.push(a);
            } else {
                self.without_error += 1;
                self.unequal += usize::from(!equal);
            }
            return;
        };
        let [square, other_square] = [one, other].map(|(mcse, _)| mcse * mcse);
        let total = square + other_square;
        let z = difference / total.sqrt();
        let df = total * total / (square * square / one.1 + other_square * other_square / other.1);
        let p = match df > 0.0 {
            true => (2.0 * student_above(z.abs(), df)).min(1.0),
            // An error of no degrees of freedom says nothing.
            false => 1.0,
        };
        self.pairs.push(Pair { a, b, z, p });
    }

    /// Whether there is no row that both have.
    fn is_empty(&self) -> bool {
        self.pairs.is_empty() && self.changed.is_empty() && self.without_error + self.unknown == 0
    }

    /// The probability of so large a difference in some row, were all alike (Bonferroni).
    fn p(&self) -> f64 {
        let least = self.pairs.first().map(|pair| pair.p);
        least.map_or(1.0, |least| (least * self.pairs.len() as f64).min(1.0))
    }

    /// Whether estimates differ by more than chance, or numbers without chance at all.
    fn estimates_differ(&self) -> bool {
        self.p() < LEVEL || !self.changed.is_empty()
    }

    fn differ(&self) -> bool {
        self.single > 0 || self.estimates_differ()
    }

    fn told(&self, keys: &[String], most: usize) -> String {
        let mut header = vec!["scenario"];
        header.extend(keys.iter().map(String::as_str));
        header.extend(["estimand", "at", "first", "second", "z"]);
        let rows: Vec<Vec<String>> = self.pairs.iter().take(most).map(Pair::cells).collect();
        let table = if rows.is_empty() {
            String::new()
        } else {
            plain(&header, &rows) + "\n"
        };
        let lines = [
            self.told_pairs(),
            self.told_without_error(),
            self.told_changed(),
            self.told_single(),
        ];
        lines.into_iter().flatten().fold(table, |out, line| out + &line + "\n")
    }

    fn told_pairs(&self) -> Option<String> {
        let worst = self.pairs.first()?;
        let equal = |pair: &&Pair<'_>| pair.a.estimate == pair.b.estimate;
        let squares: f64 = self.pairs.iter().map(|pair| pair.z * pair.z).sum();
        let verdict = match self.p() < LEVEL {
            true => "their estimates differ by more than chance",
            false => "their estimates agree within their errors",
        };
        Some(format!(
            "{}, {} of them equal: mean z^2 = {:.3}, largest |z| = {:.2}, p = {} over all rows: {verdict}",
            count(self.pairs.len(), "row"),
            self.pairs.iter().filter(equal).count(),
            squares / self.pairs.len() as f64,
            worst.z.abs(),
            p_value(self.p())
        ))
    }

    fn told_without_error(&self) -> Option<String> {
        let rows = self.without_error + self.unknown;
        (rows > 0).then(|| {
            format!(
                "{} not judged: {} without a standard error on both sides ({} not equal), {} without an estimate",
                count(rows, "row"),
                self.without_error,
                self.unequal,
                self.unknown
            )
        })
    }

    fn told_changed(&self) -> Option<String> {
        let first = self.changed.first()?;
        let at = if first.at.is_empty() {
            String::new()
        } else {
            format!(" at {}", first.at)
        };
        Some(format!(
            "{} differ although nothing in them is random, the first {}{at} of scenario {}",
            count(self.changed.len(), "row"),
            first.estimand,
            first.scenario
        ))
    }

    fn told_single(&self) -> Option<String> {
        (self.single > 0).then(|| {
            format!(
                "{} in only one of them: they do not have the same rows",
                count(self.single, "row")
            )
        })
    }
}

impl Pair<'_> {
    fn cells(&self) -> Vec<String> {
        let number = |x: Option<f64>| x.map_or_else(String::new, |x| format!("{x:.5e}"));
        let mut cells = vec![self.a.scenario.to_string()];
        let named = self.a.cells.iter().chain([&self.a.estimand, &self.a.at]);
        cells.extend(named.map(|text| text.to_string()));
        cells.extend([
            number(self.a.estimate),
            number(self.b.estimate),
            format!("{:.2}", self.z),
        ]);
        cells
    }
}

/// The experiments that two results are of.
enum Experiments {
    /// Scenario by scenario, what differs in their keys but the seed.
    Known {
        differences: Vec<String>,
        /// Some scenario of both has the same draws.
        same_draws: bool,
        /// Of the first and of the second.
        seeds: [String; 2],
    },
    /// Why it is not known.
    Unknown(String),
}

impl Experiments {
    fn new(a: &Path, b: &Path) -> Self {
        match (stored(a), stored(b)) {
            (Ok(a), Ok(b)) => Self::of(&a, &b),
            (Err(why), _) | (_, Err(why)) => Self::Unknown(why.to_string()),
        }
    }

    fn of(a: &Experiment, b: &Experiment) -> Self {
        let draws = |own: &Experiment| -> Vec<String> {
            let scenarios = own.scenarios.iter();
            scenarios.map(|one| one.study.spec().draws.text().to_owned()).collect()
        };
        let others = draws(b);
        Self::Known {
            differences: differences(a, b),
            same_draws: draws(a).iter().any(|own| others.contains(own)),
            seeds: [seeds(a), seeds(b)],
        }
    }

    fn differ(&self) -> bool {
        matches!(self, Self::Known { differences, .. } if !differences.is_empty())
    }

    fn told(&self) -> String {
        /// Sweeps have many scenarios; the first few say it.
        const SHOWN: usize = 3;
        match self {
            Self::Unknown(why) => format!("whether they are of one experiment is not known: {why}\n"),
            Self::Known {
                differences,
                same_draws,
                seeds: [first, second],
            } => {
                let mut out = match differences.is_empty() {
                    true => format!("both are of one experiment, by seeds {first} and {second}\n"),
                    false => String::new(),
                };
                for line in differences.iter().take(SHOWN) {
                    out += &format!("they are of different experiments: {line}\n");
                }
                if differences.len() > SHOWN {
                    out += &format!("and {} more scenarios\n", differences.len() - SHOWN);
                }
                if *same_draws {
                    out += "both have the same draws somewhere: there estimates differ by less than their errors say\n";
                }
                out
            }
        }
    }
}

/// The experiment that a folder is a result of, as its manifest holds it.
fn stored(directory: &Path) -> Result<Experiment, CliError> {
    let manifest = Manifest::read(&directory.join("manifest.json")).map_err(CliError::input)?;
    let shown = format!("{} (as stored in {})", manifest.file, directory.display());
    experiment::parse(&manifest.experiment, &shown, manifest.text, &manifest.set).map_err(CliError::input)
}

/// What a scenario's work text says its seed by.
const SEED: &str = "seed ";

/// The seed of an experiment; of a sweep over seeds, each that it has.
fn seeds(own: &Experiment) -> String {
    let lines = own
        .scenarios
        .iter()
        .flat_map(|one| one.study.spec().work.text().lines());
    let mut seeds: Vec<&str> = lines.filter_map(|line| line.strip_prefix(SEED)).collect();
    seeds.dedup();
    seeds.join(", ")
}

/// What differs between the keys of two experiments, scenario by scenario, but for their seeds.
fn differences(a: &Experiment, b: &Experiment) -> Vec<String> {
    let text = |own: &Experiment, scenario: usize| {
        let lines = own.scenarios[scenario].study.spec().work.text().lines();
        let kept: Vec<&str> = lines.filter(|line| !line.starts_with(SEED)).collect();
        kept.join("\n")
    };
    let both = a.scenarios.len().min(b.scenarios.len());
    let found = (0..both).filter_map(|scenario| {
        let changes = journal::changes(&text(a, scenario), &text(b, scenario));
        changes.map(|changes| format!("scenario {scenario} of the second: {changes}"))
    });
    let mut found: Vec<String> = found.collect();
    if a.scenarios.len() != b.scenarios.len() {
        let number = |own: &Experiment| count(own.scenarios.len(), "scenario");
        found.push(format!("{} against {}", number(a), number(b)));
    }
    found
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
