//! The behaviour of a SkyLine: states, what put returns, isolation of outputs.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime};

use backpack_core::{Frame, PixelFormat, Timestamp};
use backpack_skyline::{
    Backoff, Event, Memory, OutputState, Put, PutError, QueueLimit, SizeChange, SkyLine, SkyLineBuilder,
    StartError, State, Subscription, VideoSpec,
};
use backpack_timepiece::Clock;
use common::{FakeEncoder, PATIENCE, Scripted, fps, frame_at, wait_until};

/// A stream of the frames that `frame_at` makes.
fn stream(encoder: FakeEncoder) -> SkyLineBuilder {
    SkyLine::builder().encoder(encoder).size(32, 16).frame_rate(fps(10))
}

fn millis(units: &[backpack_skyline::AccessUnit]) -> Vec<u128> {
    units.iter().map(|unit| unit.pts.elapsed().as_millis()).collect()
}

#[test]
fn frames_come_out_in_order_at_their_own_times_counted_from_the_first() {
    let memory = Memory::new();
    let contents = memory.contents();
    let mut sky = stream(FakeEncoder::default()).output(memory).queue(100).start().unwrap();
    for time in [5_000, 5_100, 5_250, 7_000] {
        assert_eq!(sky.put(frame_at(time)).unwrap(), Put::Queued);
    }
    sky.stop().unwrap();
    assert_eq!(millis(&contents.units()), [0, 100, 250, 2000]);
    assert!(contents.is_closed());
    assert_eq!(sky.put(frame_at(8_000)).unwrap(), Put::Stopped);
}

#[test]
fn frames_without_a_timestamp_take_the_clocks_and_the_first_is_the_anchor_in_wall_time() {
    let (clock, hands) = Clock::manual();
    let memory = Memory::new();
    let contents = memory.contents();
    let mut sky = stream(FakeEncoder::default()).output(memory).queue(100).clock(clock).start().unwrap();
    hands.advance(Duration::from_secs(3));
    let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(12 * 3600);
    hands.set_wall(noon);
    for _ in 0..3 {
        sky.put(Frame::black(32, 16, PixelFormat::Rgb8).unwrap()).unwrap();
        hands.advance(Duration::from_millis(103));
    }
    sky.stop().unwrap();
    assert_eq!(millis(&contents.units()), [0, 103, 206], "30 frames over 3.1 s last 3.1 s");
    assert_eq!(contents.streams()[0].started, noon);
}

#[test]
fn put_does_not_wait_for_a_stalled_encoder_but_drops_the_oldest_frame_and_counts() {
    let encoder = FakeEncoder::default();
    let memory = Memory::new();
    let contents = memory.contents();
    let mut sky = stream(encoder.clone()).output(memory).queue(3).start().unwrap();
    encoder.stalled.store(true, Ordering::Release);
    assert_eq!(sky.put(frame_at(0)).unwrap(), Put::Queued);
    wait_until("the encoder to be stuck", || encoder.entered.load(Ordering::Acquire) == 1);
    let outcomes: Vec<Put> = (1..20).map(|n| sky.put(frame_at(n * 100)).unwrap()).collect();
    assert_eq!(outcomes[..3], [Put::Queued; 3]);
    assert_eq!(outcomes[3..], [Put::Displaced; 16]);
    assert_eq!(sky.stats().dropped.displaced, 16);
    assert_eq!(sky.put_within(frame_at(2_500), Duration::from_millis(5)).unwrap(), Put::NoRoom);

    encoder.stalled.store(false, Ordering::Release);
    sky.stop().unwrap();
    assert_eq!(millis(&contents.units()), [0, 1700, 1800, 1900], "the newest frames are kept");
    let stats = sky.stats();
    assert_eq!(stats.frames, stats.units + stats.dropped.total(), "every frame is accounted for");
}

