//! Rectangles, lines and polygons: which pixels they cover, and how much.
#![allow(clippy::unwrap_used)]

mod common;

use backpack_annotate::{
    Annotation, BoundingBox, BoxShape, Circle, Color, Dot, Ellipse, Label, Marker, MarkerStyle, Path,
    Rectangle, Stroke, Trace, ValueBar,
};
use backpack_core::{Line, PixelFormat, Point, PolyLine, Rect, Vec2};
use common::{coverage, painted, touched};
use proptest::prelude::*;

fn rect(x: f64, y: f64, width: f64, height: f64) -> Rect {
    Rect::from_xywh(x, y, width, height).unwrap()
}

fn picture(rows: &[Vec<u8>]) -> Vec<String> {
    let sign = |&part: &u8| match part {
        0 => '.',
        255 => '#',
        _ => '+',
    };
    rows.iter().map(|row| row.iter().map(sign).collect()).collect()
}

fn sum(rows: &[Vec<u8>]) -> f64 {
    rows.iter().flatten().map(|&part| f64::from(part) / 255.0).sum()
}

#[test]
fn a_rectangle_has_its_line_inside_and_fills_the_rest() {
    let outline = Rectangle::new(rect(0.25, 0.25, 0.5, 0.5)).thickness(1.0 / 8.0);
    assert_eq!(
        picture(&coverage(&[outline.clone().into()], 8, 8)),
        ["........", "........", "..####..", "..#..#..", "..#..#..", "..####..", "........", "........"]
    );
    let filled = outline.color(Color::TRANSPARENT).fill(Color::WHITE);
    assert_eq!(
        picture(&coverage(&[filled.into()], 8, 8)),
        ["........", "........", "..####..", "..####..", "..####..", "..####..", "........", "........"]
    );
}

#[test]
fn opaque_pixels_have_exactly_the_colour() {
    let frame = painted(
        &[Rectangle::new(rect(0.0, 0.0, 1.0, 1.0)).color(Color::ORANGE).fill(Color::TEAL).into()],
        5,
        3,
        PixelFormat::Rgb8,
        77,
    );
    let (line, fill) = ([0xff, 0xa5, 0x00], [0x00, 0x80, 0x80]);
    let expected = [[line; 5], [line, fill, fill, fill, line], [line; 5]];
    assert_eq!(frame.bytes(), expected.as_flattened().as_flattened());
}

#[test]
fn the_coordinate_one_is_the_last_pixel() {
    for thickness in 1..=3 {
        let thickness = f64::from(thickness) / 9.0;
        for (from, to) in [((1.0, 0.0), (1.0, 1.0)), ((0.0, 0.0), (0.0, 1.0))] {
            let rows = coverage(&[Stroke::new(from, to).thickness(thickness).into()], 9, 9);
            let column = if from.0 == 1.0 { 8 } else { 0 };
            assert!(rows.iter().all(|row| row[column] == 255), "{:?}", picture(&rows));
        }
    }
    let point = |x, y| coverage(&[Rectangle::new(rect(x, y, 0.0, 0.0)).into()], 4, 4);
    assert_eq!(picture(&point(1.0, 1.0)), ["....", "....", "....", "...#"]);
    assert_eq!(picture(&point(0.0, 0.5)), ["....", "....", "#...", "...."]);
    assert_eq!(touched(&point(1.01, 0.5)), 0);
}

#[test]
fn level_and_upright_lines_have_sharp_borders() {
    for thickness in 1..=4 {
        for place in [0.31, 0.5, 0.777] {
            let level = Stroke::new((-1.0, place), (2.0, place)).thickness(f64::from(thickness) / 40.0);
            let upright = Stroke::new((place, -1.0), (place, 2.0)).thickness(f64::from(thickness) / 40.0);
            for line in [level, upright] {
                let rows = coverage(&[line.into()], 40, 40);
                assert!(rows.iter().flatten().all(|&part| part == 0 || part == 255));
                assert_eq!(touched(&rows), 40 * thickness as usize);
            }
        }
    }
}

