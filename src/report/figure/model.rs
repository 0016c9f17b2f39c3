//! What a figure shows: plain data, chosen by the caller, with no trace of where it came from; and what every kind of panel does.

use super::FigureError;
use super::axes::AxisLayout;
use super::canvas::{At, Canvas, Frame};
use super::colour::ColourBar;
use super::label::Label;
use super::legend::Key;
use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

/// A figure: panels in a grid, filled row by row, at one of two print widths.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What it is called, to those who hear it, where no title is drawn.
    pub name: String,
    /// A line above all panels. Papers put this in the caption instead.
    pub title: Option<Label>,
    /// The panels, row by row.
    pub panels: Vec<Panel>,
    /// Panels per row; at least 1.
    pub columns: usize,
    /// Print width.
    pub width: Width,
    /// Whether panels of a kind share one y range, so that they can be compared by eye; inner panels then drop their y labels.
    pub shared_y: bool,
}

impl Figure {
    /// Panels per row that has most of them.
    pub(super) fn across(&self) -> usize {
        self.columns.min(self.panels.len())
    }
}

/// Print width of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// 3.35 inches (85 mm).
    OneColumn,
    /// 7 inches (178 mm).
    TwoColumn,
}

/// One set of axes.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Stands above the axes, after the tag.
    pub title: Option<Label>,
    /// A letter set bold in parentheses: (a).
    pub tag: Option<char>,
    /// What is drawn.
    pub body: Arc<dyn Body>,
    /// What must be known beside it, in plain sentences: they stand below the figure, each once.
    pub notes: Vec<String>,
}

impl Panel {
    /// A panel of this and nothing else.
    pub fn of(body: impl Body) -> Self {
        Self {
            title: None,
            tag: None,
            body: Arc::new(body),
            notes: Vec::new(),
        }
    }
}

/// A kind of panel. Only this module has kinds, for only it can draw.
pub trait Body: Any + Debug + Send + Sync {
    /// Measures the panel and checks its data.
    fn fill<'a>(&'a self, site: &Site<'a>) -> Result<Filling<'a>, FigureError>;

    /// What it shows, in words without a full stop, for those who cannot see it.
    fn described(&self) -> String;

    /// What its marks mean; none where nothing is to be explained.
    fn key(&self) -> Option<Key> {
        None
    }
}

impl dyn Body {
    /// The panel, if it is of this kind.
    pub fn of<B: Body>(&self) -> Option<&B> {
        (self as &dyn Any).downcast_ref()
    }
}

/// Where a panel stands.
pub struct Site<'a> {
    /// The figure that it is of.
    pub figure: &'a Figure,
    /// Its place among the panels.
    pub index: usize,
    /// About the size of its frame.
    pub size: (i32, i32),
}

impl<'a> Site<'a> {
    /// Its number, as messages count.
    pub fn number(&self) -> usize {
        self.index + 1
    }

    /// All panels of a kind in the figure.
    pub fn of_kind<B: Body>(&self) -> Vec<&'a B> {
        self.figure.panels.iter().filter_map(|panel| panel.body.of()).collect()
    }

    /// The panels that share their y range with this one: all of its kind, or itself alone.
    pub fn sharing<B: Body>(&self, own: &'a B) -> Vec<&'a B> {
        match self.figure.shared_y {
            true => self.of_kind(),
            false => vec![own],
        }
    }

    /// The panel to the left, if it is of this kind.
    pub fn left<B: Body>(&self) -> Option<&'a B> {
        let left = self
            .index
            .checked_sub(1)
            .filter(|_| !self.index.is_multiple_of(self.figure.across()))?;
        self.figure.panels[left].body.of()
    }
}

/// What fills a panel's frame, measured.
pub struct Filling<'a> {
    /// The ruler below.
    pub x: AxisLayout,
    /// The ruler to the left.
    pub y: AxisLayout,
    /// What its colours mean; equal ones of all panels become one.
    pub bar: Option<ColourBar>,
    /// What stands inside.
    pub inside: Box<dyn Drawing + 'a>,
}

/// What stands inside a frame, over the grid and under the frame's line.
pub trait Drawing {
    /// Draws it.
    fn draw(&self, canvas: &mut Canvas, frame: Frame);

    /// The frame's height for a width, for which it is `usual` in a figure of so many panels.
    fn height(&self, _width: i32, usual: i32) -> i32 {
        usual
    }

    /// What a legend inside the frame must not cover, as segments; none where no legend may stand inside.
    fn segments(&self, _frame: Frame) -> Option<Vec<[At; 2]>> {
        None
    }

    /// Where its numbers stand.
    fn spots(&self, _frame: Frame) -> Vec<Spot> {
        Vec::new()
    }
}

/// Where one number of a panel's data stands on the sheet, for whoever points at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The centre, in the units of the view box.
    pub at: At,
    /// How far around it counts, likewise.
    pub reach: i32,
    /// The place of the number in the panel's data: its series, and its item there. Maps have one series, in the order of their values.
    pub item: (usize, usize),
}