#[test]
fn a_stalled_output_drops_and_counts_while_the_others_get_everything() {
    let (mut stuck, _events) = Scripted::new("stuck");
    stuck.limit = QueueLimit { units: 5, bytes: 1 << 20 };
    let stalled = stuck.stalled.clone();
    stalled.store(true, Ordering::Release);
    let memory = Memory::new();
    let contents = memory.contents();
    let mut sky = stream(FakeEncoder::default()).output(stuck).output(memory).queue(200).start().unwrap();
    for n in 0..100 {
        sky.put(frame_at(n * 100)).unwrap();
    }
    assert!(contents.wait_for_units(100, PATIENCE), "the other output has everything although one is stuck");
    let stats = sky.stats();
    assert!(stats.outputs[0].dropped >= 90, "{stats:?}");
    assert_eq!((stats.outputs[1].dropped, stats.dropped.total()), (0, 0));
    stalled.store(false, Ordering::Release);
    sky.stop().unwrap();
    let stuck = &sky.stats().outputs[0];
    assert_eq!(stuck.units + stuck.dropped, 100);
}

#[test]
fn an_output_that_fails_is_closed_and_opened_again_at_a_key_frame() {
    let (output, events) = Scripted::new("cable");
    let failures = output.failures.clone();
    let mut sky = stream(FakeEncoder::default())
        .output(output)
        .queue(100)
        .retry(Backoff { initial: Duration::from_millis(1), max: Duration::from_millis(4) })
        .start()
        .unwrap();
    let mut next = 0;
    let mut put = |sky: &mut SkyLine| {
        next += 100;
        sky.put(frame_at(next)).unwrap();
    };
    put(&mut sky);
    assert_eq!(events.recv_timeout(PATIENCE).unwrap(), "open 32×16");
    assert_eq!(events.recv_timeout(PATIENCE).unwrap(), "key 0");
    failures.store(1, Ordering::Release);
    put(&mut sky);
    assert_eq!(events.recv_timeout(PATIENCE).unwrap(), "fail");
    assert_eq!(events.recv_timeout(PATIENCE).unwrap(), "close");
    wait_until("the failure to be counted", || sky.stats().outputs[0].failures == 1);
    assert_eq!(sky.stats().outputs[0].last_error.as_deref(), Some("the cable was pulled"));
    // The lane asks for a key frame when it is ready to begin again, so no group has to pass first.
    let deadline = Instant::now() + PATIENCE;
    let reopened = loop {
        assert!(Instant::now() < deadline, "the output was not opened again");
        put(&mut sky);
        if let Ok(event) = events.recv_timeout(Duration::from_millis(20)) {
            break event;
        }
    };
    assert_eq!(reopened, "open 32×16");
    assert!(events.recv_timeout(PATIENCE).unwrap().starts_with("key "));
    sky.stop().unwrap();
    assert_eq!(sky.stats().outputs[0].state, OutputState::Closed);
}

#[test]
fn nothing_is_lost_while_an_output_cannot_be_opened() {
    let (output, events) = Scripted::new("cable");
    output.refusals.store(5, Ordering::Release);
    let mut sky = stream(FakeEncoder::default())
        .output(output)
        .queue(100)
        .retry(Backoff { initial: Duration::from_millis(1), max: Duration::from_millis(4) })
        .start()
        .unwrap();
    for n in 0..30 {
        sky.put(frame_at(n * 100)).unwrap();
    }
    wait_until("the output to have everything", || sky.stats().outputs[0].units == 30);
    sky.stop().unwrap();
    let stats = &sky.stats().outputs[0];
    assert_eq!((stats.dropped, stats.failures), (0, 5));
    let written = events.try_iter().filter(|event| event.starts_with("key") || event.starts_with("unit"));
    assert_eq!(written.count(), 30);
}

#[test]
fn an_output_that_is_down_at_the_end_is_reported_and_does_not_hold_up_the_stop() {
    let (output, events) = Scripted::new("cable");
    output.failures.store(usize::MAX, Ordering::Release);
    let mut sky = stream(FakeEncoder::default())
        .output(output)
        .output(Memory::new())
        .retry(Backoff { initial: Duration::from_secs(3600), max: Duration::from_secs(3600) })
        .start()
        .unwrap();
    sky.put(frame_at(0)).unwrap();
    while events.recv_timeout(PATIENCE).unwrap() != "close" {}
    assert_eq!(sky.stop().unwrap_err().to_string(), "cable: the cable was pulled");
}