#[test]
fn slanted_lines_are_smooth_and_as_heavy_as_level_ones() {
    for (from, to) in [((0.2, 0.2), (0.8, 0.8)), ((0.2, 0.3), (0.8, 0.7)), ((0.4, 0.1), (0.6, 0.9))] {
        let line = Line::new(from, to).unwrap();
        for thickness in [1.0, 2.0, 5.0] {
            let rows = coverage(&[Stroke::from(line).thickness(thickness / 100.0).into()], 100, 100);
            let weight = sum(&rows) / (line.length() * 100.0 * thickness);
            assert!((0.95..1.15).contains(&weight), "{from:?} {to:?} {thickness}: {weight}");
            assert!(rows.iter().flatten().any(|&part| (1..255).contains(&part)));
        }
    }
}

#[test]
fn a_line_looks_the_same_from_both_ends() {
    let (a, b) = ((0.13, 0.2), (0.81, 0.77));
    assert_eq!(coverage(&[Stroke::new(a, b).into()], 90, 70), coverage(&[Stroke::new(b, a).into()], 90, 70));
}

#[test]
fn lines_that_leave_the_frame_are_cut_off_where_they_leave() {
    let (near, far) = ((-0.5, -0.5), (-1e5, -1e5));
    let line = |start| coverage(&[Stroke::new(start, (0.9, 0.9)).thickness(0.1).into()], 50, 50);
    assert_eq!(line(near), line(far));
    for (start, end) in [((-0.3, 0.5), (-0.2, 0.9)), ((0.1, 1.3), (0.9, 1.2)), ((1.4, -0.4), (2.0, 0.9))] {
        assert_eq!(touched(&coverage(&[Stroke::new(start, end).into()], 50, 50)), 0);
    }
}

#[test]
fn a_line_without_length_is_a_dot() {
    let rows = coverage(&[Stroke::new((0.5, 0.5), (0.5, 0.5)).thickness(5.0 / 11.0).into()], 11, 11);
    assert_eq!(rows[5][5], 255);
    let area = std::f64::consts::PI * 2.5 * 2.5;
    assert!((sum(&rows) - area).abs() < 1.0, "{}", sum(&rows));
}

#[test]
fn only_polygons_are_filled() {
    let corners = [(0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)];
    let path = |polyline| {
        let path = Path::new(polyline).color(Color::TRANSPARENT).fill(Color::WHITE);
        picture(&coverage(&[path.into()], 10, 10))
    };
    let filled = path(PolyLine::closed(corners).unwrap());
    assert_eq!(filled[1..3], ["..........", "..######.."]);
    assert_eq!(filled.concat().matches('#').count(), 36);
    assert_eq!(path(PolyLine::open(corners).unwrap()).concat().matches('.').count(), 100);
}

#[test]
fn a_polygon_around_the_frame_fills_all_of_it() {
    for far in [1.0, 1.5, 1e3, 1e9, 1e300] {
        let corners = [(-far, -far), (far, -far), (far, far), (-far, far)];
        let path = Path::new(PolyLine::closed(corners).unwrap()).color(Color::TRANSPARENT).fill(Color::WHITE);
        let rows = coverage(&[path.into()], 7, 5);
        assert!(rows.iter().flatten().all(|&part| part == 255), "{far}: {:?}", picture(&rows));
    }
}

#[test]
fn translucent_annotations_are_blended_once_where_their_parts_overlap() {
    let color = Color::WHITE.with_alpha(100);
    let zigzag = [(0.1, 0.2), (0.5, 0.8), (0.6, 0.1), (0.65, 0.9), (0.1, 0.75), (0.9, 0.75)];
    let path = |polyline| Path::new(polyline).color(color).thickness(0.1);
    let scenes: [Annotation; 6] = [
        Rectangle::new(rect(0.1, 0.1, 0.7, 0.7)).color(color).thickness(0.1).into(),
        Rectangle::new(rect(0.1, 0.1, 0.1, 0.1)).color(color).thickness(0.4).into(),
        path(PolyLine::open(zigzag).unwrap()).into(),
        path(PolyLine::closed(zigzag).unwrap()).into(),
        Path::new(PolyLine::closed(zigzag).unwrap()).color(Color::TRANSPARENT).fill(color).into(),
        BoundingBox::new(rect(0.4, 0.4, 0.2, 0.1))
            .top_label(" ")
            .bottom_label(" ")
            .color(color)
            .thickness(0.05)
            .into(),
    ];
    for annotation in scenes {
        for format in [PixelFormat::Gray8, PixelFormat::I420] {
            let frame = painted(std::slice::from_ref(&annotation), 61, 61, format, 60);
            let plane = frame.view().plane(0);
            let highest = plane.rows().flatten().copied().max().unwrap();
            let white = if format == PixelFormat::I420 { 235.0 } else { 255.0 };
            let once = (60.0 + (white - 60.0) * 100.0 / 255.0f64).round() as u8;
            assert!(highest.abs_diff(once) <= 1, "{annotation:?} in {format}: {highest}, not {once}");
        }
    }
}

