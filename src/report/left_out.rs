//! Owns the words for replicates that a number does not rest on: those that do not meet its condition, and those that failed.

use crate::record::EstimateRecord;

/// The share of replicates up to which nothing is said.
pub const UNSAID: f64 = 0.01;

/// The share of a row's replicates that do not meet its condition, of those that did not fail.
pub fn share(record: &EstimateRecord) -> f64 {
    let of = record.replicates.saturating_sub(record.failed);
    if of == 0 {
        0.0
    } else {
        record.left_out as f64 / of as f64
    }
}

/// The share of a row's replicates that failed.
pub fn failed(record: &EstimateRecord) -> f64 {
    match record.replicates {
        0 => 0.0,
        of => record.failed as f64 / of as f64,
    }
}

/// What the condition of an estimand does to its values, as a clause after a comma; empty where nothing is known of it.
pub fn remark(estimand: &str) -> &'static str {
    match estimand.rsplit_once('.') {
        Some((_, "complete")) => ", which flatters small K",
        _ => "",
    }
}

/// Sentences on what rows leave out beyond the share that goes unsaid, each on the worst of them.
pub fn notes(records: &[&EstimateRecord]) -> Vec<String> {
    let worst = |share: fn(&EstimateRecord) -> f64| {
        let beyond = records.iter().filter(|record| share(record) > UNSAID);
        beyond.max_by(|a, b| share(a).total_cmp(&share(b)))
    };
    let conditional = worst(share).map(|record| {
        format!(
            "Up to {} of replicates do not meet the condition of {} and are left out{}.",
            percent(share(record)),
            record.estimand,
            remark(&record.estimand)
        )
    });
    let failed = worst(failed).map(|record| {
        format!(
            "Up to {} of replicates failed and are left out.",
            percent(failed(record))
        )
    });
    conditional.into_iter().chain(failed).collect()
}

/// A share with one decimal.
pub fn percent(share: f64) -> String {
    format!("{:.1}%", 100.0 * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(estimand: &str, left_out: u64, failed: u64) -> EstimateRecord {
        EstimateRecord {
            scenario: 0,
            cells: Vec::new(),
            estimand: estimand.to_owned(),
            at: String::new(),
            estimate: Some(1.0),
            mcse: Some(0.1),
            df: Some(63.0),
            exact: None,
            low: None,
            high: None,
            reference: None,
            reference_name: String::new(),
            replicates: 2_000,
            failed,
            left_out,
            note: String::new(),
            target: String::new(),
        }
    }

    #[test]
    fn the_worst_share_beyond_one_per_cent_is_told_and_what_it_does() {
        let [few, some, many] = [20, 100, 408].map(|left_out| record("excess-nll.complete", left_out, 0));
        assert_eq!(notes(&[&few]), Vec::<String>::new(), "1% itself goes unsaid");
        assert_eq!(
            notes(&[&few, &many, &some]),
            [
                "Up to 20.4% of replicates do not meet the condition of excess-nll.complete and are left out, which flatters small K."
            ]
        );
    }

    #[test]
    fn failures_are_no_condition_and_conditions_are_shares_of_what_did_not_fail() {
        let mixed = record("bias.mean", 500, 1_000);
        assert_eq!(share(&mixed), 0.5);
        assert_eq!(
            notes(&[&mixed]),
            [
                "Up to 50.0% of replicates do not meet the condition of bias.mean and are left out.",
                "Up to 50.0% of replicates failed and are left out."
            ]
        );
        let none = EstimateRecord { replicates: 0, ..mixed };
        assert_eq!((share(&none), failed(&none)), (0.0, 1.0 - 1.0));
    }
}
