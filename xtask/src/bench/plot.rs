use std::fmt::Write;

use crate::bench::measured::Measured;
use crate::bench::page::Results;

/// Where the scale begins, left of even, and ends, in decades.
const DECADES: std::ops::RangeInclusive<i32> = -1..=4;

const LABELS: f64 = 330.0;
const SCALE: f64 = 620.0;
const WIDTH: f64 = LABELS + SCALE + 40.0;
const ROW: f64 = 20.0;
/// For the legend and the numbers of the scale.
const TOP: f64 = 60.0;

/// The peers' colours, which people who see few colours can tell apart too (Okabe and Ito).
const COLOURS: [&str; 3] = ["#0072b2", "#d55e00", "#009e73"];

/// Dots on a logarithmic scale: how many times as well as each peer Backpack does in each row. Rows without peers are left out.
pub fn svg(results: &[Results]) -> String {
    let mut body = String::new();
    let mut y = TOP;
    let mut peers: Vec<&str> = Vec::new();
    for Results { topic, lines } in results {
        let is_compared = |measured: &Measured| measured.peers.iter().any(|peer| peer.times_better.is_some());
        let compared: Vec<_> = lines.iter().filter(|(_, measured)| is_compared(measured)).collect();
        if compared.is_empty() {
            continue;
        }
        y += ROW * 1.5;
        text(&mut body, (10.0, y), "start", "font-weight=\"bold\"", topic.name);
        for (row, measured) in compared {
            y += ROW;
            text(&mut body, (LABELS - 12.0, y), "end", "", row.what);
            line(&mut body, (LABELS, y - 4.0), (LABELS + SCALE, y - 4.0), "#eee");
            for peer in &measured.peers {
                let Some(times) = peer.times_better else { continue };
                let colour = COLOURS[place(&mut peers, peer.name) % COLOURS.len()];
                let _ = writeln!(
                    body,
                    "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"5\" fill=\"{colour}\"><title>{}: {times:.2} ×</title></circle>",
                    x(times),
                    y - 4.0,
                    escaped(peer.name)
                );
            }
        }
    }
    let height = y + ROW;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    legend(&mut svg, &peers);
    scale(&mut svg, height);
    svg + &body + "</svg>\n"
}

/// Where a name stands in the list, at whose end it is put if it is new.
fn place<'a>(names: &mut Vec<&'a str>, name: &'a str) -> usize {
    names.iter().position(|&known| known == name).unwrap_or_else(|| {
        names.push(name);
        names.len() - 1
    })
}

fn legend(svg: &mut String, peers: &[&str]) {
    text(svg, (10.0, 24.0), "start", "", "times as good as");
    for (number, (peer, colour)) in peers.iter().zip(COLOURS.iter().cycle()).enumerate() {
        let x = 140.0 + 130.0 * number as f64;
        let _ = writeln!(svg, "<circle cx=\"{x}\" cy=\"20\" r=\"5\" fill=\"{colour}\"/>");
        text(svg, (x + 10.0, 24.0), "start", "", peer);
    }
}

fn scale(svg: &mut String, height: f64) {
    for decade in DECADES {
        let times = 10_f64.powi(decade);
        let colour = if decade == 0 { "#666" } else { "#ccc" };
        line(svg, (x(times), TOP), (x(times), height - 10.0), colour);
        text(svg, (x(times), TOP - 8.0), "middle", "", &format!("{times} ×"));
    }
}

/// Where a ratio stands; what is beyond the scale stands at its end.
fn x(times: f64) -> f64 {
    let (first, last) = (f64::from(*DECADES.start()), f64::from(*DECADES.end()));
    LABELS + (times.log10().clamp(first, last) - first) / (last - first) * SCALE
}

fn line(svg: &mut String, (x1, y1): (f64, f64), (x2, y2): (f64, f64), colour: &str) {
    let _ = writeln!(
        svg,
        "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{colour}\"/>"
    );
}

fn text(svg: &mut String, (x, y): (f64, f64), anchor: &str, style: &str, text: &str) {
    let _ = writeln!(
        svg,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" {style}>{}</text>",
        escaped(text)
    );
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::measured::Compared;
    use crate::bench::rows::TOPICS;

    #[test]
    fn every_comparison_has_a_dot_at_its_place_and_every_peer_a_colour() {
        let compared = |name, times| Compared { name, theirs: None, times_better: Some(times) };
        let peers = vec![compared("OpenCV", 10.0), compared("A & B", 1e9)];
        let topic = &TOPICS[2];
        let lines = vec![
            (&topic.rows[0], Measured { peers, ..Measured::default() }),
            (&topic.rows[1], Measured::default()),
        ];
        let svg = svg(&[Results { topic, lines }]);
        // Two in the legend, two in the plot, of which one is beyond the scale.
        assert_eq!(svg.matches("<circle").count(), 4);
        assert!(svg.contains(&format!("cx=\"{:.1}\"", LABELS + SCALE * 0.4)), "{svg}");
        assert!(svg.contains(&format!("cx=\"{:.1}\"", LABELS + SCALE)), "{svg}");
        assert!(svg.contains("A &amp; B") && svg.contains(topic.rows[0].what));
        assert!(!svg.contains(topic.rows[1].what));
    }
}
