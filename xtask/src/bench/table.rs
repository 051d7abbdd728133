use std::iter;

use crate::bench::measured::{Compared, Measured};
use crate::bench::rows::{Row, Unit};
use crate::bench::target::Target;

/// What one column says, from its head down.
struct Column {
    entries: Vec<String>,
    /// Whether the digits stand below each other.
    is_number: bool,
}

/// A Markdown table that can be read as it is. A column in which nothing is said is left out.
pub fn of(lines: &[(&Row, Measured)]) -> String {
    let mut table = vec![String::new(); lines.len() + 2];
    let columns = columns(lines);
    for Column { entries, is_number } in columns.iter().filter(|column| !column.is_silent()) {
        let width = entries.iter().map(|entry| entry.chars().count()).max().unwrap_or(0);
        let rule = format!("{}{}", "-".repeat(width - 1), if *is_number { ':' } else { '-' });
        let (head, rest) = entries.split_at(1);
        for (line, entry) in table.iter_mut().zip(head.iter().chain([&rule]).chain(rest)) {
            *line += &if *is_number { format!("| {entry:>width$} ") } else { format!("| {entry:width$} ") };
        }
    }
    table.into_iter().map(|line| line + "|\n").collect()
}

fn columns(lines: &[(&Row, Measured)]) -> Vec<Column> {
    let text = |head: &str, entry: fn(&Row, &Measured) -> String| {
        Column::new(head, lines.iter().map(|(row, measured)| entry(row, measured)), false)
    };
    let number = |head: &str, entry: &dyn Fn(&Row, &Measured) -> Option<String>| {
        Column::new(head, lines.iter().map(|(row, measured)| entry(row, measured).unwrap_or_default()), true)
    };
    let mut columns = vec![
        text("what", |row, _| row.what.to_owned()),
        number("Backpack", &|row, measured| Some(quantity(row, measured.ours))),
        number("floor", &|row, measured| Some(quantity(row, measured.floor?))),
        number("× floor", &|_, measured| measured.times_floor.map(digits)),
    ];
    for Compared { name, .. } in lines.first().into_iter().flat_map(|(_, measured)| &measured.peers) {
        columns.push(number(name, &|row, measured| Some(quantity(row, measured.peer(name)?.theirs?))));
        columns.push(number("better by", &|_, measured| {
            measured.peer(name)?.times_better.map(|ratio| digits(ratio) + " ×")
        }));
    }
    columns.push(text("target", |row, measured| joined(row, measured, |target, _| target.to_string())));
    columns.push(text("met or missed", |row, measured| joined(row, measured, |_, is_met| outcome(is_met))));
    columns
}

impl Column {
    fn new(head: &str, entries: impl Iterator<Item = String>, is_number: bool) -> Self {
        Self { entries: iter::once(head.to_owned()).chain(entries).collect(), is_number }
    }

    fn is_silent(&self) -> bool {
        self.entries[1..].iter().all(String::is_empty)
    }
}

/// What `say` says of each of the row's targets that can be judged.
fn joined(row: &Row, measured: &Measured, say: fn(&Target, bool) -> String) -> String {
    let verdict = |target| Some(say(target, Target::is_met(target, measured)?));
    row.targets.iter().filter_map(verdict).collect::<Vec<_>>().join(", ")
}

fn outcome(is_met: bool) -> String {
    if is_met { "met" } else { "missed" }.to_owned()
}

/// A figure of the row with its unit.
fn quantity(row: &Row, value: f64) -> String {
    match row.unit {
        Unit::Nanoseconds => time(value),
        Unit::Bytes => digits(value / 1e6) + " MB",
    }
}

/// A time in a fitting unit.
fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        ..999.5 => digits(nanoseconds) + " ns",
        ..999.5e3 => digits(nanoseconds / 1e3) + " µs",
        _ => digits(nanoseconds / 1e6) + " ms",
    }
}

/// A number with three digits, more only in front of the point.
fn digits(number: f64) -> String {
    let decimals = match number {
        ..9.995 => 2,
        ..99.95 => 1,
        _ => 0,
    };
    format!("{number:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::rows::TOPICS;

    #[test]
    fn the_table_is_aligned_and_says_which_targets_are_met() {
        let original = |theirs, times| {
            vec![Compared { name: "original", theirs: Some(theirs), times_better: Some(times) }]
        };
        let measured = Measured {
            ours: 61.7,
            floor: Some(22.96),
            times_floor: Some(2.687),
            peers: original(7050.8, 114.3),
            ..Measured::default()
        };
        let summary = Measured { ours: 2007.0, peers: original(95_552.0, 47.6), ..Measured::default() };
        let rows = &TOPICS[0].rows;
        let expected = "\
| what                      | Backpack |   floor | × floor | original | better by | target                  | met or missed |
| ------------------------- | -------: | ------: | ------: | -------: | --------: | ----------------------- | ------------- |
| Tachometer::tick          |  61.7 ns | 23.0 ns |    2.69 |  7.05 µs |     114 × | ≤ 60 ns, ≥ 100 × better | missed, met   |
| Summary of 6000 intervals |  2.01 µs |         |         |  95.6 µs |    47.6 × |                         |               |
";
        assert_eq!(of(&[(&rows[3], measured), (&rows[8], summary)]), expected);
    }

    #[test]
    fn without_the_original_its_columns_and_targets_are_left_out() {
        let measured = Measured { ours: 12.0, ..Measured::default() };
        let rows = &TOPICS[1].rows;
        let expected = "\
| what           | Backpack |
| -------------- | -------: |
| Line::crossing |  12.0 ns |
";
        assert_eq!(of(&[(&rows[1], measured)]), expected);
    }

    #[test]
    fn every_peer_has_its_columns_and_what_one_cannot_do_is_left_blank() {
        let compared = |name, theirs: Option<f64>| Compared {
            name,
            theirs,
            times_better: theirs.map(|time| time / 5e5),
        };
        let measured = |supervision| Measured {
            ours: 5e5,
            times_beside: Some(1.25),
            peers: vec![compared("OpenCV", Some(2e6)), compared("supervision", supervision)],
            ..Measured::default()
        };
        let rows = &TOPICS[2].rows;
        let expected = "\
| what                 | Backpack |  OpenCV | better by | supervision | better by | target      | met or missed |
| -------------------- | -------: | ------: | --------: | ----------: | --------: | ----------- | ------------- |
| scene opaque, RGB    |   500 µs | 2.00 ms |    4.00 × |     3.00 ms |    6.00 × |             |               |
| scene all alpha, RGB |   500 µs | 2.00 ms |    4.00 × |             |           |             |               |
| scene one fill, I420 |   500 µs | 2.00 ms |    4.00 × |     3.00 ms |    6.00 × | ≤ 1.2 × RGB | missed        |
";
        let lines =
            [(&rows[0], measured(Some(3e6))), (&rows[6], measured(None)), (&rows[4], measured(Some(3e6)))];
        assert_eq!(of(&lines), expected);
    }

    #[test]
    fn numbers_have_three_digits_and_times_a_fitting_unit() {
        let times = [0.0014, 9.994, 9.996, 99.96, 999.4, 999.6, 12_345.0, 999_600.0, 1.5e9].map(time);
        let expected =
            ["0.00 ns", "9.99 ns", "10.0 ns", "100 ns", "999 ns", "1.00 µs", "12.3 µs", "1.00 ms", "1500 ms"];
        assert_eq!(times, expected);
    }
}