#[test]
fn invisible_annotations_change_nothing() {
    let (none, line) =
        (Color::WHITE.with_alpha(0), PolyLine::closed([(0.1, 0.1), (0.9, 0.2), (0.5, 0.9)]).unwrap());
    let scene: [Annotation; 5] = [
        BoundingBox::new(rect(0.2, 0.2, 0.5, 0.5)).top_label("top").bottom_label("bottom").color(none).into(),
        Label::new((0.5, 0.5), "text").color(none).background(none).into(),
        Path::new(line).color(none).fill(none).into(),
        Rectangle::new(rect(0.2, 0.2, 0.5, 0.5)).color(none).fill(none).into(),
        Stroke::new((0.0, 0.0), (1.0, 1.0)).color(none).into(),
    ];
    for &format in PixelFormat::ALL {
        let frame = painted(&scene, 33, 21, format, 90);
        assert!(frame.bytes().iter().all(|&byte| byte == 90), "{format}");
    }
}

#[test]
fn later_annotations_cover_earlier_ones() {
    let square = |color| Rectangle::new(rect(0.0, 0.0, 1.0, 1.0)).color(color).fill(color);
    let frame = painted(&[square(Color::RED).into(), square(Color::BLUE).into()], 4, 4, PixelFormat::Rgb8, 0);
    assert!(frame.bytes().chunks(3).all(|pixel| pixel == [0, 0, 255]));
}

#[test]
fn lines_have_the_same_part_of_the_height_on_every_frame() {
    let thickness = |lines: u32| touched(&coverage(&[Stroke::new((0.0, 0.5), (1.0, 0.5)).into()], 1, lines));
    assert_eq!([360, 720, 1080, 2160].map(thickness), [1, 2, 3, 6]);
    assert_eq!(thickness(90), 1, "never thinner than a pixel");
}

fn points() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let coordinate = || prop_oneof![9 => -0.3..1.3f64, 1 => -1e5..1e5f64];
    prop::collection::vec((coordinate(), coordinate()), 3..9)
}

/// The distance of a point from a line in pixels.
fn pixels_between(point: Point, line: &Line, width: f64, height: f64) -> f64 {
    let scaled = |vector: Vec2| Vec2::new(vector.x * width, vector.y * height);
    let (along, to) = (scaled(line.vector()), scaled(point - line.start()));
    let part = (to.dot(along) / along.dot(along)).clamp(0.0, 1.0);
    (to - along * part).length()
}

fn fill(points: &[(f64, f64)], width: u32, height: u32) -> Vec<Vec<u8>> {
    let polygon = PolyLine::closed(points.iter().copied()).unwrap();
    coverage(&[Path::new(polygon).color(Color::TRANSPARENT).fill(Color::WHITE).into()], width, height)
}

