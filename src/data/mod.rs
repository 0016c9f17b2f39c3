//! Pools that users bring: rows of CSV or JSONL become prompts with their candidates, and K of each are kept.
//!
//! It streams prompt by prompt and never holds a whole file, unless asked to gather rows that stand apart. It knows no
//! terminal and opens no files: it reads what it is handed and hands back kept rows, or a [`Fault`] with its place.
//!
//! - [`Wanted`]: the columns to read; [`Format`]: how they are written; [`Pools`]: the reader, one [`Prompt`] at a time.
//! - [`Keeping`]: what is kept; [`keep_all`]: every prompt of a reader through it, in order, on all threads.
//! - [`KeptWriter`]: kept rows as CSV or JSONL.
//!
//! What is kept of a prompt is a function of its rows and the seed alone: ties and `random` are decided by a keyed hash
//! of (seed, prompt id, candidate id), and the candidates of a prompt are put in the order of their ids before anything
//! is added up. So no order of rows or prompts and no number of threads changes a bit of it.
//!
//! Memory is bounded by [`MOST_ROW_BYTES`], [`MOST_CANDIDATES`], [`MOST_COMPARED`] and [`MOST_PROMPT_BYTES`], and some 50
//! bytes per prompt for the ids already seen.

mod csv_rows;
mod fault;
mod format;
pub(crate) mod hints;
mod json_rows;
mod keeper;
mod kept;
mod lines;
mod numbers;
mod pools;
mod prompt;
mod stream;
mod wanted;
mod words;

pub use fault::Fault;
pub use format::Format;
pub use keeper::{Keeping, Kept, Pick};
pub use kept::{ADDED_COLUMNS, KeptWriter};
pub use lines::MOST_ROW_BYTES;
pub use pools::{MOST_CANDIDATES, MOST_COMPARED, MOST_PROMPT_BYTES, Order, Pools};
pub use prompt::{Id, Prompt};
pub use stream::{StreamError, Summary, keep_all};
pub use wanted::{Nearness, Wanted};
