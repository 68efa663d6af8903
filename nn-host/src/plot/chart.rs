//! A chart: curves over two axes, with a legend beside them.

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::cartesian::Cartesian2d;
use plotters::element::{Circle, DashedPathElement, PathElement, Rectangle};
use plotters::prelude::SVGBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor, ShapeStyle};

use super::axis::Axis;
use super::figure::{Area, FINE, units};
use super::{DrawError, palette, text};

/// Points of a curve, x before y. A point that is not finite is a gap.
pub(super) type Points = Vec<(f64, f64)>;

/// Height of a line of a legend, in pixels.
const LEGEND_LINE: f64 = 17.0;

/// Length of a sample of a curve in a legend, in pixels.
const SAMPLE: f64 = 24.0;

/// A curve with at most so many points shows them.
const MOST_DOTS: usize = 40;

/// Curves with axes.
#[derive(Debug)]
pub(super) struct Chart {
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) x_label: &'static str,
    pub(super) y_label: String,
    pub(super) curves: Vec<Curve>,
    /// From where to where on the x axis, and how high.
    pub(super) bars: Vec<(f64, f64, f64)>,
}

/// A line in a chart.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    /// Its name in the legend.
    pub(super) name: Option<String>,
    pub(super) points: Points,
    pub(super) color: RGBColor,
    /// Lengths of dash and gap, in pixels.
    pub(super) dash: Option<(f64, f64)>,
    /// In pixels.
    pub(super) width: f64,
    pub(super) has_dots: bool,
}

impl Curve {
    /// A curve in the color of its place among the curves.
    pub(super) fn new(index: usize, name: impl Into<String>, points: Points) -> Self {
        let (color, dash) = palette::line(index);
        let has_dots = points.len() <= MOST_DOTS;
        Self { name: Some(name.into()), points, color, dash, width: 1.6, has_dots }
    }

    /// A line to compare curves with.
    pub(super) fn reference(name: impl Into<String>, points: Points) -> Self {
        let dash = Some((5.0, 4.0));
        Self { name: Some(name.into()), points, color: palette::GRAY, dash, width: 1.2, has_dots: false }
    }

    fn style(&self) -> ShapeStyle {
        self.color.stroke_width(units(self.width).unsigned_abs())
    }

    /// Lengths of dash and gap, in units of a drawing.
    fn dashes(&self) -> Option<(i32, i32)> {
        self.dash.map(|(dash, gap)| (units(dash), units(gap)))
    }
}

/// Where a chart lies in its figure, in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    /// Of the rectangle that the axes enclose.
    pub(super) width: f64,
    /// Of the rectangle that the axes enclose.
    pub(super) height: f64,
}

/// Room for the labels of the y axis.
pub(super) const LEFT: f64 = 76.0;

/// Room for the labels of the x axis.
pub(super) const BOTTOM: f64 = 46.0;

/// Room above the uppermost chart.
pub(super) const TOP: f64 = 36.0;

/// Room for a legend with these names.
pub(super) fn legend_width<'n>(names: impl Iterator<Item = &'n str>) -> f64 {
    let widest = names.map(|name| text::width(name, text::SIZE)).fold(0.0, f64::max);
    if widest > 0.0 { widest + SAMPLE + 28.0 } else { 20.0 }
}

/// The height of a legend with so many names.
#[expect(clippy::cast_precision_loss, reason = "a legend has few lines")]
pub(super) fn legend_height(names: usize) -> f64 {
    names as f64 * LEGEND_LINE
}

/// Draws a title in the middle above a frame.
pub(super) fn draw_title(area: &Area<'_>, title: &str, frame: Frame) -> Result<(), DrawError> {
    let style = text::style(text::TITLE_SIZE, palette::INK).pos(Pos::new(HPos::Center, VPos::Center));
    text::draw_styled(area, title, (frame.left + frame.width / 2.0, frame.top - 16.0), &style)
}

type Context<'a> = ChartContext<'a, SVGBackend<'a>, Cartesian2d<Axis, Axis>>;

