//! A figure's SVG as the makers of PNG and PDF read it: with the embedded font and nothing from the system.

use std::sync::{Arc, LazyLock};

use usvg::{Options, Tree, fontdb};

use super::font;

/// CSS pixels per inch, in which the parser states sizes.
pub(super) const PIXELS_PER_INCH: f32 = 96.0;

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    for face in [font::UPRIGHT, font::ITALIC, font::BOLD] {
        fonts.load_font_data(face.to_vec());
    }
    Arc::new(fonts)
});

/// The tree of an SVG; what is no SVG is an error in words.
pub(super) fn tree(svg: &str) -> Result<Tree, String> {
    let options = Options {
        dpi: PIXELS_PER_INCH,
        font_family: "DejaVu Sans".to_owned(),
        fontdb: FONTS.clone(),
        ..Options::default()
    };
    Tree::from_str(svg, &options).map_err(|fault| fault.to_string())
}
