//! The sheet that figures are drawn on: shapes through plotters, text on top of them.
//!
//! Coordinates are integers, 20 to the point, and the root element scales them to print size; so bytes cannot depend on the machine
//! and no curve shows the steps of its grid.

use plotters::coord::Shift;
use plotters::element::{Circle, Drawable, PathElement, PointCollection, Polygon, Rectangle};
use plotters::prelude::{DrawingArea, IntoDrawingArea, RGBColor, SVGBackend};
use plotters::style::Color;

use super::FigureError;
use super::style::{self, Rgb};
use super::text_layout::{Anchor, TextLayout};

/// A point of the sheet, from its upper left corner.
pub type At = (i32, i32);

/// A rectangle of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) right: i32,
    pub(super) bottom: i32,
}

impl Frame {
    /// From the upper left to the lower right corner.
    pub(super) fn between((left, top): At, (right, bottom): At) -> Self {
        Self {
            left,
            top,
            right,
            bottom,
        }
    }

    /// The upper left, the upper right, the lower right, and the lower left corner.
    fn corners(&self) -> [At; 4] {
        let [left, top, right, bottom] = [self.left, self.top, self.right, self.bottom];
        [(left, top), (right, top), (right, bottom), (left, bottom)]
    }

    pub(super) fn width(&self) -> i32 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> i32 {
        self.bottom - self.top
    }

    pub(super) fn centre(&self) -> At {
        ((self.left + self.right) / 2, (self.top + self.bottom) / 2)
    }

    /// The column at a share of the way from left to right.
    pub(super) fn across(&self, share: f64) -> i32 {
        along(self.left, self.right, share)
    }

    /// The row at a share of the way from bottom to top.
    pub(super) fn up(&self, share: f64) -> i32 {
        along(self.bottom, self.top, share)
    }
}

fn along(from: i32, to: i32, share: f64) -> i32 {
    (f64::from(from) + share * f64::from(to - from)).round() as i32
}

/// A sheet. Nothing that is drawn fails: what plotters may say is kept for the end, for writing to a string has no errors.
pub struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    text: String,
    fault: Option<FigureError>,
    /// Signs of its text that the font lacks, in order of appearance.
    lacking: Vec<char>,
}

impl<'a> Canvas<'a> {
    pub(super) fn new(buffer: &'a mut String, width: i32, height: i32) -> Self {
        let size = (width.unsigned_abs(), height.unsigned_abs());
        Self {
            area: SVGBackend::with_string(buffer, size).into_drawing_area(),
            text: String::new(),
            fault: None,
            lacking: Vec::new(),
        }
    }

    fn shape<S>(&mut self, shape: &S)
    where
        for<'s> &'s S: PointCollection<'s, At>,
        S: Drawable<SVGBackend<'a>>,
    {
        let drawn = self.area.draw(shape).map_err(FigureError::drawing);
        self.fault = self.fault.take().or(drawn.err());
    }

    pub(super) fn fill(&mut self, frame: Frame, colour: Rgb) {
        let [from, _, to, _] = frame.corners();
        self.shape(&Rectangle::new([from, to], paint(colour).filled()));
    }

    pub(super) fn outline(&mut self, frame: Frame, stroke: i32, colour: Rgb) {
        // Lines, because plotters' rectangles have no stroke width; the first again, so that the last corner is joined.
        let corners = frame.corners();
        self.path(&[&corners[..], &corners[..2]].concat(), stroke, colour);
    }

    pub(super) fn path(&mut self, points: &[At], stroke: i32, colour: Rgb) {
        let style = paint(colour).stroke_width(stroke.unsigned_abs());
        self.shape(&PathElement::new(points.to_vec(), style));
    }

    /// A straight line in dashes; plotters' own dashes are placed by the platform's `hypot`.
    pub(super) fn dashed(&mut self, from: At, to: At, dash: [i32; 2], stroke: i32, colour: Rgb) {
        let length = (to.0 - from.0).abs().max((to.1 - from.1).abs());
        let towards = ((to.0 - from.0).signum(), (to.1 - from.1).signum());
        let along = |distance: i32| (from.0 + towards.0 * distance, from.1 + towards.1 * distance);
        let mut start = 0;
        while start < length {
            let end = (start + dash[0]).min(length);
            self.path(&[along(start), along(end)], stroke, colour);
            start += dash[0] + dash[1];
        }
    }

    /// A line through points in a pattern of strokes and gaps that goes on round its corners.
    pub(super) fn patterned(&mut self, points: &[At], pattern: &[i32], stroke: i32, colour: Rgb) {
        for piece in pieces_of(points, pattern) {
            self.path(&piece, stroke, colour);
        }
    }

    pub(super) fn polygon(&mut self, points: &[At], colour: Rgb, opacity: f64) {
        self.shape(&Polygon::new(points.to_vec(), paint(colour).mix(opacity)));
    }