impl Chart {
    /// The names of its curves.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.curves.iter().filter_map(|curve| curve.name.as_deref())
    }

    /// Draws axes, curves and legend. The labels of the axes lie outside of the frame.
    pub(super) fn draw(&self, area: &Area<'_>, frame: Frame) -> Result<(), DrawError> {
        let Frame { left, top, width, height } = frame;
        let outer =
            area.clone().shrink((units(left - LEFT), units(top)), (units(LEFT + width), units(height + BOTTOM)));
        let mut context = ChartBuilder::on(&outer)
            .x_label_area_size(units(BOTTOM))
            .y_label_area_size(units(LEFT))
            .build_cartesian_2d(self.x.clone(), self.y.clone())?;
        self.draw_mesh(&mut context)?;
        self.draw_bars(&mut context)?;
        for curve in &self.curves {
            curve.draw(&mut context)?;
        }
        self.draw_labels(area, frame)?;
        self.draw_legend(area, frame)
    }

    fn draw_mesh(&self, context: &mut Context<'_>) -> Result<(), DrawError> {
        let line = |color: RGBColor| color.stroke_width(units(0.8).unsigned_abs());
        let mut mesh = context.configure_mesh();
        mesh.bold_line_style(line(palette::GRID)).axis_style(line(palette::INK));
        mesh.label_style(text::style(text::SIZE, palette::INK));
        Ok(mesh.set_all_tick_mark_size(units(4.0)).draw()?)
    }

    /// The names of the axes, each in the middle of its side.
    fn draw_labels(&self, area: &Area<'_>, frame: Frame) -> Result<(), DrawError> {
        let (x, y) = (frame.left + frame.width / 2.0, frame.top + frame.height / 2.0);
        text::draw(area, self.x_label, (x, frame.top + frame.height + 33.0), HPos::Center)?;
        text::draw_upwards(area, &self.y_label, (frame.left - LEFT + 12.0, y), HPos::Center)
    }

    fn draw_bars(&self, context: &mut Context<'_>) -> Result<(), DrawError> {
        let (color, _) = palette::line(4);
        let (floor, _) = self.y.ends();
        let bars = self.bars.iter().filter(|(_, _, height)| height.is_finite());
        let bars = bars.map(|&(from, to, height)| Rectangle::new([(from, floor), (to, height)], color.filled()));
        context.draw_series(bars)?;
        Ok(())
    }

    /// A line of text for each curve, to the right of the frame.
    fn draw_legend(&self, area: &Area<'_>, frame: Frame) -> Result<(), DrawError> {
        let named = self.curves.iter().filter_map(|curve| Some((curve, curve.name.as_ref()?)));
        for ((curve, name), line) in named.zip(0_u32..) {
            let (x, y) = (frame.left + frame.width + 14.0, frame.top + 8.0 + f64::from(line) * LEGEND_LINE);
            let sample = [(units(x), units(y)), (units(x + SAMPLE), units(y))];
            match curve.dashes() {
                Some((dash, gap)) => area.draw(&DashedPathElement::new(sample, dash, gap, curve.style()))?,
                None => area.draw(&PathElement::new(sample, curve.style()))?,
            }
            text::draw(area, name, (x + SAMPLE + 7.0, y), HPos::Left)?;
        }
        Ok(())
    }
}

impl Curve {
    /// Draws each part between gaps; a part of one point is a dot.
    fn draw(&self, context: &mut Context<'_>) -> Result<(), DrawError> {
        let is_finite = |(x, y): &(f64, f64)| x.is_finite() && y.is_finite();
        for part in self.points.split(|point| !is_finite(point)) {
            if part.len() > 1 {
                self.draw_line(context, part)?;
            }
            if self.has_dots || part.len() == 1 {
                let dots = part.iter().map(|&point| Circle::new(point, units(2.4), self.color.filled()));
                context.draw_series(dots)?;
            }
        }
        Ok(())
    }

    fn draw_line(&self, context: &mut Context<'_>, part: &[(f64, f64)]) -> Result<(), DrawError> {
        let points = thinned(part, |point| context.backend_coord(point));
        match self.dashes() {
            Some((dash, gap)) => {
                context.draw_series([DashedPathElement::new(points, dash, gap, self.style())])?;
            }
            None => {
                context.draw_series([PathElement::new(points, self.style())])?;
            }
        }
        Ok(())
    }
}

/// A line without the points that lie within a fraction of a pixel of the one before; its ends stay.
fn thinned(points: &[(f64, f64)], place: impl Fn(&(f64, f64)) -> (i32, i32)) -> Points {
    let mut kept: Points = Vec::new();
    let mut last: Option<(i32, i32)> = None;
    for (index, point) in points.iter().enumerate() {
        let (x, y) = place(point);
        let is_near =
            last.is_some_and(|(last_x, last_y)| x.abs_diff(last_x) + y.abs_diff(last_y) < FINE.unsigned_abs() / 3);
        if !is_near || index + 1 == points.len() {
            kept.push(*point);
            last = Some((x, y));
        }
    }
    kept
}
