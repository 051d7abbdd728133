use std::collections::VecDeque;
use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_sdk_cloudwatch::types::MetricDatum;
use tokio::time::sleep_until;
use tracing::{info, warn};

use crate::backlog::Backlog;
use crate::batch::Batch;
use crate::client::{Client, datum};
use crate::condensed;
use crate::inbox::{self, Inbox, Reported};
use crate::limits;
use crate::notices::{Notices, Topic};
use crate::outcome::Outcome;
use crate::record::Record;
use crate::retry::Retry;
use crate::run::Run;
use crate::service_clock::{OutOfTime, ServiceClock, Stamp};

/// Takes reports from the inbox to the backlog and from there to CloudWatch, on a thread of its own.
pub(crate) struct Worker {
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) backlog: Backlog,
    pub(crate) client: Arc<Client>,
    pub(crate) run: Run,
    pub(crate) interval: Duration,
    pub(crate) retry: Retry,
    pub(crate) progress: Progress,
}

/// How the worker stands.
#[derive(Debug)]
pub(crate) struct Progress {
    /// When to send next, in real time; `None` while there is nothing to send.
    due: Option<Instant>,
    /// When to end, once all that ever will has come.
    stop: Option<Instant>,
    /// In a row.
    failures: u32,
    service: ServiceClock,
    notices: Notices,
    /// An empty list, to be exchanged for the inbox's.
    spare: VecDeque<Reported>,
}

impl Progress {
    /// At the beginning, when what an earlier run left has waited long enough.
    pub(crate) fn new(backlog: &Backlog) -> Self {
        Self {
            due: (!backlog.is_empty()).then(Instant::now),
            stop: None,
            failures: 0,
            service: ServiceClock::default(),
            notices: Notices::default(),
            spare: inbox::empty(),
        }
    }
}

/// Whether a record can be sent.
enum Verdict {
    /// With this time.
    Good(i64),
    Expired,
    Invalid(String),
}

/// What became of some records.
enum Fate {
    Accepted,
    Refused,
}

impl Worker {
    /// Works until it is told to end. Returns whether all that is left is on disk.
    pub(crate) async fn work(mut self) -> bool {
        loop {
            self.collect();
            let stop = self.progress.stop;
            if stop.is_some_and(|stop| self.backlog.is_empty() || Instant::now() >= stop) {
                break;
            }
            match self.progress.due {
                Some(due) if due <= Instant::now() => self.deliver().await,
                due => {
                    tokio::select! {
                        () = self.inbox.changed() => {}
                        () = until(due.into_iter().chain(stop).min()) => {}
                    }
                }
            }
        }
        self.finish()
    }

    /// Takes what has come into the backlog.
    fn collect(&mut self) {
        let mut reports = std::mem::take(&mut self.progress.spare);
        let stop = self.inbox.swap(&mut reports);
        if !reports.is_empty() {
            self.keep(reports.drain(..));
        }
        self.progress.spare = reports;
        self.schedule(stop);
    }

    fn keep(&mut self, reports: impl Iterator<Item = Reported>) {
        let (mut dropped, mut empty, mut result) = (0, 0, Ok(()));
        for Reported { metric, detail, report, epoch } in reports {
            match condensed::record(&report, &metric, detail, epoch) {
                Some(record) => {
                    let (gone, written) = self.backlog.push(record);
                    dropped += gone;
                    result = result.and(written);
                }
                None => empty += 1,
            }
        }
        self.inbox.count(|stats| stats.waiting = stats.waiting.saturating_sub(empty));
        self.drop_oldest(dropped);
        self.note_disk(result.and_then(|()| self.backlog.sync()));
    }

    fn schedule(&mut self, stop: Option<Instant>) {
        let now = Instant::now();
        if self.progress.stop.is_none() && stop.is_some() {
            (self.progress.stop, self.progress.due) = (stop, Some(now));
        }
        if self.backlog.is_empty() {
            return;
        }
        let is_urgent = self.progress.failures == 0 && (stop.is_some() || self.backlog.fills_a_request());
        let due = if is_urgent { now } else { now + self.interval };
        let due = self.progress.due.map_or(due, |earlier| if is_urgent { earlier.min(due) } else { earlier });
        self.progress.due = Some(due);
    }

