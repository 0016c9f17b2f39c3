//! PNG from SVG, with the embedded font and nothing from the system.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, fontdb};

use super::FigureError;
use super::font;

/// CSS pixels per inch, in which the parser states sizes.
const PIXELS_PER_INCH: f32 = 96.0;

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    for face in [font::UPRIGHT, font::ITALIC, font::BOLD] {
        fonts.load_font_data(face.to_vec());
    }
    Arc::new(fonts)
});

/// Draws a figure's SVG at `dpi` dots per inch of its print size; 300 suits print.
///
/// # Errors
///
/// Text that is not SVG, or a size of no pixels or too many.
pub fn png(svg: &str, dpi: u32) -> Result<Vec<u8>, FigureError> {
    let options = usvg::Options {
        dpi: PIXELS_PER_INCH,
        font_family: "DejaVu Sans".to_owned(),
        fontdb: FONTS.clone(),
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_str(svg, &options).map_err(|fault| FigureError::Png(fault.to_string()))?;
    let scale = dpi as f32 / PIXELS_PER_INCH;
    let size = tree.size();
    let pixels = |length: f32| (length * scale).ceil() as u32;
    let mut pixmap = Pixmap::new(pixels(size.width()), pixels(size.height()))
        .ok_or_else(|| FigureError::Png(format!("no picture of that size at {dpi} dots per inch")))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|fault| FigureError::Png(fault.to_string()))
}
