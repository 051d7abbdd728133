//! The producer as an output of a fan-out.
// Helpers of tests may unwrap: a test that cannot go on has failed.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use backpack_core::Timestamp;
use backpack_kvs::{ConnectionState, Persistence};
use backpack_skyline::{AccessUnit, Backoff, Events, Fanout, FrameRate, Memory, OutputState, StreamInfo};
use backpack_timepiece::Clock;
use common::{
    GROUP, PATIENCE, STREAM, larger, now, numbered, playback, producer, service, stored, wait_until,
};

fn stream(width: u32, height: u32) -> StreamInfo {
    let mut stream = StreamInfo::h264(width, height, FrameRate::new(25, 1).expect("a rate"));
    stream.started = now();
    stream
}

fn fanout(outputs: Vec<Box<dyn backpack_skyline::Output>>) -> Fanout {
    let backoff = Backoff { initial: Duration::from_millis(5), max: Duration::from_millis(20) };
    Fanout::start(outputs, stream(64, 48), &Clock::system(), backoff, &Events::default()).expect("threads")
}

#[test]
fn a_fan_out_sends_to_the_service_and_ends_when_all_is_persisted() {
    let service = service().start().expect("a service");
    let output = producer(&service).build().unwrap();
    let monitor = output.monitor();
    monitor.tag("place", "yard", Persistence::Stream).unwrap();
    let memory = Memory::new();
    let contents = memory.contents();
    let fanout = fanout(vec![Box::new(output), Box::new(memory)]);
    for number in 0..GROUP * 2 {
        fanout.send(&numbered(number, 100));
    }
    // An outage of the service is no failure of the output.
    wait_until("the service", || monitor.stats().connection == ConnectionState::Connected);
    service.pause().unwrap();
    for number in GROUP * 2..GROUP * 4 {
        fanout.send(&numbered(number, 100));
    }
    wait_until("the outage to be noticed", || monitor.stats().failures > 0);
    assert_eq!(fanout.stats()[0].state, OutputState::Running);
    service.resume().unwrap();
    // The stream goes on in another size.
    fanout.change(stream(96, 80));
    for number in GROUP * 4..GROUP * 5 {
        fanout.send(&larger(number));
    }
    let (outputs, problems) = fanout.stop(PATIENCE);
    assert_eq!((outputs.len(), problems), (2, Vec::<String>::new()));
    assert_eq!(contents.units().len(), GROUP as usize * 5);
    assert_eq!(stored(&service).len(), GROUP as usize * 5);
    assert_eq!(playback(&service).fragments[0].tags, [("place".to_owned(), "yard".to_owned())]);
    assert_eq!(outputs[0].name(), format!("kvs {STREAM}"));
}

#[test]
fn a_stream_without_parameter_sets_is_a_failure_with_a_text_and_recovers_with_them() {
    let service = service().start().expect("a service");
    let fanout = fanout(vec![Box::new(producer(&service).build().unwrap())]);
    let bare = |number: u32| AccessUnit::new(vec![0, 0, 1, 0x65, 0x88], common::time_of(number), true);
    fanout.send(&bare(0));
    wait_until("the failure", || fanout.stats()[0].failures > 0);
    let error = fanout.stats()[0].last_error.clone().expect("there was one");
    assert!(error.contains("kvs yard: a key frame came without a sequence parameter set"), "{error}");
    wait_until("a key frame to be asked for", || fanout.key_frame_request().take());
    fanout.send(&numbered(GROUP, 0));
    wait_until("the unit", || fanout.stats()[0].units == 1);
    let (_, problems) = fanout.stop(PATIENCE);
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(stored(&service), [GROUP]);
}

#[test]
fn key_frames_are_asked_for_so_that_fragments_have_their_length() {
    let service = service().start().expect("a service");
    let fanout =
        fanout(vec![Box::new(producer(&service).fragment_duration(Duration::from_secs(3)).build().unwrap())]);
    let request = fanout.key_frame_request();
    let (mut next_key, mut millis) = (true, 0);
    // An encoder without an interval of its own.
    for number in 0..400 {
        let key = numbered(0, 0);
        let delta = numbered(1, 0);
        let unit = if next_key { key } else { delta };
        fanout.send(&AccessUnit::new(unit.data, Timestamp::from_millis(millis), next_key));
        wait_until("the unit to be taken", || fanout.stats()[0].units == number + 1);
        next_key = request.take();
        millis += 40;
    }
    let (_, problems) = fanout.stop(PATIENCE);
    assert_eq!(problems, Vec::<String>::new());
    let durations: Vec<_> = playback(&service).fragments.iter().map(|fragment| fragment.duration()).collect();
    assert_eq!(durations.len(), 6);
    assert!(durations[..5].iter().all(|duration| duration.as_millis() == 3000), "{durations:?}");
}

#[test]
fn an_output_that_ends_while_the_service_is_away_says_what_remains() {
    let service = service().start().expect("a service");
    service.pause().unwrap();
    let output = producer(&service).drain(Duration::from_millis(50)).build().unwrap();
    let fanout = fanout(vec![Box::new(output)]);
    fanout.send(&numbered(0, 0));
    let (_, problems) = fanout.stop(PATIENCE);
    let [problem] = &problems[..] else { panic!("{problems:?}") };
    assert!(problem.contains("1 fragments (") && problem.contains("cannot be reached"), "{problem}");
}
