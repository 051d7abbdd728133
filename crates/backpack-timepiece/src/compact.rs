use std::fmt::{self, Write};

use crate::node::Node;

/// As many durations are listed.
const LISTED: usize = 5;

/// A tree of stopwatches in the form of the Python toolkit.
pub(crate) struct Compact(String);

impl Compact {
    pub(crate) fn of(node: &Node) -> Self {
        let mut text = String::new();
        describe(node, 0, &mut text);
        Self(text)
    }
}

impl fmt::Display for Compact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn describe(node: &Node, level: usize, text: &mut String) {
    let mut kept = Vec::new();
    node.kept(&mut kept);
    *text += &format!("<StopWatch name={}{}", node.name, statistics(&kept));
    let children = node.children();
    if !children.is_empty() {
        *text += " children=[";
        for (index, child) in children.iter().enumerate() {
            *text += if index > 0 { ",\n" } else { "\n" };
            *text += &"    ".repeat(level + 1);
            describe(child, level + 1, text);
        }
        *text += &format!("\n{}]", "    ".repeat(level));
    }
    *text += ">";
}

/// Durations in nanoseconds, such as ` intervals=[0.0899, 0.0632] min=0.0632 mean=0.0766 max=0.0899`; nothing for none.
pub(crate) fn statistics(nanos: &[u64]) -> String {
    let seconds = |nanos: f64| format!("{:.4}", nanos / 1e9);
    let (Some(&min), Some(&max)) = (nanos.iter().min(), nanos.iter().max()) else { return String::new() };
    let mut listed: Vec<_> = nanos.iter().take(LISTED).map(|&nanos| seconds(nanos as f64)).collect();
    if nanos.len() > LISTED {
        listed.push("...".to_owned());
    }
    let mean = nanos.iter().map(|&nanos| nanos as f64).sum::<f64>() / nanos.len() as f64;
    let mut text = format!(" intervals=[{}]", listed.join(", "));
    for (name, value) in [("min", min as f64), ("mean", mean), ("max", max as f64)] {
        // Writing to a string cannot fail.
        let _ = write!(text, " {name}={}", seconds(value));
    }
    text
}