#[test]
fn an_output_that_cannot_work_keeps_the_stream_from_starting() {
    let (mut output, _events) = Scripted::new("cable");
    output.refuses = true;
    let error = SkyLine::builder().encoder(FakeEncoder::default()).output(output).start().err().unwrap();
    assert!(matches!(&error, StartError::Output { name, source }
        if name == "cable" && source.to_string() == "the disk is read-only"));
}

#[test]
fn an_encoder_that_cannot_be_opened_or_is_missing_is_an_error_of_the_start() {
    let encoder = FakeEncoder { refuses: true, ..FakeEncoder::default() };
    let error = stream(encoder).start().err().unwrap();
    assert_eq!(error.to_string(), "no H.264 encoder works here (fake: refuses)");
    assert!(matches!(SkyLine::builder().start(), Err(StartError::NoEncoder)));
    let tiny = SkyLine::builder().encoder(FakeEncoder::default()).size(8, 16).frame_rate(fps(10)).start();
    assert_eq!(
        tiny.err().unwrap().to_string(),
        "a stream of 8×16 pixels: each side must be from 16 to 16384"
    );
}

#[test]
fn the_rate_is_measured_over_the_first_frames_which_are_kept() {
    let encoder = FakeEncoder::default();
    let memory = Memory::new();
    let contents = memory.contents();
    let mut sky = SkyLine::builder().encoder(encoder.clone()).output(memory).start().unwrap();
    assert_eq!(sky.state(), State::Measuring);
    // A pause of five seconds is not part of the rate.
    let times = [0, 40, 80, 5_080, 5_120, 5_160, 5_200, 5_240];
    for time in times {
        assert_eq!(sky.put(frame_at(time)).unwrap(), Put::Measuring);
    }
    assert_eq!(sky.state(), State::Streaming);
    assert_eq!(sky.put(frame_at(5_280)).unwrap(), Put::Queued);
    sky.stop().unwrap();
    let spec = encoder.opened.lock().unwrap()[0];
    assert_eq!((spec.width, spec.height, spec.frame_rate), (32, 16, fps(25)));
    assert_eq!(contents.units().len(), 9);
}

#[test]
fn a_size_or_a_rate_alone_is_enough_to_start_with() {
    let encoder = FakeEncoder::default();
    let mut sky = SkyLine::builder().encoder(encoder.clone()).size(32, 16).start().unwrap();
    assert_eq!(sky.state(), State::Measuring);
    for n in 0..8 {
        sky.put_within(frame_at(n * 40), PATIENCE).unwrap();
    }
    sky.stop().unwrap();
    let mut sky = SkyLine::builder().encoder(encoder.clone()).frame_rate(fps(7)).start().unwrap();
    sky.put(frame_at(0)).unwrap();
    assert_eq!(sky.state(), State::Streaming);
    sky.stop().unwrap();
    let opened = encoder.opened.lock().unwrap().clone();
    let expected = [fps(25), fps(7)].map(|rate| VideoSpec::new(32, 16, rate));
    assert_eq!(opened, expected);
}

#[test]
fn a_rate_of_less_than_one_frame_a_second_is_measured_as_it_is() {
    let mut sky = SkyLine::builder().encoder(FakeEncoder::default()).output(Memory::new()).start().unwrap();
    for n in 0..8 {
        sky.put(frame_at(n * 2_500)).unwrap();
    }
    assert_eq!(sky.video().unwrap().frame_rate.hertz(), 0.4);
    sky.stop().unwrap();
}

#[test]
fn a_stream_shorter_than_the_warm_up_is_not_lost() {
    for frames in [1, 2, 5] {
        let memory = Memory::new();
        let contents = memory.contents();
        let mut sky = SkyLine::builder().encoder(FakeEncoder::default()).output(memory).start().unwrap();
        for n in 0..frames {
            sky.put(frame_at(n * 40)).unwrap();
        }
        sky.stop().unwrap();
        assert_eq!(contents.units().len() as u64, frames);
    }
}

