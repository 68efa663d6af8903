//! Plot of a confusion matrix: counts as a heat map, colored by their share of the true class.

use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{RGBColor, WHITE};

use super::figure::{Area, Figure};
use super::rectangle::{SCALE_WIDTH, color_scale, fill, outline};
use super::{DrawError, palette, text};
use crate::metric::ConfusionMatrix;

/// Room for titles and the scale of colors.
const MARGIN: f64 = 56.0;
const SCALE_ROOM: f64 = 96.0;

/// Cells at least so wide show the share below the count.
const ROOM_FOR_SHARES: f64 = 44.0;

/// Text in cells, in pixels.
const CELL_TEXT: f64 = 11.0;

/// Text in the cells of a matrix of more than [`FEW`] classes.
const SMALL_TEXT: f64 = 9.0;

/// Classes whose matrix has large text.
const FEW: usize = 20;

/// The least width of a cell, in pixels.
const LEAST_CELL: f64 = 20.0;

/// The width of the cells of a matrix of few classes, in pixels.
const MOST_CELL: f64 = 52.0;

/// The width that all cells have together, as long as each is wide enough.
const CELLS_WIDTH: f64 = 560.0;

/// Sizes in pixels.
struct Layout {
    cell: f64,
    cell_text: f64,
    left: f64,
    top: f64,
    cells: f64,
    bottom: f64,
}

/// Draws a confusion matrix: a row a true class, a column a predicted one. Each cell shows its count, and in a matrix
/// of few classes its share of the row, which is also its color. A class without a label has its number; long labels
/// are shortened.
///
/// # Errors
/// [`DrawError::Empty`] if the matrix has no class or no sample.
///
/// ```
/// use nn_host::metric::ConfusionMatrix;
/// let mut matrix = ConfusionMatrix::new(3);
/// matrix.add(2, 2);
/// let figure = nn_host::plot::confusion_matrix(&matrix, &["ant", "bee", "cow"])?;
/// assert!(figure.svg().contains("100 %"));
/// # Ok::<(), nn_host::plot::DrawError>(())
/// ```
pub fn confusion_matrix(matrix: &ConfusionMatrix, labels: &[impl AsRef<str>]) -> Result<Figure, DrawError> {
    let rows: Vec<&[u32]> = matrix.rows().collect();
    let most = rows.iter().flat_map(|row| row.iter().copied()).max().unwrap_or_default();
    if most == 0 {
        return Err(DrawError::Empty { what: "the confusion matrix has no sample" });
    }
    let name = |class: usize| labels.get(class).map_or_else(|| class.to_string(), |label| label.as_ref().to_owned());
    let names: Vec<String> = (0..rows.len()).map(|class| text::shortened(&name(class), text::MOST_LETTERS)).collect();
    let layout = Layout::of(&names, most);
    Figure::draw((layout.left + layout.cells + SCALE_ROOM, layout.top + layout.cells + layout.bottom), |area| {
        draw_titles(area, &layout)?;
        for (row, y) in rows.iter().zip(layout.starts(layout.top)) {
            draw_row(area, &layout, row, y)?;
        }
        draw_grid(area, &layout, rows.len())?;
        draw_names(area, &layout, &names)?;
        draw_scale(area, &layout)
    })
}

impl Layout {
    #[expect(clippy::cast_precision_loss, reason = "as many classes as can be seen")]
    fn of(names: &[String], most: u32) -> Self {
        let count = names.len() as f64;
        let widest = names.iter().map(|name| text::width(name, text::SIZE)).fold(0.0, f64::max);
        let cell_text = if names.len() > FEW { SMALL_TEXT } else { CELL_TEXT };
        let least = (text::width(&most.to_string(), cell_text) + 5.0).max(LEAST_CELL);
        let cell = (CELLS_WIDTH / count).clamp(least, MOST_CELL.max(least)).round();
        let bottom = 30.0 + if widest + 6.0 > cell { widest } else { text::SIZE };
        Self { cell, cell_text, left: 44.0 + widest, top: MARGIN - 16.0, cells: cell * count, bottom }
    }

    /// Where rows or columns begin.
    fn starts(&self, first: f64) -> impl Iterator<Item = f64> {
        (0_u32..).map(move |index| first + f64::from(index) * self.cell)
    }

    /// Whether the names of columns fit beside each other.
    fn is_wide(&self, names: &[String]) -> bool {
        names.iter().all(|name| text::width(name, text::SIZE) + 6.0 <= self.cell)
    }
}

/// Lines around each row and each column, and around all.
fn draw_grid(area: &Area<'_>, layout: &Layout, classes: usize) -> Result<(), DrawError> {
    for (x, y) in layout.starts(layout.left).zip(layout.starts(layout.top)).take(classes) {
        outline(area, (x, layout.top), (layout.cell, layout.cells), palette::GRID)?;
        outline(area, (layout.left, y), (layout.cells, layout.cell), palette::GRID)?;
    }
    outline(area, (layout.left, layout.top), (layout.cells, layout.cells), palette::GRAY)
}

fn draw_row(area: &Area<'_>, layout: &Layout, row: &[u32], y: f64) -> Result<(), DrawError> {
    let sum: f64 = row.iter().copied().map(f64::from).sum();
    for (&count, x) in row.iter().zip(layout.starts(layout.left)) {
        let share = if sum > 0.0 { f64::from(count) / sum } else { 0.0 };
        let color = palette::sequential(share);
        fill(area, (x, y), (layout.cell, layout.cell), color)?;
        let middle = (x + layout.cell / 2.0, y + layout.cell / 2.0);
        draw_cell(area, layout, (count, share), (middle, ink_on(color, count)))?;
    }
    Ok(())
}

