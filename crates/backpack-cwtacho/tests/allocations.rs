//! What is done in the frame loop allocates nothing.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::mpsc;
use std::time::Duration;

use allocation_counter::measure;
use backpack_timepiece::{Report, Reporter};
use support::fake::{Answer, Fake};
use support::{Windows, builder, wait_until};

#[test]
fn to_report_allocates_nothing_while_things_go_well_and_while_they_do_not() {
    for answer in [Answer::Accept, Answer::Close] {
        let fake = Fake::start(move |_| answer.clone());
        // Reports with percentiles soon fill it.
        let cloudwatch = builder(&fake.url).backlog(16 << 10).build().unwrap();
        let mut reporter =
            cloudwatch.metric("m").dimension("Camera", "gate").percentiles().reporter().unwrap();
        let (sender, reports) = mpsc::channel::<Report>();
        let mut windows = Windows::new(move |report| drop(sender.send(report)));
        for round in 1..=10 {
            (0..50).for_each(|_| windows.report(Duration::from_millis(40)));
            let reports: Vec<_> = reports.try_iter().collect();
            assert_eq!(reports.len(), 50);
            let info = measure(|| reports.into_iter().for_each(|report| reporter.report(report)));
            assert_eq!(info.count_total, 0, "in round {round}");
            // It takes everything in before each request.
            let failed = cloudwatch.stats().failed;
            wait_until("the worker has made room", || {
                let stats = cloudwatch.stats();
                stats.waiting == 0 || stats.failed >= failed + 2
            });
        }
    }
}
