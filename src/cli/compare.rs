//! Owns the command `compare`: whether two results of one experiment agree within their Monte Carlo errors.

use super::{CliError, print};
use crate::inference::laws::student_above;
use crate::record::{EstimateRecord, Manifest, read_estimates};
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
    /// Exit with status 1 if they differ by more than chance
    #[arg(long)]
    check: bool,
}

/// Differences of a thousandth are chance in one comparison of a thousand, whatever the number of rows.
const LEVEL: f64 = 0.001;

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
    if compared.pairs.is_empty() {
        return Err(CliError::Input(format!(
            "{} and {} have no row in common",
            a.display(),
            b.display()
        )));
    }
    print(&compared.told(&keys, args.rows))?;
    if same_draws(a, b) {
        print("both have the same draws somewhere: there estimates differ by less than their errors say\n")?;
    }
    match compared.differ() && args.check {
        true => Err(CliError::Differ(format!(
            "{} and {} differ by more than chance",
            a.display(),
            b.display()
        ))),
        false => Ok(()),
    }
}

fn read(directory: &Path) -> Result<(Vec<String>, Vec<EstimateRecord>), CliError> {
    read_estimates(&directory.join("estimates.csv")).map_err(CliError::input)
}

/// Whether some scenario of both has the same draws key.
fn same_draws(a: &Path, b: &Path) -> bool {
    let keys = |directory: &Path| Manifest::read(&directory.join("manifest.json")).map(|own| own.scenarios);
    match (keys(a), keys(b)) {
        (Ok(a), Ok(b)) => a.iter().any(|a| b.iter().any(|b| a.draws == b.draws)),
        _ => false,
    }
}

/// Two estimates of one row, and how far apart they are.
struct Pair<'a> {
    a: &'a EstimateRecord,
    b: &'a EstimateRecord,
    /// The difference in standard errors; infinite where there is no error and a difference.
    z: f64,
    /// The probability of so large a difference, were both alike, with Welch's degrees of freedom.
    p: f64,
}

struct Compared<'a> {
    /// By probability, the least first.
    pairs: Vec<Pair<'a>>,
    /// Rows of which neither has an estimate.
    without: usize,
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
        let single = rows.len() + others.len() - 2 * both.len();
        let mut pairs: Vec<Pair<'_>> = both.iter().filter_map(|&(a, b)| pair(a, b)).collect();
        pairs.sort_by(|p, q| p.p.total_cmp(&q.p).then(q.z.abs().total_cmp(&p.z.abs())));
        Self {
            without: both.len() - pairs.len(),
            pairs,
            single,
        }
    }

    /// The probability of so large a difference in some row, were all alike (Bonferroni).
    fn p(&self) -> f64 {
        let least = self.pairs.first().map_or(1.0, |pair| pair.p);
        (least * self.pairs.len() as f64).min(1.0)
    }

    fn differ(&self) -> bool {
        self.single > 0 || self.p() < LEVEL
    }

    fn told(&self, keys: &[String], most: usize) -> String {
        let mut header = vec!["scenario"];
        header.extend(keys.iter().map(String::as_str));
        header.extend(["estimand", "at", "first", "second", "z"]);
        let rows: Vec<Vec<String>> = self.pairs.iter().take(most).map(Pair::cells).collect();
        let equal = self
            .pairs
            .iter()
            .filter(|pair| pair.a.estimate == pair.b.estimate)
            .count();
        let finite = self.pairs.iter().filter(|pair| pair.z.is_finite());
        let square = finite.map(|pair| pair.z * pair.z).sum::<f64>() / self.pairs.len() as f64;
        let single = match self.single {
            0 => String::new(),
            n => format!("{n} rows stand in only one of them; "),
        };
        let verdict = if self.differ() {
            "they differ by more than chance"
        } else {
            "they agree"
        };
        format!(
            "{}\n{} rows, {equal} of them equal, {} without an estimate; {single}mean z^2 = {square:.3}, largest |z| = {:.2}, \
             p = {:.2e} over all rows: {verdict}\n",
            plain(&header, &rows),
            self.pairs.len(),
            self.without,
            self.pairs[0].z.abs(),
            self.p()
        )
    }
}

impl Pair<'_> {
    fn cells(&self) -> Vec<String> {
        let number = |x: Option<f64>| x.map_or_else(String::new, |x| format!("{x:.5e}"));
        let mut cells = vec![self.a.scenario.to_string()];
        cells.extend(self.a.cells.iter().cloned());
        cells.extend([self.a.estimand.clone(), self.a.at.clone()]);
        cells.extend([
            number(self.a.estimate),
            number(self.b.estimate),
            format!("{:.2}", self.z),
        ]);
        cells
    }
}

/// Two estimates compared; none without two.
fn pair<'a>(a: &'a EstimateRecord, b: &'a EstimateRecord) -> Option<Pair<'a>> {
    let difference = a.estimate? - b.estimate?;
    let square = |own: &EstimateRecord| own.mcse.map_or(0.0, |mcse| mcse * mcse);
    let part = |own: &EstimateRecord| own.df.map_or(0.0, |df| square(own) * square(own) / df);
    let total = square(a) + square(b);
    let z = if difference == 0.0 {
        0.0
    } else {
        difference / total.sqrt()
    };
    let df = total * total / (part(a) + part(b));
    let p = match () {
        () if difference == 0.0 => 1.0,
        () if z.is_infinite() => 0.0,
        () if df.is_finite() => 2.0 * student_above(z.abs(), df),
        // An error of no degrees of freedom says nothing.
        () => 1.0,
    };
    Some(Pair { a, b, z, p })
}
