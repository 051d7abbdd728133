//! How much two words differ.

/// The longest word that is compared, in bytes; the longest name of a colour has 20.
const LONGEST: usize = 24;

/// How many letters to insert, remove, replace or swap with the next one turn one word into the other; words that are too long to be meant
/// for one another are infinitely far apart.
pub(crate) fn distance(word: &str, other: &str) -> usize {
    let (word, other) = (word.as_bytes(), other.as_bytes());
    if word.len().max(other.len()) > LONGEST {
        return usize::MAX;
    }
    // Row by row, for each beginning of `word`, its distance from each beginning of `other`.
    let mut before = [0; LONGEST + 1];
    let mut above: [usize; LONGEST + 1] = std::array::from_fn(|column| column);
    for row in 1..=word.len() {
        let mut current = [row; LONGEST + 1];
        for column in 1..=other.len() {
            let replaced = above[column - 1] + usize::from(word[row - 1] != other[column - 1]);
            current[column] = replaced.min(above[column] + 1).min(current[column - 1] + 1);
            if row > 1 && column > 1 && word[row - 2..row] == [other[column - 1], other[column - 2]] {
                current[column] = current[column].min(before[column - 2] + 1);
            }
        }
        (before, above) = (above, current);
    }
    above[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_slip_of_the_pen_counts_once() {
        for (word, expected) in [
            ("orange", 0),
            ("orang", 1),
            ("oorange", 1),
            ("orenge", 1),
            ("roange", 1),
            ("oragne", 1),
            ("ornage", 1),
            ("orangutan", 4),
            ("", 6),
        ] {
            assert_eq!(distance(word, "orange"), expected, "{word}");
            assert_eq!(distance("orange", word), expected, "{word}");
        }
        assert_eq!(distance("", ""), 0);
    }

    #[test]
    fn words_beyond_the_longest_are_not_compared() {
        let word = "x".repeat(LONGEST);
        assert_eq!(distance(&word, &word), 0);
        assert_eq!(distance(&(word + "x"), ""), usize::MAX);
    }
}