#[test]
fn a_frame_of_another_size_is_refused_and_the_stream_goes_on() {
    let mut sky = SkyLine::builder().encoder(FakeEncoder::default()).output(Memory::new()).start().unwrap();
    sky.put(frame_at(0)).unwrap();
    let error = sky.put(Frame::black(64, 16, PixelFormat::Gray8).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "a frame of 64×16 pixels in a stream of 32×16");
    sky.put(frame_at(100)).unwrap();
    sky.stop().unwrap();
    assert_eq!((sky.stats().units, sky.stats().dropped.refused), (2, 1));
}

#[test]
fn a_stream_goes_on_in_another_size_as_a_new_segment_if_asked() {
    let encoder = FakeEncoder::default();
    let (output, events) = Scripted::new("a");
    let mut sky =
        stream(encoder.clone()).output(output).size_change(SizeChange::NewSegment).queue(9).start().unwrap();
    let large =
        |time| Frame::black(64, 32, PixelFormat::Gray8).unwrap().with_timestamp(Timestamp::from_millis(time));
    sky.put(frame_at(0)).unwrap();
    sky.put(frame_at(100)).unwrap();
    sky.put(large(200)).unwrap();
    sky.put(large(300)).unwrap();
    sky.put(frame_at(400)).unwrap();
    let error = sky.put(Frame::black(8, 8, PixelFormat::Gray8).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "a frame of 8×8 pixels: each side must be from 16 to 16384");
    sky.stop().unwrap();
    let events: Vec<_> = events.try_iter().collect();
    assert_eq!(
        events,
        [
            "open 32×16",
            "key 0",
            "unit 100",
            "close",
            "open 64×32",
            "key 200",
            "unit 300",
            "close",
            "open 32×16",
            "key 400",
            "close"
        ]
    );
    let sizes: Vec<_> =
        encoder.opened.lock().unwrap().iter().map(|video| (video.width, video.height)).collect();
    assert_eq!(sizes, [(32, 16), (64, 32), (32, 16)]);
}

#[test]
fn a_stream_starts_again_as_it_was_without_measuring() {
    let mut sky = SkyLine::builder().encoder(FakeEncoder::default()).output(Memory::new()).start().unwrap();
    let error = sky.start_as_before().unwrap_err();
    assert!(matches!(error, StartError::NothingBefore), "{error}");
    for n in 0..20 {
        sky.put_within(frame_at(n * 40), PATIENCE).unwrap();
    }
    sky.stop().unwrap();
    sky.start_as_before().unwrap();
    assert_eq!(sky.state(), State::Streaming);
    let video = sky.video().unwrap();
    assert_eq!((video.width, video.height, video.frame_rate), (32, 16, fps(25)));
    sky.stop().unwrap();
}

#[test]
fn a_borrowed_frame_is_taken_in_and_can_be_used_on() {
    let memory = Memory::new();
    let contents = memory.contents();
    let mut sky = stream(FakeEncoder::default()).output(memory).start().unwrap();
    let mut frame = frame_at(0);
    sky.put(&frame).unwrap();
    frame.view_mut().plane_mut(0).row_mut(0).fill(77);
    sky.put(frame.view().with_timestamp(Timestamp::from_millis(40))).unwrap();
    sky.stop().unwrap();
    let first_pixels: Vec<u8> = contents.units().iter().map(|unit| unit.data[0]).collect();
    assert_eq!(first_pixels, [0, 77]);
}