    /// Sends the oldest records, as many as fit in a request.
    async fn deliver(&mut self) {
        let mut batch = match self.backlog.take() {
            Ok(Some(batch)) => batch,
            Ok(None) => return self.progress.due = None,
            Err(error) => {
                self.inbox.count(|stats| stats.waiting = self.backlog.len() as u64);
                return self.note_disk(Err(error));
            }
        };
        let mut verdicts = self.verdicts(&batch);
        // A batch that is refused is cut in halves, until what is wrong with it is found.
        let mut todo = vec![batch.rest()];
        while let Some(range) = todo.pop() {
            match self.request(&batch, &verdicts, range.clone()).await {
                (Outcome::Accepted, _) => {
                    self.complete(&mut batch, &verdicts[range.clone()], Fate::Accepted, range.end);
                }
                (Outcome::Refused(_), true) => {
                    // It may have been for times that are known to be wrong only now.
                    verdicts = self.verdicts(&batch);
                    todo.push(range);
                }
                (Outcome::Refused(reason), false) => match halves(&range) {
                    Some([first, second]) => todo.extend([second, first]),
                    None => {
                        self.note_refusal(&batch.records[range.start], &reason);
                        self.complete(&mut batch, &verdicts[range.clone()], Fate::Refused, range.end);
                    }
                },
                (Outcome::Failed(reason), _) => return self.try_later(batch, &reason),
            }
        }
        self.progress.due = (!self.backlog.is_empty()).then(Instant::now);
    }

    /// Sends the good ones among the records of a range. Also returns whether something new is known about the time.
    async fn request(&mut self, batch: &Batch, verdicts: &[Verdict], range: Range<usize>) -> (Outcome, bool) {
        let pairs = batch.records[range.clone()].iter().zip(&verdicts[range]);
        let data: Vec<_> = pairs
            .filter_map(|(record, verdict)| match verdict {
                Verdict::Good(time) => Some(datum(record, *time)),
                Verdict::Expired | Verdict::Invalid(_) => None,
            })
            .collect();
        if data.is_empty() {
            return (Outcome::Accepted, false);
        }
        let outcome = self.send(batch.namespace.clone(), data).await;
        self.inbox.count(|stats| stats.requests += 1);
        if !matches!(outcome, Outcome::Failed(_)) {
            self.progress.failures = 0;
            if self.progress.notices.clear(Topic::Request) {
                info!(waiting = self.backlog.len(), "reports reach CloudWatch again");
            }
        }
        (outcome, self.learn_time())
    }

    /// Sends, and goes on taking reports in meanwhile.
    async fn send(&mut self, namespace: String, data: Vec<MetricDatum>) -> Outcome {
        let client = self.client.clone();
        let mut sending = tokio::spawn(async move { client.put(namespace, data).await });
        loop {
            let stop = self.progress.stop;
            tokio::select! {
                result = &mut sending => {
                    return result.unwrap_or_else(|error| Outcome::Failed(format!("sending ended early: {error}")));
                }
                () = self.inbox.changed() => self.collect(),
                () = until(stop) => {
                    sending.abort();
                    return Outcome::Failed("there was no answer before the end".to_owned());
                }
            }
        }
    }

    /// Notes that all records up to `end` are done with, the last of them as told.
    fn complete(&mut self, batch: &mut Batch, verdicts: &[Verdict], fate: Fate, end: usize) {
        batch.done = end;
        let result = self.backlog.progress(batch);
        self.note_disk(result);
        let mut invalid = None;
        self.inbox.count(|stats| {
            for verdict in verdicts {
                match (verdict, &fate) {
                    (Verdict::Good(_), Fate::Accepted) => stats.sent += 1,
                    (Verdict::Good(_), Fate::Refused) => stats.dropped.refused += 1,
                    (Verdict::Expired, _) => stats.dropped.expired += 1,
                    (Verdict::Invalid(reason), _) => {
                        stats.dropped.invalid += 1;
                        invalid = Some(reason.clone());
                    }
                }
            }
            stats.waiting = stats.waiting.saturating_sub(verdicts.len() as u64);
        });
        let has_expired = verdicts.iter().any(|verdict| matches!(verdict, Verdict::Expired));
        let expired = has_expired.then(|| "reports older than two weeks were dropped".to_owned());
        if let Some(reason) = invalid.or(expired) {
            self.note(Topic::Dropped, &reason);
        }
    }