proptest! {
    #[test]
    fn a_polygon_fills_the_pixels_that_it_contains(points in points()) {
        let polygon = PolyLine::closed(points.iter().copied()).unwrap();
        for (y, row) in fill(&points, 40, 30).iter().enumerate() {
            for (x, &part) in row.iter().enumerate() {
                let center = Point::new((x as f64 + 0.5) / 40.0, (y as f64 + 0.5) / 30.0);
                if polygon.segments().all(|edge| pixels_between(center, &edge, 40.0, 30.0) > 0.75) {
                    let expected = if polygon.contains(center) { 255 } else { 0 };
                    prop_assert_eq!(part, expected, "pixel {}, {}", x, y);
                }
            }
        }
    }

    #[test]
    fn a_triangle_covers_its_area(a in (0.0..1.0f64, 0.0..1.0f64), b in (0.0..1.0f64, 0.0..1.0f64), c in (0.0..1.0f64, 0.0..1.0f64)) {
        let [a, b, c] = [a, b, c].map(Point::from);
        let area = (b - a).cross(c - a).abs() / 2.0 * 64.0 * 48.0;
        let rows = fill(&[a.into(), b.into(), c.into()], 64, 48);
        // Each pixel on the border is rounded by up to half a step.
        prop_assert!((sum(&rows) - area).abs() < 0.4, "{} instead of {}", sum(&rows), area);
    }

    #[test]
    fn the_same_polygon_from_another_corner_or_backwards_is_the_same(points in points(), first in 0usize..9) {
        let mut turned = points.clone();
        turned.rotate_left(first % points.len());
        turned.reverse();
        for (row, other) in fill(&points, 32, 32).iter().zip(fill(&turned, 32, 32)) {
            for (&part, other) in row.iter().zip(other) {
                prop_assert!(part.abs_diff(other) <= 1);
            }
        }
    }

    #[test]
    fn a_polyline_covers_as_much_as_the_most_of_its_segments(points in points(), thickness in 0.0..0.2f64) {
        let polyline = PolyLine::open(points.iter().copied()).unwrap();
        let whole = coverage(&[Path::new(polyline).thickness(thickness).into()], 40, 30);
        let segments: Vec<_> = points
            .windows(2)
            .map(|ends| coverage(&[Stroke::new(ends[0], ends[1]).thickness(thickness).into()], 40, 30))
            .collect();
        for y in 0..30 {
            for x in 0..40 {
                prop_assert_eq!(Some(whole[y][x]), segments.iter().map(|segment| segment[y][x]).max());
            }
        }
    }
}

#[test]
fn a_box_with_a_transparent_line_shows_its_fill_alone() {
    for shape in [BoxShape::Plain, BoxShape::Rounded, BoxShape::Corners] {
        let bounding_box = BoundingBox::new(rect(0.25, 0.25, 0.5, 0.5)).shape(shape).top_label("nobody");
        let rows = coverage(&[bounding_box.color(Color::TRANSPARENT).fill(Color::WHITE).into()], 40, 40);
        assert!((sum(&rows) - 400.0).abs() < 8.0, "{shape:?}: {}", sum(&rows));
        assert_eq!(rows[20][20], 255);
    }
}

#[test]
fn corners_leave_the_middle_of_the_sides_open() {
    let bounding_box =
        BoundingBox::new(rect(0.0, 0.0, 1.0, 1.0)).shape(BoxShape::Corners).thickness(1.0 / 16.0);
    let rows = coverage(&[bounding_box.into()], 16, 16);
    assert_eq!(picture(&rows)[0], "####........####");
    assert_eq!(picture(&rows)[8], "................");
    assert_eq!(picture(&rows)[12], "#..............#");
}

#[test]
fn round_corners_leave_the_corners_out_and_the_sides_sharp() {
    let rows = coverage(
        &[Rectangle::new(rect(0.0, 0.0, 1.0, 1.0)).rounded(0.25).thickness(1.0 / 32.0).into()],
        32,
        32,
    );
    assert_eq!((rows[0][0], rows[0][16], rows[16][0], rows[31][16]), (0, 255, 255, 255));
    assert!(rows[1][1] == 0 && rows[2][2] > 0, "{:?}", picture(&rows));
    let far_too_round = coverage(&[Rectangle::new(rect(0.0, 0.0, 1.0, 0.5)).rounded(9.0).into()], 32, 32);
    assert!(touched(&far_too_round) > 0);
}

#[test]
fn a_circle_is_round_whatever_the_shape_of_the_frame() {
    let extent = common::extent(&coverage(&[Circle::new((0.5, 0.5), 0.25).into()], 160, 80));
    assert_eq!(extent, [20, 59, 60, 99]);
    let area = std::f64::consts::PI * 20.0 * 20.0;
    let filled = coverage(
        &[Circle::new((0.5, 0.5), 0.25).color(Color::TRANSPARENT).fill(Color::WHITE).into()],
        160,
        80,
    );
    assert!((sum(&filled) - area).abs() < 0.01 * area, "{}", sum(&filled));
}