#[test]
fn an_output_can_be_added_to_a_running_stream_and_taken_out_again() {
    let (first, second) = (Memory::new(), Scripted::new("second"));
    let always = first.contents();
    let (output, listener) = second;
    let mut sky = stream(FakeEncoder::default()).output(first).queue(9).start().unwrap();
    for n in 0..3 {
        sky.put_within(frame_at(n * 100), PATIENCE).unwrap();
    }
    assert!(always.wait_for_units(3, PATIENCE));
    sky.add_output(output).unwrap();
    for n in 3..6 {
        sky.put_within(frame_at(n * 100), PATIENCE).unwrap();
    }
    assert!(always.wait_for_units(6, PATIENCE));
    assert_eq!(sky.stats().outputs.len(), 2);
    let removed = sky.remove_output("second").unwrap();
    assert!(sky.remove_output("second").is_none());
    assert_eq!(removed.wait(PATIENCE).unwrap().name(), "second");
    sky.put(frame_at(600)).unwrap();
    sky.stop().unwrap();
    assert_eq!(always.units().len(), 7);
    let events: Vec<_> = listener.try_iter().collect();
    assert_eq!(events, ["open 32×16", "key 300", "unit 400", "unit 500", "close"]);
    // What was taken out is not missed.
    sky.start_again().unwrap();
    sky.stop().unwrap();
}

#[test]
fn outputs_that_are_added_before_the_first_frame_get_everything() {
    let late = Memory::new();
    let contents = late.contents();
    let mut sky = stream(FakeEncoder::default()).start().unwrap();
    sky.add_output(late).unwrap();
    sky.put(frame_at(0)).unwrap();
    sky.stop().unwrap();
    assert_eq!(contents.units().len(), 1);
    let (mut refusing, _listener) = Scripted::new("disk");
    refusing.refuses = true;
    let error = sky.add_output(refusing).unwrap_err();
    assert_eq!(error.to_string(), "output disk");
    sky.add_output(Memory::new()).unwrap();
    sky.start_again().unwrap();
    assert_eq!(sky.stats().outputs.len(), 2);
    sky.stop().unwrap();
}

fn heard(subscription: &Subscription) -> Vec<Event> {
    std::iter::from_fn(|| subscription.try_next()).collect()
}

#[test]
fn whoever_subscribes_hears_of_states_encoder_and_outputs_in_order() {
    let (output, _listener) = Scripted::new("cloud");
    output.failures.store(1, Ordering::Release);
    let backoff = Backoff { initial: Duration::from_millis(1), max: Duration::from_millis(1) };
    let mut sky = stream(FakeEncoder::default()).output(output).retry(backoff).start().unwrap();
    let events = sky.subscribe();
    sky.put(frame_at(0)).unwrap();
    wait_until("the failure", || sky.stats().outputs[0].failures == 1);
    sky.request_key_frame();
    sky.put(frame_at(100)).unwrap();
    wait_until("the output to be back", || sky.stats().outputs[0].units == 1);
    assert_eq!(sky.stats().outputs[0].reconnects, 1);
    sky.stop().unwrap();
    let name = || "cloud".to_owned();
    let opened = Event::OutputOpened { output: name() };
    let failed = Event::OutputFailed {
        output: name(),
        error: "the cable was pulled".into(),
        retry_in: Duration::from_millis(1),
    };
    let all = heard(&events);
    assert!(
        matches!(&all[0], Event::EncoderOpened { encoder, width: 32, height: 16, .. } if encoder == "fake"),
        "{all:?}"
    );
    let closed = Event::OutputClosed { output: name() };
    let rest = [
        Event::State(State::Streaming),
        opened.clone(),
        failed,
        opened,
        closed,
        Event::State(State::Stopped),
    ];
    assert_eq!(all[1..], rest);

    sky.start_again().unwrap();
    assert!(matches!(heard(&events)[..], [Event::EncoderOpened { .. }, Event::State(State::Streaming)]));
    sky.stop().unwrap();
}

#[test]
fn the_reason_of_a_failure_is_an_event() {
    let encoder = FakeEncoder { fails_at: Some(1), ..FakeEncoder::default() };
    let mut sky = stream(encoder).output(Memory::new()).start().unwrap();
    let events = sky.subscribe();
    sky.put(frame_at(0)).unwrap();
    let failed = State::Failed("encoder fake: out of luck".into());
    let deadline = Instant::now() + PATIENCE;
    while events.next_within(PATIENCE) != Some(Event::State(failed.clone())) {
        assert!(Instant::now() < deadline);
    }
}

