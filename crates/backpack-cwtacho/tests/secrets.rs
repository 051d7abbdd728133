//! Keys get into requests as signatures, and nowhere else.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::Duration;

use support::fake::{Answer, Fake};
use support::log::Log;
use support::{Folder, SECRET, TOKEN, Windows, builder, wait_until};

#[test]
fn secrets_are_in_no_log_no_debug_text_no_error_and_no_file() {
    let log = Log::install();
    let (fake, folder) = (Fake::start(|_| Answer::error(403, "InvalidClientTokenId")), Folder::new());
    let builder = builder(&fake.url).disk_backlog(&folder.0, 1 << 20);
    let mut texts = vec![format!("{builder:?}")];
    let cloudwatch = builder.build().unwrap();
    let metric = cloudwatch.metric("m");
    texts.push(format!("{metric:?}"));
    let reporter = metric.reporter().unwrap();
    texts.push(format!("{reporter:?}"));
    let mut windows = Windows::new(reporter);
    windows.report(Duration::from_millis(40));
    wait_until("it was tried twice", || cloudwatch.stats().failed >= 2);
    texts.push(format!("{cloudwatch:?} {:?}", cloudwatch.stats()));
    for file in folder.files() {
        texts.push(String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned());
    }
    let error = cloudwatch.shutdown(Duration::from_millis(50)).unwrap_err();
    texts.push(format!("{error} {error:?}"));

    let text = log.text();
    assert!(text.contains("reports do not reach CloudWatch and are kept: InvalidClientTokenId"), "{text}");
    // What the SDK and its HTTP client say while told to say everything is theirs.
    let ours: String = text.lines().filter(|line| line.contains("backpack_cwtacho")).collect();
    texts.push(ours);
    for (index, text) in texts.iter().enumerate() {
        assert!(!text.contains(SECRET) && !text.contains(TOKEN), "text {index}: {text}");
    }
    assert!(!text.contains(SECRET), "not even the SDK shows the key");
}
