use crate::bench::measured::Measured;
use crate::bench::rows::{Row, Target};

const HEADS: [&str; 8] =
    ["what", "Backpack", "floor", "× floor", "original", "faster by", "target", "met or missed"];

/// Which of them hold numbers, whose digits stand below each other.
const NUMBERS: std::ops::RangeInclusive<usize> = 1..=5;

type Cells = [String; HEADS.len()];

/// A Markdown table that can be read as it is. A column in which nothing is said is left out.
pub fn of(lines: &[(&Row, Measured)]) -> String {
    let rows = lines.iter().map(|(row, measured)| cells(row, measured)).collect::<Vec<_>>();
    let mut lines = vec![String::new(); rows.len() + 2];
    for (column, head) in HEADS.into_iter().enumerate() {
        let entries = rows.iter().map(|row| row[column].as_str());
        if entries.clone().all(str::is_empty) {
            continue;
        }
        let is_number = NUMBERS.contains(&column);
        let width = entries.clone().chain([head]).map(|entry| entry.chars().count()).max().unwrap_or(0);
        let rule = format!("{}{}", "-".repeat(width - 1), if is_number { ':' } else { '-' });
        for (line, entry) in lines.iter_mut().zip([head, &rule].into_iter().chain(entries)) {
            *line += &if is_number { format!("| {entry:>width$} ") } else { format!("| {entry:width$} ") };
        }
    }
    lines.into_iter().map(|line| line + "|\n").collect()
}

fn cells(row: &Row, measured: &Measured) -> Cells {
    let verdict = |target: &'static Target| Some((target, target.is_met(measured)?));
    let verdicts = row.targets.iter().filter_map(verdict).collect::<Vec<_>>();
    let joined =
        |say: fn(&(&Target, bool)) -> String| verdicts.iter().map(say).collect::<Vec<_>>().join(", ");
    [
        row.what.to_owned(),
        time(measured.ours),
        measured.floor.map(time).unwrap_or_default(),
        measured.times_floor.map(digits).unwrap_or_default(),
        measured.theirs.map(time).unwrap_or_default(),
        measured.times_faster.map(|ratio| digits(ratio) + " ×").unwrap_or_default(),
        joined(|(target, _)| target.to_string()),
        joined(|(_, is_met)| if *is_met { "met" } else { "missed" }.to_owned()),
    ]
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
        let measured = Measured {
            ours: 61.7,
            floor: Some(22.96),
            times_floor: Some(2.687),
            theirs: Some(7050.8),
            times_faster: Some(114.3),
        };
        let summary = Measured {
            ours: 2007.0,
            theirs: Some(95_552.0),
            times_faster: Some(47.6),
            ..Measured::default()
        };
        let rows = &TOPICS[0].rows;
        let expected = "\
| what                      | Backpack |   floor | × floor | original | faster by | target                  | met or missed |
| ------------------------- | -------: | ------: | ------: | -------: | --------: | ----------------------- | ------------- |
| Tachometer::tick          |  61.7 ns | 23.0 ns |    2.69 |  7.05 µs |     114 × | ≤ 60 ns, ≥ 100 × faster | missed, met   |
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
    fn numbers_have_three_digits_and_times_a_fitting_unit() {
        let times = [0.0014, 9.994, 9.996, 99.96, 999.4, 999.6, 12_345.0, 999_600.0, 1.5e9].map(time);
        let expected =
            ["0.00 ns", "9.99 ns", "10.0 ns", "100 ns", "999 ns", "1.00 µs", "12.3 µs", "1.00 ms", "1500 ms"];
        assert_eq!(times, expected);
    }
}
