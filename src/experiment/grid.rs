//! Owns the expansion of `grid`, `zip`, `points` and `exclude` into points: the syntax shared by `[sweep]` and `[arms]`.

use super::fault::{Fault, Origin};
use super::tree::{Entry, Node, Value};
use std::collections::HashSet;

/// The four keys that expand.
pub const EXPANDING: [&str; 4] = ["grid", "zip", "points", "exclude"];

/// More points than this are refused: far past any sensible plan, and before memory runs out.
pub const MOST_POINTS: usize = 100_000;

/// One key set to one value.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Dotted key.
    pub key: String,
    /// Where the key stands.
    pub key_origin: Origin,
    /// The value, with its own origin.
    pub node: Node,
}

/// The settings of one point, in the order of the columns.
pub type Point = Vec<Setting>;

/// The points of a table, and the keys that any of them sets, in the order of the file.
#[derive(Debug, Clone)]
pub struct Expansion {
    /// Keys, with the place of the first.
    pub keys: Vec<(String, Origin)>,
    /// Points in order: grids vary their last key fastest.
    pub points: Vec<Point>,
}

/// Expands the table at `at` (`sweep` or `arms`). `allow` refuses keys that may not stand there.
///
/// Without grid, zip and points there is one point, which sets nothing.
pub fn expand(
    table: Option<&Node>,
    at: &str,
    allow: &dyn Fn(&str, &Origin, &str) -> Result<(), Fault>,
) -> Result<Expansion, Fault> {
    let part = |key: &str| table.and_then(|table| table.entry(key)).map(|entry| &entry.node);
    let check = |entries: &[Entry], at: &str| -> Result<(), Fault> {
        entries
            .iter()
            .try_for_each(|entry| allow(&entry.key, &entry.origin, &format!("{at}.{}", entry.key)))
    };
    let mut points = vec![Point::new()];
    if let Some(grid) = part("grid") {
        let at = format!("{at}.grid");
        check(entries(grid, &at)?, &at)?;
        for entry in entries(grid, &at)? {
            points = cross(&points, entry, items(entry, &at)?)?;
        }
    }
    if let Some(zip) = part("zip") {
        let at = format!("{at}.zip");
        check(entries(zip, &at)?, &at)?;
        points = cross_zip(&points, zip, &at)?;
    }
    let listed = match part("points") {
        None => Vec::new(),
        Some(list) => listed_points(list, &format!("{at}.points"), &check)?,
    };
    if part("grid").is_none() && part("zip").is_none() && part("points").is_some() {
        points.clear();
    }
    points.extend(listed);
    if let Some(excluded) = part("exclude") {
        exclude(&mut points, excluded, &format!("{at}.exclude"), &check)?;
    }
    let origin = table.map(|table| table.origin.clone());
    if let (true, Some(origin)) = (points.is_empty(), origin) {
        return Err(Fault::new(
            &origin,
            at,
            "nothing is left to run: every point is excluded or a list is empty",
        ));
    }
    refuse_repeats(&points, at)?;
    Ok(Expansion {
        keys: keys(&points),
        points,
    })
}

fn entries<'a>(node: &'a Node, at: &str) -> Result<&'a [Entry], Fault> {
    match &node.value {
        Value::Table(entries) => Ok(entries),
        other => Err(Fault::new(
            &node.origin,
            at,
            format!("{} where a table of lists is expected", other.kind()),
        )),
    }
}

fn items<'a>(entry: &'a Entry, at: &str) -> Result<&'a [Node], Fault> {
    let key = format!("{at}.{}", entry.key);
    match &entry.node.value {
        Value::Array(items) if items.is_empty() => Err(Fault::new(&entry.node.origin, key, "the list is empty")),
        Value::Array(items) => Ok(items),
        other => Err(Fault::new(
            &entry.node.origin,
            key,
            format!("{} where a list of values is expected", other.kind()),
        )),
    }
}

fn setting(entry: &Entry, node: &Node) -> Setting {
    Setting {
        key: entry.key.clone(),
        key_origin: entry.origin.clone(),
        node: node.clone(),
    }
}

