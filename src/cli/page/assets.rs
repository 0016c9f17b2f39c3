//! Owns what the program carries for its pages: the engine as WebAssembly, the page's own files, its views, and figures of results that
//! take too long to be made again.

/// The library as a WebAssembly module, compressed; `scripts/wasm/build.sh` makes it.
pub(super) const ENGINE: &[u8] = include_bytes!("../../../assets/engine.wasm.gz");

/// The page around all.
pub(super) const PAGE: &str = include_str!("../../../assets/page/page.html");

/// How it looks.
pub(super) const STYLE: &str = include_str!("../../../assets/page/page.css");

/// What runs beside it and holds the engine.
pub(super) const WORKER: &str = include_str!("../../../assets/page/worker.js");

/// What it does, in order.
pub(super) const SCRIPTS: [&str; 7] = [
    include_str!("../../../assets/page/engine.js"),
    include_str!("../../../assets/page/address.js"),
    include_str!("../../../assets/page/controls.js"),
    include_str!("../../../assets/page/guess.js"),
    include_str!("../../../assets/page/pictures.js"),
    include_str!("../../../assets/page/part.js"),
    include_str!("../../../assets/page/main.js"),
];

/// A file by its name.
type Named = (&'static str, &'static str);

macro_rules! files {
    ($folder:literal, $ending:literal, $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../../", $folder, $name, $ending)))),+]
    };
}

/// The views, in the order of the page.
pub(super) const VIEWS: &[Named] = files!(
    "assets/page/views/",
    ".html",
    "lottery",
    "law",
    "budget",
    "selectors",
    "redundancy",
    "aggregation",
    "fails",
);

/// The experiments that they run.
pub(super) const EXPERIMENTS: &[Named] = files!(
    "assets/page/views/",
    ".toml",
    "lottery",
    "law",
    "budget",
    "selectors",
    "turning",
    "redundancy",
    "aggregation",
    "copies",
    "cheap",
    "grouped",
);

/// Where a clone of this project has them.
pub(super) const FOLDER: &str = "assets/page/views/";

/// Figures of committed results.
pub(super) const FIGURES: &[Named] = files!(
    "results/",
    ".svg",
    "figure-2-tuned/figure-2-tuned",
    "errors-map/errors-boundary",
    "referee/referee-hot",
);

/// Claims of committed results.
pub(super) const CLAIMS: &[Named] = files!("results/", "/claims.csv", "figure-2-tuned", "referee");
