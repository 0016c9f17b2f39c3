//! Pools that users bring: their records become prompts with candidates, and K of each are kept.
//!
//! It streams prompt by prompt and never holds a whole file, unless asked to gather rows that stand apart. It knows no
//! terminal and opens no files: it reads what it is handed and hands back kept rows, or a [`Fault`] with its place.
//!
//! - Containers, bytes to records: [`Input`] in a [`Format`], unpacked where it is compressed.
//! - Shapes, records to the candidates of one [`Prompt`]: a record per candidate, or one per prompt with lists.
//! - Columns: [`Wanted`], by names and paths; what a candidate has in one is a [`Cell`].
//! - [`Pools`]: the reader, in [`Batch`]es of prompts; [`for_all`]: each prompt through a function of one's own, on all threads, in order.
//! - [`Keeping`]: what is kept, [`take_stock`] counts what there is before; [`keep_all`]: every prompt of a reader through it.
//! - [`KeptWriter`]: kept rows as a table or JSONL.
//!
//! What is kept of a prompt is a function of its rows and the seed alone: ties and `random` are decided by a keyed hash
//! of (seed, prompt id, candidate id), and the candidates of a prompt are put in the order of their ids before anything
//! is added up. So no order of rows or prompts and no number of threads changes a bit of it.
//!
//! Memory is bounded by [`MOST_ROW_BYTES`], [`MOST_CANDIDATES`], [`MOST_COMPARED`], [`MOST_GIVEN`] and [`MOST_PROMPT_BYTES`], and some 50
//! bytes per prompt for the ids already seen.

mod added;
mod beside;
mod carried;
mod containers;
mod fault;
pub(crate) mod hints;
mod keeper;
mod keeping;
mod kept;
mod parsed;
mod pools;
mod shapes;
mod sheet;
mod stock;
mod stream;
mod words;

pub use added::ADDED_COLUMNS;
pub use beside::{Beside, Looks, SAME_CLUSTER};
pub use containers::{Bytes, Format, Input, MOST_ROW_BYTES};
pub use fault::Fault;
pub use keeper::{Kept, Pick, Skipped};
pub use keeping::{Keeping, Missing, OwnKeep};
pub use kept::{Content, KeptWriter};
pub use pools::{Batch, MOST_CANDIDATES, MOST_COMPARED, MOST_GIVEN, MOST_PROMPT_BYTES, Order, Pools};
pub use shapes::{Cell, Column, Id, Nearness, Prompt, Value, Wanted};
pub use stock::{Stock, take_stock};
pub use stream::{StreamError, Summary, for_all, keep_all};
