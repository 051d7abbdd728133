//! Executors: the worker, and a tokio runtime.
#![allow(clippy::unwrap_used)]

use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use backpack_timepiece::{Executor, Job, Rejected, Worker};

/// Long enough for any machine; nothing waits so long if all goes well.
const PATIENCE: Duration = Duration::from_secs(60);

/// A job that tells when it runs and then runs until its sender is dropped or sends.
fn held_job() -> (Job, Receiver<()>, Sender<()>) {
    let ((started, has_started), (release, hold)) = (channel(), channel());
    let job = Job::new(move || {
        started.send(()).unwrap();
        let _ = hold.recv();
    });
    (job, has_started, release)
}

#[test]
fn jobs_run_in_order_on_a_thread_of_the_given_name() {
    let worker = Worker::new("uploads", 100).unwrap();
    let (sender, results) = channel();
    for job in 0..100 {
        let sender = sender.clone();
        let work = move || sender.send((job, thread::current().name().map(str::to_owned))).unwrap();
        worker.execute(Job::new(work)).unwrap();
    }
    worker.shutdown(PATIENCE).unwrap();
    let expected = (0..100).map(|job| (job, Some("uploads".to_owned())));
    assert!(results.try_iter().eq(expected));
}

#[test]
fn a_full_queue_rejects_at_once_and_counts() {
    let worker = Worker::new("uploads", 2).unwrap();
    let (job, has_started, release) = held_job();
    worker.execute(job).unwrap();
    has_started.recv_timeout(PATIENCE).unwrap();
    let results = [(); 4].map(|()| worker.execute(Job::new(|| ())));
    assert_eq!(results, [Ok(()), Ok(()), Err(Rejected::Full), Err(Rejected::Full)]);
    assert_eq!((worker.stats().queued, worker.stats().rejected), (2, 2));
    drop(release);
    worker.shutdown(PATIENCE).unwrap();
    assert_eq!((worker.stats().queued, worker.stats().finished), (0, 3));
}

#[test]
fn a_worker_of_no_capacity_takes_nothing() {
    let worker = Worker::new("uploads", 0).unwrap();
    assert_eq!(worker.execute(Job::new(|| ())), Err(Rejected::Full));
}

#[test]
fn a_job_may_look_at_its_worker_even_while_it_is_rejected() {
    struct Curious(Worker);

    impl Drop for Curious {
        fn drop(&mut self) {
            self.0.stats();
        }
    }

    let worker = Worker::new("uploads", 0).unwrap();
    let curious = Curious(worker.clone());
    let (sender, done) = channel();
    // On a thread of its own, so that the test ends even if this hangs.
    let executor = worker.clone();
    thread::spawn(move || {
        let result = executor.execute(Job::new(move || drop(curious)));
        sender.send(result).unwrap();
    });
    assert_eq!(done.recv_timeout(PATIENCE), Ok(Err(Rejected::Full)));
}

#[test]
fn a_job_that_panics_ends_alone() {
    let worker = Worker::new("uploads", 10).unwrap();
    worker.execute(Job::new(|| resume_unwind(Box::new("a job's own trouble")))).unwrap();
    worker.execute(Job::new(|| ())).unwrap();
    worker.shutdown(PATIENCE).unwrap();
    assert_eq!((worker.stats().finished, worker.stats().panicked), (2, 1));
}

#[test]
fn shutdown_works_off_the_queue_and_takes_nothing_more() {
    let worker = Worker::new("uploads", 10).unwrap();
    (0..10).for_each(|_| worker.execute(Job::new(|| ())).unwrap());
    worker.clone().shutdown(PATIENCE).unwrap();
    assert_eq!(worker.stats().finished, 10);
    assert_eq!(worker.execute(Job::new(|| ())), Err(Rejected::Closed));
    worker.shutdown(Duration::ZERO).unwrap();
}

#[test]
fn shutdown_says_what_it_could_not_wait_for() {
    let worker = Worker::new("uploads", 10).unwrap();
    let (job, has_started, release) = held_job();
    worker.execute(job).unwrap();
    has_started.recv_timeout(PATIENCE).unwrap();
    worker.execute(Job::new(|| ())).unwrap();
    let error = worker.shutdown(Duration::from_millis(1)).unwrap_err();
    assert_eq!(error.to_string(), "the worker uploads was shut down with 2 jobs unfinished");
    drop(release);
    worker.shutdown(PATIENCE).unwrap();
    assert_eq!(worker.stats().finished, 2, "it went on all the same");
}

#[test]
fn dropping_the_last_handle_waits_for_nothing_and_loses_nothing() {
    let worker = Worker::new("uploads", 10).unwrap();
    let (job, has_started, release) = held_job();
    worker.execute(job).unwrap();
    let (sender, done) = channel();
    worker.execute(Job::new(move || sender.send("done").unwrap())).unwrap();
    has_started.recv_timeout(PATIENCE).unwrap();
    drop(worker);
    assert!(done.try_recv().is_err(), "it is still held up");
    drop(release);
    assert_eq!(done.recv_timeout(PATIENCE), Ok("done"));
}

#[test]
fn a_name_that_no_thread_can_have_is_refused() {
    let error = Worker::new("up\0loads", 1).unwrap_err();
    assert_eq!(error.to_string(), "a worker's name with a null byte");
}

#[cfg(feature = "tokio")]
#[test]
fn a_tokio_runtime_runs_jobs_until_it_is_shut_down() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let handle = runtime.handle().clone();
    let (sender, done) = channel();
    let execute = |text: &'static str| {
        let sender = sender.clone();
        handle.execute(Job::new(move || sender.send(text).unwrap()))
    };
    assert_eq!(execute("first"), Ok(()));
    assert_eq!(done.recv_timeout(PATIENCE), Ok("first"));
    runtime.shutdown_timeout(PATIENCE);
    assert_eq!(execute("second"), Err(Rejected::Closed));
    assert!(done.try_recv().is_err());
}
