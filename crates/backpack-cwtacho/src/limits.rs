//! What CloudWatch takes, from the reference of `PutMetricData`, `MetricDatum` and `Dimension`.

use std::time::Duration;

use crate::error::MetricError;
use crate::record::{Data, Metric, Record};

/// Metrics in a request.
pub(crate) const METRICS: usize = 1000;
/// The size of a request in bytes, before it is compressed.
pub(crate) const REQUEST: usize = 1_000_000;
/// Different values of a metric in a request.
pub(crate) const VALUES: usize = 150;
/// Dimensions of a metric.
const DIMENSIONS: usize = 30;
/// The age at which a report is no longer taken.
pub(crate) const AGE: Duration = Duration::from_secs(14 * 24 * 3600);
/// How far in the future a report may lie.
pub(crate) const AHEAD: Duration = Duration::from_secs(2 * 3600);
/// The largest value: 2 to the power of 360.
const VALUE: f64 = 2.348_542_582_773_833_3e108;

const NAME_LENGTH: usize = 255;
const DIMENSION_VALUE_LENGTH: usize = 1024;

type Check = Result<(), &'static str>;

pub(crate) fn check_namespace(namespace: &str) -> Check {
    check_text(namespace)?;
    check_name_length(namespace)?;
    if namespace.starts_with(':') {
        return Err("begins with a colon");
    }
    if namespace.starts_with("AWS/") {
        return Err("begins with AWS/, which is for the services of AWS");
    }
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || ".-_/#: ".contains(c);
    if !namespace.chars().all(is_allowed) {
        return Err("has other characters than letters, digits, spaces and . - _ / # :");
    }
    Ok(())
}

pub(crate) fn check_metric(metric: &Metric) -> Result<(), MetricError> {
    let Metric { name, dimensions, .. } = metric;
    check_name(name).map_err(|problem| MetricError::Name { name: name.clone(), problem })?;
    if dimensions.len() > DIMENSIONS {
        return Err(MetricError::TooManyDimensions { metric: name.clone(), count: dimensions.len() });
    }
    for (index, (dimension, value)) in dimensions.iter().enumerate() {
        let (metric, dimension) = (name.clone(), dimension.clone());
        if let Err(problem) = check_dimension_name(&dimension) {
            return Err(MetricError::DimensionName { metric, name: dimension, problem });
        }
        if let Err(problem) = check_dimension_value(value) {
            return Err(MetricError::DimensionValue { metric, dimension, value: value.clone(), problem });
        }
        if dimensions[..index].iter().any(|(earlier, _)| *earlier == dimension) {
            return Err(MetricError::DimensionTwice { metric, name: dimension });
        }
    }
    Ok(())
}

/// Looks at what was measured, also where it comes from a file. The time is looked at elsewhere, as it depends on the present.
pub(crate) fn check_data(record: &Record) -> Result<(), String> {
    let are_valid = match &record.data {
        Data::Statistics { count, sum, min, max } => {
            *count > 0.0 && min <= max && [*count, *sum, *min, *max].into_iter().all(is_valid)
        }
        Data::Values(values) if values.is_empty() || values.len() > VALUES => {
            return Err(format!("{} values: CloudWatch takes 1 to {VALUES}", values.len()));
        }
        Data::Values(values) => {
            values.iter().all(|&(value, count)| is_valid(value) && is_valid(count) && count > 0.0)
        }
    };
    if are_valid {
        return Ok(());
    }
    Err("a value that is no number, beyond ±2^360, or counted less than once".to_owned())
}

fn is_valid(value: f64) -> bool {
    // No comparison holds for NaN.
    value.abs() <= VALUE
}

fn check_name(name: &str) -> Check {
    check_text(name)?;
    check_name_length(name)
}

fn check_dimension_name(name: &str) -> Check {
    check_name(name)?;
    if name.starts_with(':') { Err("begins with a colon") } else { Ok(()) }
}

fn check_dimension_value(value: &str) -> Check {
    check_text(value)?;
    if value.len() > DIMENSION_VALUE_LENGTH {
        return Err("is longer than 1024 characters");
    }
    Ok(())
}

fn check_name_length(name: &str) -> Check {
    if name.len() > NAME_LENGTH { Err("is longer than 255 characters") } else { Ok(()) }
}

fn check_text(text: &str) -> Check {
    if text.trim().is_empty() {
        return Err("is empty or blank");
    }
    if !text.is_ascii() || text.chars().any(|c| c.is_ascii_control()) {
        return Err("has other characters than those of printable ASCII");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Resolution, Unit};
    use std::sync::Arc;

    fn record(data: Data) -> Record {
        let (name, dimensions) = ("m".to_owned(), Vec::new());
        let metric = Metric { name, dimensions, unit: Unit::Seconds, resolution: Resolution::Standard };
        Record { metric: Arc::new(metric), time: 0, epoch: 0, data }
    }

    #[test]
    fn numbers_that_cloudwatch_refuses_are_found_before() {
        let is_taken = |data| check_data(&record(data)).is_ok();
        assert!(is_taken(Data::Statistics { count: 1.0, sum: 0.0, min: 0.0, max: 0.0 }));
        assert!(is_taken(Data::Values(vec![(0.04, 1.0); VALUES])));
        for bad in [f64::NAN, f64::INFINITY, -f64::INFINITY, 2.4e108, -2.4e108] {
            assert!(!is_taken(Data::Values(vec![(bad, 1.0)])), "{bad}");
            assert!(!is_taken(Data::Values(vec![(1.0, bad)])), "{bad}");
            assert!(!is_taken(Data::Statistics { count: 1.0, sum: bad, min: 0.0, max: 0.0 }), "{bad}");
        }
        assert!(!is_taken(Data::Values(vec![(0.04, 0.0)])));
        assert!(!is_taken(Data::Statistics { count: 0.0, sum: 0.0, min: 0.0, max: 0.0 }));
        assert!(!is_taken(Data::Statistics { count: 1.0, sum: 0.0, min: 2.0, max: 1.0 }));
    }

    #[test]
    fn as_many_values_as_cloudwatch_takes_and_no_more() {
        let problem = check_data(&record(Data::Values(vec![(0.04, 1.0); VALUES + 1]))).unwrap_err();
        assert_eq!(problem, "151 values: CloudWatch takes 1 to 150");
        assert!(check_data(&record(Data::Values(Vec::new()))).is_err());
        assert_eq!(VALUE, 2f64.powi(360));
    }
}