    fn verdicts(&self, batch: &Batch) -> Vec<Verdict> {
        let (device, epoch) = (self.run.wall(), self.run.epoch());
        let verdict = |record: &Record| {
            if let Err(problem) = limits::check_metric(&record.metric) {
                return Verdict::Invalid(problem.to_string());
            }
            if let Err(problem) = limits::check_data(record) {
                return Verdict::Invalid(format!("metric {:?} has {problem}", record.metric.name));
            }
            let stamp = Stamp { time: record.time, epoch: batch.is_own().then_some(record.epoch) };
            match self.progress.service.time(stamp, device, epoch) {
                Ok(time) => Verdict::Good(time),
                Err(OutOfTime::Expired) => Verdict::Expired,
                Err(OutOfTime::Future) => Verdict::Invalid(
                    "a report lies more than two hours in the future: the device's clock was or is wrong"
                        .to_owned(),
                ),
            }
        };
        batch.records.iter().map(verdict).collect()
    }

    /// Looks at what time the service says it is. Returns whether that was news.
    fn learn_time(&mut self) -> bool {
        let Some(date) = self.client.take_date() else { return false };
        let news = self.progress.service.observe(date, self.run.wall());
        match news {
            Some(0) => info!("the device's clock is right now"),
            Some(ahead) => warn!(
                "the device's clock is {} s {} that of CloudWatch, by which reports are sent",
                ahead.unsigned_abs() / 1000,
                if ahead > 0 { "behind" } else { "ahead of" },
            ),
            None => {}
        }
        news.is_some()
    }

    fn try_later(&mut self, batch: Batch, reason: &str) {
        self.progress.failures = self.progress.failures.saturating_add(1);
        // There is little time left to wait for while stopping.
        let failures = if self.progress.stop.is_some() { 1 } else { self.progress.failures };
        self.progress.due = Some(Instant::now() + self.retry.wait(failures));
        let dropped = self.backlog.put_back(batch);
        self.drop_oldest(dropped);
        self.inbox.count(|stats| {
            stats.failed += 1;
            stats.last_error = Some(reason.to_owned());
        });
        let reason = format!("reports do not reach CloudWatch and are kept: {reason}");
        self.note(Topic::Request, &reason);
    }

    fn drop_oldest(&mut self, count: u64) {
        if count == 0 {
            return;
        }
        self.inbox.count(|stats| {
            stats.dropped.full += count;
            stats.waiting = stats.waiting.saturating_sub(count);
        });
        self.note(Topic::Dropped, "the backlog is full, and its oldest reports are dropped");
    }

    fn note_refusal(&mut self, record: &Record, reason: &str) {
        self.inbox.count(|stats| stats.last_error = Some(reason.to_owned()));
        let reason =
            format!("CloudWatch refused a report of {:?}, which is dropped: {reason}", record.metric.name);
        self.note(Topic::Refused, &reason);
    }

    fn note_disk(&mut self, result: io::Result<()>) {
        let Err(error) = result else { return };
        let reason = format!("the backlog on disk does not work: {error}");
        self.inbox.count(|stats| stats.last_error = Some(reason.clone()));
        self.note(Topic::Disk, &reason);
    }

    fn note(&mut self, topic: Topic, text: &str) {
        if self.progress.notices.is_due(topic, text, Instant::now()) {
            let waiting = self.backlog.len();
            warn!(waiting, "{text}");
        }
    }

    fn finish(self) -> bool {
        let (waiting, is_kept) = (self.backlog.len(), self.backlog.is_kept());
        match (waiting, is_kept) {
            (0, _) => {}
            (_, true) => info!(waiting, "reports stay on disk for the next run"),
            (_, false) => warn!(waiting, "reports are lost, as they could not be sent before the end"),
        }
        self.inbox.count(|stats| stats.waiting = waiting as u64);
        is_kept
    }
}

fn halves(range: &Range<usize>) -> Option<[Range<usize>; 2]> {
    let middle = range.start + range.len() / 2;
    (range.len() > 1).then_some([range.start..middle, middle..range.end])
}

async fn until(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time.into()).await,
        None => std::future::pending().await,
    }
}