#[test]
fn an_ellipse_touches_the_four_sides_of_its_rectangle() {
    let extent = common::extent(&coverage(&[Ellipse::new(rect(0.25, 0.5, 0.5, 0.25)).into()], 80, 80));
    assert_eq!(extent, [40, 59, 20, 59]);
}

#[test]
fn a_dot_is_seen_however_small_it_is() {
    let rows = coverage(&[Dot::new((0.5, 0.5)).radius(0.0).into()], 40, 40);
    assert!(sum(&rows) > 0.5, "{}", sum(&rows));
}

#[test]
fn markers_have_their_size_and_stand_on_their_place() {
    for style in MarkerStyle::ALL {
        let marker = Marker::new((0.5, 0.5), style).size(0.5).thickness(1.0 / 81.0);
        let [top, bottom, left, right] = common::extent(&coverage(&[marker.into()], 81, 81));
        assert!(top.abs_diff(20) <= 1 && bottom.abs_diff(60) <= 1, "{style:?}: {top} to {bottom}");
        assert!(left.abs_diff(20) <= 1 && right.abs_diff(60) <= 1, "{style:?}: {left} to {right}");
    }
}

#[test]
fn a_trace_fades_towards_the_past_unless_it_is_solid() {
    let points = [(0.1, 0.5), (0.3, 0.5), (0.5, 0.5), (0.7, 0.5), (0.9, 0.5)];
    let places = [20, 40, 60, 80];
    let fading = coverage(&[Trace::new(points).thickness(0.1).into()], 100, 20);
    assert_eq!(places.map(|x| fading[10][x]), [64, 128, 191, 255]);
    let solid = coverage(&[Trace::new(points).thickness(0.1).solid().into()], 100, 20);
    assert_eq!(places.map(|x| solid[10][x]), [255; 4]);
    assert_eq!(touched(&coverage(&[Trace::new([(0.5, 0.5)]).into()], 20, 20)), 0, "one place is no way");
}

#[test]
fn a_value_bar_is_filled_by_its_value() {
    let filled = |bar: ValueBar| sum(&coverage(&[bar.background(Color::TRANSPARENT).into()], 40, 40));
    let bar = |value| ValueBar::new(rect(0.0, 0.0, 1.0, 0.25), value);
    assert_eq!([0.0, 0.25, 1.0, -3.0, 7.0].map(|value| filled(bar(value))), [0.0, 100.0, 400.0, 0.0, 400.0]);
    let upright = coverage(&[bar(0.5).upright().background(Color::TRANSPARENT).into()], 40, 40);
    assert_eq!((upright[4][0], upright[5][0]), (0, 255), "it is filled from the bottom");
}

#[test]
fn a_line_thicker_than_its_curve_fills_the_curve() {
    let circle = coverage(&[Circle::new((0.5, 0.5), 0.25).thickness(0.9).into()], 80, 80);
    assert_eq!(common::extent(&circle), [20, 59, 20, 59]);
    let ellipse = coverage(&[Ellipse::new(rect(0.25, 0.25, 0.5, 0.25)).thickness(0.9).into()], 80, 80);
    assert_eq!(common::extent(&ellipse), [20, 39, 20, 59]);
    let rounded =
        coverage(&[Rectangle::new(rect(0.25, 0.25, 0.5, 0.25)).rounded(0.1).thickness(0.9).into()], 80, 80);
    assert_eq!(common::extent(&rounded), [20, 39, 20, 59]);
}

#[test]
fn a_translucent_line_lies_wholly_over_the_fill() {
    let color = Color::WHITE.with_alpha(128);
    let circle = Circle::new((0.5, 0.5), 0.4).thickness(0.1).color(color).fill(color);
    let rounded =
        Rectangle::new(rect(0.1, 0.1, 0.8, 0.8)).rounded(0.1).thickness(0.1).color(color).fill(color);
    for shape in [Annotation::from(circle), rounded.into()] {
        let rows = coverage(&[shape], 100, 100);
        let (line, inside) = (rows[50][12], rows[50][50]);
        assert_eq!(inside, 128);
        assert!(line > 185 && rows[50][12..18].iter().all(|&part| part == line), "{:?}", &rows[50][8..24]);
    }
}
