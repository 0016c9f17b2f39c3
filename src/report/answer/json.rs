//! Owns `answer.json`: what programs on a page read of a run.

use crate::experiment::Experiment;
use crate::record::EstimateRecord;
use serde_json::{Map, Value, json};

pub(super) fn answer(experiment: &Experiment, estimates: &[EstimateRecord], digest: &str) -> String {
    let names: Vec<&str> = experiment.figures.iter().map(|spec| spec.name.as_str()).collect();
    let replicates = estimates
        .iter()
        .map(|own| own.replicates + own.failed + own.left_out)
        .max();
    let row = |own: &EstimateRecord| {
        let cells = experiment.columns.iter().zip(&own.cells[..]);
        let cells: Map<String, Value> = cells
            .map(|(column, text)| (column.name.clone(), Value::from(&**text)))
            .collect();
        json!({
            "scenario": own.scenario,
            "cells": cells,
            "at": *own.at,
            "estimand": *own.estimand,
            "estimate": own.estimate,
            "mcse": own.mcse,
            "exact": own.exact,
        })
    };
    let rows: Vec<Value> = estimates.iter().map(row).collect();
    let answer = json!({
        "version": super::version::version(),
        "name": experiment.name,
        "title": experiment.title,
        "digest": digest,
        "replicates": replicates.unwrap_or(0),
        "figures": names,
        "best": super::allocation::best(experiment),
        "rows": rows,
    });
    answer.to_string()
}