    pub(super) fn disc(&mut self, centre: At, radius: i32, colour: Rgb) {
        self.shape(&Circle::new(centre, radius, paint(colour).filled()));
    }

    pub(super) fn text(&mut self, setting: &TextLayout, at: At, anchor: Anchor, colour: Rgb) {
        self.write(setting, at, anchor, (false, colour))
    }

    /// Text that reads from bottom to top, its baseline right of the point's column.
    pub(super) fn upward(&mut self, setting: &TextLayout, at: At, anchor: Anchor, colour: Rgb) {
        self.write(setting, at, anchor, (true, colour))
    }

    fn write(&mut self, setting: &TextLayout, at: At, anchor: Anchor, (upward, colour): (bool, Rgb)) {
        self.text.push_str(&setting.svg(at, anchor, upward, colour));
        for sign in &setting.lacking {
            if !self.lacking.contains(sign) {
                self.lacking.push(*sign);
            }
        }
    }

    /// Ends the drawing and hands over the text, which goes on top of the shapes in the buffer, and the signs that the font lacks.
    pub(super) fn finish(self) -> Result<(String, Vec<char>), FigureError> {
        self.area.present().map_err(FigureError::drawing)?;
        self.fault.map_or(Ok((self.text, self.lacking)), Err)
    }
}

/// The strokes of a pattern along a line; its even lengths are strokes, the others gaps.
fn pieces_of(points: &[At], pattern: &[i32]) -> Vec<Vec<At>> {
    let mut pieces = Vec::new();
    let (mut part, mut left) = (0, f64::from(pattern[0]));
    let mut piece: Vec<At> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let (dx, dy) = (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
        // A square root is the same on every machine, which `hypot` need not be.
        let length = (dx * dx + dy * dy).sqrt();
        let mut done = 0.0;
        while length - done > left {
            done += left;
            let share = done / length;
            let at = (
                from.0 + (dx * share).round() as i32,
                from.1 + (dy * share).round() as i32,
            );
            if part % 2 == 0 {
                piece.push(at);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![at];
            }
            part = (part + 1) % pattern.len();
            left = f64::from(pattern[part]);
        }
        left -= length - done;
        if part % 2 == 0 {
            piece.push(to);
        }
    }
    pieces.extend((piece.len() > 1).then_some(piece));
    pieces
}

fn paint((red, green, blue): Rgb) -> RGBColor {
    RGBColor(red, green, blue)
}

/// The document: plotters' shapes under our root element, which gives the print size, after what is `said` of it, then the text.
pub(super) fn document(said: &str, shapes: &str, text: &str, (width, height): (i32, i32)) -> String {
    let body = shapes.split_once('\n').map_or("", |(_, rest)| rest);
    let body = body.strip_suffix("</svg>\n").unwrap_or(body);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}pt\" height=\"{}pt\" viewBox=\"0 0 {width} {height}\" \
         stroke-linejoin=\"round\" role=\"img\">\n{said}{body}<g font-family=\"{}\">\n{text}</g>\n</svg>\n",
        points(width),
        points(height),
        style::FONT_FAMILY,
    )
}

/// A length in points, with two decimals, by integer arithmetic.
fn points(units: i32) -> String {
    let hundredths = units * 100 / style::UNITS_PER_POINT;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_element_gives_the_print_size_in_points() {
        let mut shapes = String::new();
        let mut canvas = Canvas::new(&mut shapes, 4824, 3001);
        canvas.fill(Frame::between((0, 0), (10, 10)), (1, 2, 3));
        let (text, _) = canvas.finish().unwrap();
        let svg = document("", &shapes, &text, (4824, 3001));
        assert!(
            svg.contains("width=\"241.20pt\" height=\"150.05pt\" viewBox=\"0 0 4824 3001\""),
            "{svg}"
        );
        assert_eq!(svg.matches("<svg").count(), 1);
        assert_eq!(svg.matches("</svg>").count(), 1);
        assert_eq!(svg.matches("<rect").count(), 1);
    }

    #[test]
    fn a_pattern_goes_on_round_corners() {
        let corner = [(0, 0), (10, 0), (10, 10)];
        let pieces = pieces_of(&corner, &[6, 2, 4, 2]);
        assert_eq!(
            pieces,
            [
                vec![(0, 0), (6, 0)],
                vec![(8, 0), (10, 0), (10, 2)],
                vec![(10, 4), (10, 10)]
            ]
        );
        assert_eq!(pieces_of(&corner[..1], &[6, 2]), Vec::<Vec<At>>::new());
    }

    #[test]
    fn dashes_end_where_the_line_ends() {
        let mut shapes = String::new();
        let mut canvas = Canvas::new(&mut shapes, 100, 100);
        canvas.dashed((0, 5), (25, 5), [10, 5], 1, (0, 0, 0));
        canvas.finish().unwrap();
        assert_eq!(shapes.matches("<polyline").count(), 2);
        assert!(shapes.contains("15,5 25,5"), "{shapes}");
    }
}
