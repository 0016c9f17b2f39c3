//! Owns the expansion of `grid`, `zip`, `points` and `exclude` into points: the syntax shared by `[sweep]` and `[arms]`.

use super::fault::{Fault, Origin};
use super::keys::{Absent, KeyDoc, Kind, Role};
use super::tree::{Entry, Node, Value};
use crate::numerics::text::count;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The four keys that expand.
pub const EXPANDING: [&str; 4] = ["grid", "zip", "points", "exclude"];

/// More points than this are refused: far past any sensible plan, and before memory runs out.
pub const MOST_POINTS: usize = 100_000;

/// More comparisons of points with excluded values than this are refused: they would take seconds.
const MOST_COMPARED: usize = 20_000_000;

/// One key set to one value.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Dotted key.
    pub key: String,
    /// Where the key stands.
    pub key_origin: Origin,
    /// The value, with its own origin. Shared, because a grid sets it in many points.
    pub node: Arc<Node>,
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

/// Refuses a key that may not stand in a table: the key, where it stands, its path.
pub type Allow<'a> = &'a dyn Fn(&str, &Origin, &str) -> Result<(), Fault>;

/// Expands the table at `at` (`sweep` or `arms`). `allow` refuses keys that may not stand there.
///
/// Without grid, zip and points there is one point, which sets nothing.
pub fn expand(table: Option<&Node>, at: &str, allow: Allow<'_>) -> Result<Expansion, Fault> {
    let part = |key: &str| table.and_then(|table| table.entry(key)).map(|entry| &entry.node);
    let rows = match part("grid") {
        None => Vec::new(),
        Some(grid) => grid_rows(grid, &format!("{at}.grid"), allow)?,
    };
    let zipped = match part("zip") {
        None => None,
        Some(zip) => zip_rows(zip, &format!("{at}.zip"), allow)?,
    };
    refuse_both(&rows, &zipped, at)?;
    let mut factors = rows;
    factors.extend(zipped);
    let mut points = vec![Point::new()];
    for factor in &factors {
        points = cross(&points, factor)?;
    }
    if let Some(list) = part("points") {
        if factors.is_empty() {
            points.clear();
        }
        let path = format!("{at}.points");
        let listed = listed_points(list, &path, allow)?;
        refuse_repeats(&listed, &factors, &path)?;
        points.extend(listed);
        if points.is_empty() {
            return Err(Fault::new(&list.origin, path, "the list is empty"));
        }
    }
    if let Some(excluded) = part("exclude") {
        exclude(&mut points, excluded, &format!("{at}.exclude"), allow)?;
    }
    Ok(Expansion {
        keys: keys(&points),
        points,
    })
}

/// The rows that one key of a grid, or a whole zip, multiplies the points by.
struct Factor {
    key: String,
    origin: Origin,
    rows: Vec<Point>,
}

fn table<'a>(node: &'a Node, at: &str, of: &str) -> Result<&'a [Entry], Fault> {
    match &node.value {
        Value::Table(entries) => Ok(entries),
        other => {
            let what = format!("{} where a table of {of} is expected", other.kind());
            Err(Fault::new(&node.origin, at, what))
        }
    }
}

fn check(entries: &[Entry], at: &str, allow: Allow<'_>) -> Result<(), Fault> {
    entries
        .iter()
        .try_for_each(|entry| allow(&entry.key, &entry.origin, &format!("{at}.{}", entry.key)))
}

/// The values of a list, one setting each.
fn settings(entry: &Entry, at: &str) -> Result<Vec<Setting>, Fault> {
    let key = format!("{at}.{}", entry.key);
    match &entry.node.value {
        Value::Array(items) if items.is_empty() => Err(Fault::new(&entry.node.origin, key, "the list is empty")),
        Value::Array(items) => Ok(items.iter().map(|item| setting(entry, item)).collect()),
        other => {
            let what = format!("{} where a list of values is expected", other.kind());
            Err(Fault::new(&entry.node.origin, key, what))
        }
    }
}

fn setting(entry: &Entry, node: &Node) -> Setting {
    Setting {
        key: entry.key.clone(),
        key_origin: entry.origin.clone(),
        node: Arc::new(node.clone()),
    }
}