/// Zeros are pale, so that mistakes stand out.
fn ink_on(color: RGBColor, count: u32) -> RGBColor {
    match count {
        0 => RGBColor(176, 176, 176),
        _ if palette::is_dark(color) => WHITE,
        _ => palette::INK,
    }
}

fn draw_cell(
    area: &Area<'_>,
    layout: &Layout,
    (count, share): (u32, f64),
    ((x, y), ink): ((f64, f64), RGBColor),
) -> Result<(), DrawError> {
    let anchor = Pos::new(HPos::Center, VPos::Center);
    let draw =
        |text: &str, y: f64, size: f64| text::draw_styled(area, text, (x, y), &text::style(size, ink).pos(anchor));
    if layout.cell < ROOM_FOR_SHARES || count == 0 {
        return draw(&count.to_string(), y, layout.cell_text);
    }
    draw(&count.to_string(), y - 7.0, CELL_TEXT + 1.0)?;
    draw(&percent(share), y + 9.0, CELL_TEXT - 1.5)
}

/// A share with a digit behind the point where it is small, so that it is not 0.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        _ if percent < 0.1 => "<0.1 %".to_owned(),
        _ if percent < 9.95 => format!("{percent:.1} %"),
        _ => format!("{percent:.0} %"),
    }
}

fn draw_titles(area: &Area<'_>, layout: &Layout) -> Result<(), DrawError> {
    let middle = layout.cells / 2.0;
    let style = text::style(text::TITLE_SIZE, palette::INK).pos(Pos::new(HPos::Center, VPos::Center));
    text::draw_styled(area, "confusion matrix", (layout.left + middle, layout.top - 18.0), &style)?;
    text::draw_upwards(area, "true class", (14.0, layout.top + middle), HPos::Center)?;
    let bottom = layout.top + layout.cells + layout.bottom - 14.0;
    text::draw(area, "predicted class", (layout.left + middle, bottom), HPos::Center)
}

fn draw_names(area: &Area<'_>, layout: &Layout, names: &[String]) -> Result<(), DrawError> {
    let half = layout.cell / 2.0;
    for (name, y) in names.iter().zip(layout.starts(layout.top)) {
        text::draw(area, name, (layout.left - 6.0, y + half), HPos::Right)?;
    }
    let below = layout.top + layout.cells;
    let is_wide = layout.is_wide(names);
    for (name, x) in names.iter().zip(layout.starts(layout.left)) {
        if is_wide {
            text::draw(area, name, (x + half, below + 11.0), HPos::Center)?;
        } else {
            text::draw_upwards(area, name, (x + half, below + 5.0), HPos::Right)?;
        }
    }
    Ok(())
}

/// What the colors mean: shares of a row.
fn draw_scale(area: &Area<'_>, layout: &Layout) -> Result<(), DrawError> {
    let (left, top, height) = (layout.left + layout.cells + 16.0, layout.top, layout.cells.min(200.0));
    color_scale(area, (left, top), height, palette::sequential)?;
    for (label, y) in [("100 %", top + 6.0), ("of row", top + height / 2.0), ("0 %", top + height - 6.0)] {
        text::draw(area, label, (left + SCALE_WIDTH + 6.0, y), HPos::Left)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{confusion_matrix, percent};
    use crate::metric::ConfusionMatrix;
    use crate::plot::DrawError;
    use crate::plot::tests::texts;

    #[test]
    fn shows_counts_shares_and_names() {
        let mut matrix = ConfusionMatrix::new(2);
        for predicted in [0, 1, 1, 1] {
            matrix.add(1, predicted);
        }
        let figure = confusion_matrix(&matrix, &["no"]).unwrap();
        let texts = texts(figure.svg());
        for (text, times) in [("no", 2), ("1", 3), ("3", 1), ("25 %", 1), ("75 %", 1), ("0", 2), ("true class", 1)] {
            assert_eq!(texts.iter().filter(|found| *found == text).count(), times, "{text} in {texts:?}");
        }
    }

    #[test]
    fn many_classes_show_counts_alone_and_short_names() {
        let mut matrix = ConfusionMatrix::new(40);
        (0..40).for_each(|class| matrix.add(class, class));
        let labels = vec!["a name that is longer than can be shown"; 40];
        let texts = texts(confusion_matrix(&matrix, &labels).unwrap().svg());
        assert_eq!(texts.iter().filter(|text| *text == "1").count(), 40);
        assert_eq!(texts.iter().filter(|text| *text == "0").count(), 40 * 39);
        assert_eq!(texts.iter().filter(|text| *text == "a name that is lo…").count(), 80);
    }

    #[test]
    fn a_matrix_without_samples_is_refused() {
        let expected = Err(DrawError::Empty { what: "the confusion matrix has no sample" });
        for matrix in [ConfusionMatrix::new(0), ConfusionMatrix::new(3)] {
            assert_eq!(confusion_matrix(&matrix, &[""; 0]), expected);
        }
    }

    #[test]
    fn a_small_share_is_not_zero() {
        assert_eq!([0.0004, 0.001, 0.0994, 0.0996, 1.0].map(percent), ["<0.1 %", "0.1 %", "9.9 %", "10 %", "100 %"]);
    }
}