/// Every point with every value: the new key varies fastest.
fn cross(points: &[Point], entry: &Entry, values: &[Node]) -> Result<Vec<Point>, Fault> {
    bounded(points.len().saturating_mul(values.len()), &entry.origin, &entry.key)?;
    let extend = |point: &Point, value: &Node| {
        let mut point = point.clone();
        point.push(setting(entry, value));
        point
    };
    Ok(points
        .iter()
        .flat_map(|point| values.iter().map(move |value| extend(point, value)))
        .collect())
}

fn bounded(count: usize, origin: &Origin, key: &str) -> Result<(), Fault> {
    if count <= MOST_POINTS {
        return Ok(());
    }
    let what = format!("the grid has {count} points or more; at most {MOST_POINTS} are taken");
    Err(Fault::new(origin, key, what))
}

fn cross_zip(points: &[Point], zip: &Node, at: &str) -> Result<Vec<Point>, Fault> {
    let columns = entries(zip, at)?;
    let Some(first) = columns.first() else {
        return Ok(points.to_vec());
    };
    let length = items(first, at)?.len();
    for column in columns {
        let own = items(column, at)?.len();
        if own != length {
            let what = format!("{own} values, but zip needs lists of one length");
            let fault = Fault::new(&column.node.origin, format!("{at}.{}", column.key), what);
            return Err(fault.and(&first.node.origin, format!("{} has {length}", first.key)));
        }
    }
    bounded(points.len().saturating_mul(length), &zip.origin, at)?;
    let mut crossed = Vec::with_capacity(points.len() * length);
    for point in points {
        for row in 0..length {
            let mut point = point.clone();
            for column in columns {
                point.push(setting(column, &items(column, at)?[row]));
            }
            crossed.push(point);
        }
    }
    Ok(crossed)
}

fn list<'a>(node: &'a Node, at: &str) -> Result<&'a [Node], Fault> {
    match &node.value {
        Value::Array(items) => Ok(items),
        other => Err(Fault::new(
            &node.origin,
            at,
            format!("{} where a list of tables is expected", other.kind()),
        )),
    }
}

type Check<'a> = &'a dyn Fn(&[Entry], &str) -> Result<(), Fault>;

fn listed_points(node: &Node, at: &str, check: Check<'_>) -> Result<Vec<Point>, Fault> {
    let mut points = Vec::new();
    for item in list(node, at)? {
        let entries = entries(item, at)?;
        check(entries, at)?;
        points.push(entries.iter().map(|entry| setting(entry, &entry.node)).collect());
    }
    Ok(points)
}

fn exclude(points: &mut Vec<Point>, node: &Node, at: &str, check: Check<'_>) -> Result<(), Fault> {
    for pattern in list(node, at)? {
        let entries = entries(pattern, at)?;
        check(entries, at)?;
        let before = points.len();
        points.retain(|point| !entries.iter().all(|entry| matches(point, entry)));
        if points.len() == before {
            return Err(Fault::new(
                &pattern.origin,
                at,
                "matches no point, so it excludes nothing",
            ));
        }
    }
    Ok(())
}

fn matches(point: &Point, entry: &Entry) -> bool {
    let wanted: &[Node] = match &entry.node.value {
        Value::Array(items) => items,
        _ => std::slice::from_ref(&entry.node),
    };
    let Some(own) = point.iter().find(|setting| setting.key == entry.key) else {
        return false;
    };
    wanted.iter().any(|node| node.value.same(&own.node.value))
}

/// The same point twice would be the same draws twice, and two rows that nothing tells apart.
fn refuse_repeats(points: &[Point], at: &str) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    for point in points {
        let mut texts: Vec<String> = point
            .iter()
            .map(|setting| format!("{} = {}", setting.key, setting.node.value.text()))
            .collect();
        texts.sort();
        let text = texts.join(", ");
        if let (false, Some(last)) = (seen.insert(text.clone()), point.last()) {
            return Err(Fault::new(
                &last.node.origin,
                at,
                format!("the point {{ {text} }} stands here twice"),
            ));
        }
    }
    Ok(())
}

fn keys(points: &[Point]) -> Vec<(String, Origin)> {
    let mut keys: Vec<(String, Origin)> = Vec::new();
    for setting in points.iter().flatten() {
        if !keys.iter().any(|(key, _)| *key == setting.key) {
            keys.push((setting.key.clone(), setting.key_origin.clone()));
        }
    }
    keys
}