fn grid_rows(grid: &Node, at: &str, allow: Allow<'_>) -> Result<Vec<Factor>, Fault> {
    let entries = table(grid, at, "lists")?;
    check(entries, at, allow)?;
    let factor = |entry: &Entry| {
        let settings = settings(entry, at)?;
        let mut seen: HashMap<String, Origin> = HashMap::new();
        for setting in &settings {
            let node = &setting.node;
            if let Some(first) = seen.insert(node.value.identity(), node.origin.clone()) {
                let fault = Fault::new(
                    &node.origin,
                    format!("{at}.{}", entry.key),
                    format!("{} stands here twice", node.value.shown()),
                );
                return Err(fault.and(&first, "the first time"));
            }
        }
        Ok(Factor {
            key: entry.key.clone(),
            origin: entry.origin.clone(),
            rows: settings.into_iter().map(|setting| vec![setting]).collect(),
        })
    };
    entries.iter().map(factor).collect()
}

fn zip_rows(zip: &Node, at: &str, allow: Allow<'_>) -> Result<Option<Factor>, Fault> {
    let entries = table(zip, at, "lists")?;
    check(entries, at, allow)?;
    let mut rows: Vec<Point> = Vec::new();
    let Some(first) = entries.first() else {
        return Ok(None);
    };
    for (index, entry) in entries.iter().enumerate() {
        let column = settings(entry, at)?;
        if index == 0 {
            rows = vec![Point::new(); column.len()];
        }
        if column.len() != rows.len() {
            let what = format!("{}, but zip needs lists of one length", count(column.len(), "value"));
            let fault = Fault::new(&entry.node.origin, format!("{at}.{}", entry.key), what);
            return Err(fault.and(&first.node.origin, format!("{} has {}", first.key, rows.len())));
        }
        rows.iter_mut().zip(column).for_each(|(row, setting)| row.push(setting));
    }
    refuse_repeats(&rows, &[], at)?;
    Ok(Some(Factor {
        key: at.to_owned(),
        origin: zip.origin.clone(),
        rows,
    }))
}

/// A key in grid and zip would be set twice in each point.
fn refuse_both(grid: &[Factor], zipped: &Option<Factor>, at: &str) -> Result<(), Fault> {
    let zipped = zipped.iter().flat_map(|factor| factor.rows.first()).flatten();
    for setting in zipped {
        if let Some(factor) = grid.iter().find(|factor| factor.key == setting.key) {
            let key = format!("{at}.zip.{}", setting.key);
            let fault = Fault::new(&setting.key_origin, key, "stands in grid and zip");
            return Err(fault.and(&factor.origin, "in the grid"));
        }
    }
    Ok(())
}

/// Every point with every row: the new factor varies fastest.
fn cross(points: &[Point], factor: &Factor) -> Result<Vec<Point>, Fault> {
    let count = points.len().saturating_mul(factor.rows.len());
    if count > MOST_POINTS {
        let what = format!("{count} points up to here; at most {MOST_POINTS} are taken");
        return Err(Fault::new(&factor.origin, &*factor.key, what));
    }
    let extend = |point: &Point, row: &Point| point.iter().chain(row).cloned().collect();
    let each = |point| factor.rows.iter().map(move |row| extend(point, row));
    Ok(points.iter().flat_map(each).collect())
}

fn list<'a>(node: &'a Node, at: &str) -> Result<&'a [Node], Fault> {
    match &node.value {
        Value::Array(items) if items.len() > MOST_POINTS => {
            let what = format!("{} tables; at most {MOST_POINTS} are taken", items.len());
            Err(Fault::new(&node.origin, at, what))
        }
        Value::Array(items) => Ok(items),
        other => {
            let what = format!("{} where a list of tables is expected", other.kind());
            Err(Fault::new(&node.origin, at, what))
        }
    }
}

fn listed_points(node: &Node, at: &str, allow: Allow<'_>) -> Result<Vec<Point>, Fault> {
    let point = |item: &Node| {
        let entries = table(item, at, "values")?;
        check(entries, at, allow)?;
        Ok(entries.iter().map(|entry| setting(entry, &entry.node)).collect())
    };
    list(node, at)?.iter().map(point).collect()
}