#[test]
fn latency_bit_rate_and_lag_are_measured() {
    let (clock, hands) = Clock::manual();
    let encoder = FakeEncoder::default();
    let (output, _listener) = Scripted::new("slow");
    let stalled = output.stalled.clone();
    let mut sky = stream(encoder.clone()).output(output).clock(clock).queue(9).start().unwrap();
    sky.put(frame_at(0)).unwrap();
    wait_until("the first unit", || sky.stats().outputs[0].units == 1);
    assert_eq!(sky.stats().latency, Some(Duration::ZERO));
    encoder.stalled.store(true, Ordering::Release);
    stalled.store(true, Ordering::Release);
    sky.put(frame_at(500)).unwrap();
    wait_until("the encoder to be busy", || encoder.entered.load(Ordering::Acquire) == 2);
    hands.advance(Duration::from_millis(30));
    encoder.stalled.store(false, Ordering::Release);
    wait_until("the second unit", || sky.stats().units == 2);
    let stats = sky.stats();
    assert_eq!(stats.latency, Some(Duration::from_millis(15)));
    assert_eq!(stats.longest_latency, Some(Duration::from_millis(30)));
    assert_eq!(stats.bits_per_second, 16, "one byte in half a second");
    assert_eq!(stats.outputs[0].lag, Duration::from_millis(500));
    stalled.store(false, Ordering::Release);
    wait_until("the output to catch up", || sky.stats().outputs[0].lag.is_zero());
    sky.stop().unwrap();
}

#[test]
fn an_encoder_that_cannot_change_its_bit_rate_goes_on_and_says_so() {
    let mut sky = stream(FakeEncoder::default()).output(Memory::new()).start().unwrap();
    let events = sky.subscribe();
    sky.set_bitrate_kbps(500);
    sky.put(frame_at(0)).unwrap();
    sky.stop().unwrap();
    let reason = "encoder fake: cannot change its bit rate while it runs".to_owned();
    assert!(heard(&events).contains(&Event::BitrateRefused { reason }));
    assert_eq!(sky.stats().units, 1);
}

#[test]
fn a_frame_that_is_not_later_than_the_one_before_is_dropped() {
    let mut sky = SkyLine::builder().encoder(FakeEncoder::default()).output(Memory::new()).start().unwrap();
    sky.put(frame_at(100)).unwrap();
    assert_eq!(sky.put(frame_at(100)).unwrap(), Put::NotLater);
    assert_eq!(sky.put(frame_at(50)).unwrap(), Put::NotLater);
    assert_eq!(sky.put(frame_at(101)).unwrap(), Put::Measuring);
    assert_eq!(sky.stats().dropped.not_later, 2);
}

#[test]
fn a_stream_can_be_stopped_and_started_any_number_of_times() {
    let memory = Memory::new();
    let contents = memory.contents();
    let mut sky = stream(FakeEncoder::default()).output(memory).start().unwrap();
    for round in 1..=3 {
        sky.put(frame_at(round * 1000)).unwrap();
        assert!(matches!(sky.start_again(), Err(StartError::Running)));
        sky.stop().unwrap();
        assert_eq!(sky.state(), State::Stopped);
        assert_eq!(contents.streams().len() as u64, round);
        sky.start_again().unwrap();
    }
    assert_eq!(millis(&contents.units()), [0, 0, 0]);
    sky.stop().unwrap();
    sky.stop().unwrap();
}

#[test]
fn a_failed_encoder_is_told_by_put_finishes_the_outputs_and_can_be_started_again() {
    let encoder = FakeEncoder { fails_at: Some(3), ..FakeEncoder::default() };
    let memory = Memory::new();
    let contents = memory.contents();
    let mut sky = stream(encoder).output(memory).start().unwrap();
    for n in 0..3 {
        sky.put(frame_at(n)).unwrap();
    }
    wait_until("the failure", || matches!(sky.state(), State::Failed(_)));
    let error = sky.put(frame_at(9)).unwrap_err();
    assert_eq!(error, PutError::Failed("encoder fake: out of luck".into()));
    wait_until("the output to be closed", || contents.is_closed());
    assert_eq!(contents.units().len(), 2);
    sky.start_again().unwrap();
    sky.put(frame_at(10)).unwrap();
    sky.stop().unwrap();
    assert_eq!(contents.units().len(), 3);
}