fn exclude(points: &mut Vec<Point>, node: &Node, at: &str, allow: Allow<'_>) -> Result<(), Fault> {
    let mut compared = 0_usize;
    for pattern in list(node, at)? {
        let entries = whole_keys(table(pattern, at, "values")?, points);
        check(&entries, at, allow)?;
        if entries.is_empty() {
            return Err(Fault::new(
                &pattern.origin,
                at,
                "an empty table would exclude every point",
            ));
        }
        let per_point: usize = entries.iter().map(|entry| wanted(entry).len()).sum();
        compared = compared.saturating_add(points.len().saturating_mul(per_point));
        if compared > MOST_COMPARED {
            let what = format!("more than {MOST_COMPARED} comparisons of points with excluded values");
            return Err(Fault::new(&pattern.origin, at, what));
        }
        let before = points.len();
        points.retain(|point| !entries.iter().all(|entry| matches(point, entry)));
        if points.len() == before {
            let what = "matches no point, so it excludes nothing";
            return Err(Fault::new(&pattern.origin, at, what));
        }
    }
    if points.is_empty() {
        return Err(Fault::new(
            &node.origin,
            at,
            "excludes every point: nothing is left to run",
        ));
    }
    Ok(())
}

/// The entries of a pattern under the keys that points set: a last word that only one of these ends in means that one.
fn whole_keys(entries: &[Entry], points: &[Point]) -> Vec<Entry> {
    let keys = keys(points);
    let whole = |entry: &Entry| {
        let ends = |key: &str| key.rsplit('.').next() == Some(entry.key.as_str());
        let mut own = keys.iter().map(|(key, _)| key).filter(|key| ends(key));
        let (first, other) = (own.next(), own.next());
        let is_key = keys.iter().any(|(key, _)| *key == entry.key);
        match (is_key, first, other) {
            (false, Some(key), None) => Entry {
                key: key.clone(),
                ..entry.clone()
            },
            _ => entry.clone(),
        }
    };
    entries.iter().map(whole).collect()
}

fn wanted(entry: &Entry) -> &[Node] {
    match &entry.node.value {
        Value::Array(items) => items,
        _ => std::slice::from_ref(&entry.node),
    }
}

/// Whether a point has one of the values of a pattern's key. A list also matches the same list as a value.
fn matches(point: &Point, entry: &Entry) -> bool {
    let Some(own) = point.iter().find(|setting| setting.key == entry.key) else {
        return false;
    };
    let own = &own.node.value;
    entry.node.value.same(own) || wanted(entry).iter().any(|node| node.value.same(own))
}

/// The same point twice would be the same draws twice, and two rows that nothing tells apart.
///
/// `points` are compared with each other and with the product of `factors`, which holds no repeats of its own.
fn refuse_repeats(points: &[Point], factors: &[Factor], at: &str) -> Result<(), Fault> {
    let of_factors: Vec<HashSet<String>> = factors
        .iter()
        .map(|factor| factor.rows.iter().map(identity).collect())
        .collect();
    let width: usize = factors.iter().map(|factor| factor.rows[0].len()).sum();
    let in_product = |point: &Point| {
        let has = |(factor, rows): (&Factor, &HashSet<String>)| {
            let own = |setting: &&Setting| factor.rows[0].iter().any(|s| s.key == setting.key);
            rows.contains(&identity(point.iter().filter(own)))
        };
        !factors.is_empty() && point.len() == width && factors.iter().zip(&of_factors).all(has)
    };
    let mut seen = HashSet::new();
    for point in points {
        if !seen.insert(identity(point)) || in_product(point) {
            let texts: Vec<String> = point
                .iter()
                .map(|setting| format!("{} = {}", setting.key, setting.node.value.shown()))
                .collect();
            let Some(first) = point.first() else { continue };
            let what = format!("the point {{ {} }} stands here twice", texts.join(", "));
            return Err(Fault::new(&first.node.origin, at, what));
        }
    }
    Ok(())
}

/// A text that is equal for the same settings, in whatever order.
fn identity<'a>(point: impl IntoIterator<Item = &'a Setting>) -> String {
    let mut texts: Vec<String> = point
        .into_iter()
        .map(|setting| format!("{} = {}", setting.key, setting.node.value.identity()))
        .collect();
    texts.sort();
    texts.join(", ")
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

/// What the four keys that expand mean.
pub fn describe() -> Vec<KeyDoc> {
    let about = |name| match name {
        "grid" => "Every combination of the listed values.",
        "zip" => "The listed values side by side: first with first, second with second.",
        "points" => "Single points, each a table of keys; added to those of grid and zip.",
        _ => "Points to leave out: those that match every key of one of these tables, by a value or a list of values.",
    };
    let doc = |name| KeyDoc {
        name,
        about: about(name),
        kind: Kind::Elsewhere,
        absent: Absent::Said("absent"),
        role: Role::Fixed,
        symbol: None,
    };
    EXPANDING.into_iter().map(doc).collect()
}