#[test]
fn an_encoder_that_panics_fails_the_stream_and_the_outputs_end_in_order() {
    let encoder = FakeEncoder { panics_at: Some(3), ..FakeEncoder::default() };
    let memory = Memory::new();
    let contents = memory.contents();
    let mut sky = stream(encoder).output(memory).start().unwrap();
    for n in 0..3 {
        sky.put(frame_at(n)).unwrap();
    }
    wait_until("the failure", || matches!(sky.state(), State::Failed(_)));
    assert_eq!(sky.stop().unwrap_err().to_string(), "the encoder's thread panicked");
    assert_eq!((contents.units().len(), contents.is_closed()), (2, true));
    sky.start_again().unwrap();
}

#[test]
fn a_stream_that_hangs_is_given_up_with_its_outputs_ended_in_order() {
    let encoder = FakeEncoder::default();
    let memory = Memory::new();
    let contents = memory.contents();
    let mut sky = stream(encoder.clone()).output(memory).patience(Duration::from_millis(50)).start().unwrap();
    sky.put(frame_at(0)).unwrap();
    assert!(contents.wait_for_units(1, PATIENCE));
    encoder.stalled.store(true, Ordering::Release);
    sky.put(frame_at(100)).unwrap();
    wait_until("the encoder to be stuck", || encoder.entered.load(Ordering::Acquire) == 2);
    let problem = sky.stop().unwrap_err().to_string();
    assert!(problem.starts_with("the encoder did not end within"), "{problem}");
    assert!(contents.is_closed());
    encoder.stalled.store(false, Ordering::Release);
    sky.start_again().unwrap();
}

#[test]
fn an_output_that_hangs_is_given_up_and_missed_at_the_next_start() {
    let (output, _events) = Scripted::new("cable");
    let stalled = output.stalled.clone();
    stalled.store(true, Ordering::Release);
    let mut sky = stream(FakeEncoder::default())
        .output(output)
        .output(Memory::new())
        .patience(Duration::from_millis(50))
        .start()
        .unwrap();
    sky.put(frame_at(0)).unwrap();
    assert_eq!(sky.stop().unwrap_err().to_string(), "cable: did not end in time and was given up");
    assert!(matches!(sky.start_again(), Err(StartError::OutputLost { names }) if names == ["cable"]));
    stalled.store(false, Ordering::Release);
}

#[test]
fn a_stream_that_was_never_fed_ends_without_an_encoder() {
    let encoder = FakeEncoder { refuses: true, ..FakeEncoder::default() };
    let mut sky = SkyLine::builder().encoder(encoder).output(Memory::new()).size(32, 16).start().unwrap();
    assert_eq!(sky.stats().outputs[0].name, "memory");
    sky.stop().unwrap();
}

#[test]
fn whoever_would_rather_wait_than_lose_a_frame_waits_for_the_outputs_too() {
    let (mut slow, events) = Scripted::new("slow");
    slow.limit = QueueLimit { units: 8, bytes: 1 << 20 };
    let mut sky = stream(FakeEncoder::default()).output(slow).queue(1).start().unwrap();
    for n in 0..200 {
        assert_eq!(sky.put_within(frame_at(n), PATIENCE).unwrap(), Put::Queued);
    }
    sky.stop().unwrap();
    assert_eq!(sky.stats().outputs[0].dropped, 0);
    assert_eq!(
        events.try_iter().filter(|event| event.starts_with("key") || event.starts_with("unit")).count(),
        200
    );
}

#[test]
fn dropping_a_running_stream_closes_its_outputs() {
    let memory = Memory::new();
    let contents = memory.contents();
    let mut sky = stream(FakeEncoder::default()).output(memory).start().unwrap();
    sky.put(frame_at(0)).unwrap();
    drop(sky);
    assert_eq!((contents.units().len(), contents.is_closed()), (1, true));
}
