//! What goes wrong between a producer and the service, and what is stored in the end.
// Helpers of tests may unwrap: a test that cannot go on has failed.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use backpack_kvs::credentials::{Credentials, CredentialsError, ProvideCredentials, future};
use backpack_kvs::{Event, Producer, ProducerStats, Spool, Video};
use backpack_kvs_local::{
    AckChunks, Cut, CutAt, CutHow, ErrorId, Faults, FragmentError, LocalKvs, LostAcks, Operation,
    RandomErrors, Refuse,
};
use backpack_skyline::{Backoff, Codec};
use backpack_timepiece::{Clock, ManualClock};
use common::{
    GROUP, KEY, PATIENCE, RATE, SECRET, STREAM, assert_nothing_lost, heard, numbered, playback, producer,
    service, stored, wait_until,
};

const INTERVAL: Duration = Duration::from_nanos(1_000_000_000 / RATE as u64);

/// Changes some faults.
fn faults(change: impl FnOnce(&mut Faults)) -> Faults {
    let mut faults = Faults::default();
    change(&mut faults);
    faults
}

fn video(clock: &Clock) -> Video {
    Video::byte_stream(Codec::H264).started(clock.wall())
}

/// Puts so many seconds of pictures, and lets their time pass.
struct Camera {
    time: ManualClock,
    next: u32,
}

impl Camera {
    fn run(&mut self, producer: &Producer, seconds: u32) {
        for _ in 0..seconds * RATE {
            producer.put(&numbered(self.next, 40)).unwrap();
            self.next += 1;
            self.time.advance(INTERVAL);
        }
    }
}

/// The fragments were stored in their order, each one's first time counted.
fn assert_order(service: &LocalKvs) {
    let mut seen = BTreeSet::new();
    for record in service.acks(STREAM) {
        let Some(fragment) = record.ack.fragment().filter(|_| record.ack.event_type() == "PERSISTED") else {
            continue;
        };
        let is_next = seen.last().is_none_or(|last| fragment.timecode > *last);
        assert!(is_next || seen.contains(&fragment.timecode), "{} is out of order", fragment.timecode);
        seen.insert(fragment.timecode);
    }
}

/// Everything was stored, once or, where an acknowledgement was lost, more often.
fn assert_all_stored(service: &LocalKvs, stats: &ProducerStats, count: u32) {
    assert_nothing_lost(stats);
    assert_eq!(stored(service), (0..count).collect::<Vec<_>>());
    assert!(playback(service).replaced <= stats.resent, "{stats:?}");
    assert_order(service);
}

fn outage_of(seconds: u32) {
    let (clock, time) = Clock::manual();
    let service = service().clock(clock.clone()).start().expect("a service");
    let backoff = Backoff::default();
    let producer =
        producer(&service).clock(clock.clone()).video(video(&clock)).backoff(backoff).start().unwrap();
    let events = producer.events();
    let mut camera = Camera { time, next: 0 };
    camera.run(&producer, 5);
    assert!(service.wait_until(PATIENCE, |service| {
        service.playback(STREAM).is_some_and(|play| !play.fragments.is_empty())
    }));
    service.pause().unwrap();
    for second in 0..seconds {
        camera.run(&producer, 1);
        // So that attempts are made throughout.
        if second % 60 == 0 {
            let failures = producer.stats().failures;
            wait_until("an attempt", || producer.stats().failures > failures || second == 0);
        }
    }
    let most = producer.stats().backlog_bytes;
    service.resume().unwrap();
    camera.run(&producer, 5);
    wait_until("the connection", || {
        camera.time.advance(Duration::from_millis(100));
        producer.stats().reconnects > 0
    });
    producer.flush(PATIENCE).unwrap();
    let stats = producer.stats();
    producer.shutdown(PATIENCE).unwrap();
    assert_all_stored(&service, &stats, camera.next);
    assert!(most <= 64 << 20 && stats.failures <= u64::from(seconds) * 4 + 10, "{most} bytes, {stats:?}");
    let mut failures = 0;
    for event in heard(&events) {
        match event {
            Event::Failed { retry_in, .. } => {
                failures += 1;
                let wait = backoff.wait(failures);
                assert!((wait / 2..=wait).contains(&retry_in), "{retry_in:?} after failure {failures}");
            }
            Event::Persisted { .. } => failures = 0,
            _ => {}
        }
    }
}

#[test]
fn five_seconds_without_the_service_lose_nothing() {
    outage_of(5);
}

#[test]
fn a_minute_without_the_service_loses_nothing() {
    outage_of(60);
}

#[test]
fn ten_minutes_without_the_service_lose_nothing() {
    outage_of(600);
}

#[test]
fn a_connection_that_is_cut_a_hundred_times_loses_nothing() {
    for (how, at) in [(CutHow::Reset, 0), (CutHow::Finish, 1)] {
        let cut = Cut::new(CutAt::Fragment(at), how).times(100);
        let service = service().faults(faults(|faults| faults.cuts = vec![cut])).start().expect("a service");
        let backoff = Backoff { initial: Duration::from_millis(1), max: Duration::from_millis(4) };
        let producer = producer(&service).backoff(backoff).video(video(&Clock::system())).start().unwrap();
        (0..GROUP * 110).for_each(|number| producer.put(&numbered(number, 100)).unwrap());
        producer.flush(PATIENCE).unwrap();
        let stats = producer.stats();
        producer.shutdown(PATIENCE).unwrap();
        assert_eq!(stats.failures, 100, "{stats:?}");
        assert_all_stored(&service, &stats, GROUP * 110);
    }
}

/// Temporary credentials that the service learns of when they are made.
#[derive(Debug)]
struct Tokens {
    clock: Clock,
    life: Duration,
    service: Arc<LocalKvs>,
    made: Mutex<Vec<backpack_kvs_local::Credentials>>,
    /// When the newest one ends.
    expiry: Mutex<Option<SystemTime>>,
    /// So many attempts fail.
    failures: Mutex<u32>,
}

impl Tokens {
    fn count(&self) -> usize {
        self.made.lock().unwrap().len()
    }

    /// Whether the newest token is in the last fifth of its life.
    fn is_due(&self) -> bool {
        self.expiry.lock().unwrap().is_some_and(|expiry| self.clock.wall() + self.life / 5 >= expiry)
    }

    fn make(&self) -> Result<Credentials, CredentialsError> {
        let mut failures = self.failures.lock().unwrap();
        if *failures > 0 {
            *failures -= 1;
            return Err(CredentialsError::provider_error("the credentials endpoint is down"));
        }
        let mut made = self.made.lock().unwrap();
        let token = format!("the-session-token-{}", made.len());
        let expiry = self.clock.wall() + self.life;
        *self.expiry.lock().unwrap() = Some(expiry);
        made.push(backpack_kvs_local::Credentials::new(KEY, SECRET).with_token(&token, expiry));
        // The service keeps what is valid now.
        let kept: Vec<_> = made.iter().rev().take(3).cloned().collect();
        self.service.set_credentials(kept);
        Ok(Credentials::new(KEY, SECRET, Some(token), Some(expiry), "tokens"))
    }
}

#[derive(Debug, Clone)]
struct Provider(Arc<Tokens>);

impl ProvideCredentials for Provider {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(self.0.make())
    }
}

fn tokens(service: &Arc<LocalKvs>, clock: &Clock, life: Duration) -> Arc<Tokens> {
    Arc::new(Tokens {
        clock: clock.clone(),
        life,
        service: Arc::clone(service),
        made: Mutex::default(),
        expiry: Mutex::default(),
        failures: Mutex::default(),
    })
}

/// Runs a camera for so many seconds, while the service keeps up.
fn run_in_step(camera: &mut Camera, producer: &Producer, seconds: u32) {
    for _ in 0..seconds {
        camera.run(producer, 1);
        wait_until("the service to keep up", || producer.stats().lag <= Duration::from_secs(3));
    }
}

/// Runs a camera until that holds, while the service keeps up.
fn run_until(camera: &mut Camera, producer: &Producer, holds: impl Fn(&ProducerStats) -> bool) {
    wait_until("the camera to run for long enough", || {
        run_in_step(camera, producer, 1);
        holds(&producer.stats())
    });
}

#[test]
fn a_token_that_ends_every_ten_seconds_leaves_no_gap_and_no_duplicate() {
    let (clock, time) = Clock::manual();
    let service = Arc::new(service().clock(clock.clone()).start().expect("a service"));
    let tokens = tokens(&service, &clock, Duration::from_secs(10));
    let producer = producer(&service)
        .clock(clock.clone())
        .video(video(&clock))
        .credentials(Provider(Arc::clone(&tokens)))
        .start()
        .unwrap();
    let events = producer.events();
    let mut camera = Camera { time, next: 0 };
    run_in_step(&mut camera, &producer, 1);
    for round in 0..6 {
        let (made, connections) = (tokens.count(), producer.stats().connections);
        // Once the endpoint is away for a moment, which the token at hand outlives.
        *tokens.failures.lock().unwrap() = u32::from(round == 2);
        while !tokens.is_due() {
            run_in_step(&mut camera, &producer, 1);
        }
        if round == 2 {
            wait_until("a failure", || *tokens.failures.lock().unwrap() == 0);
            run_in_step(&mut camera, &producer, 1);
        }
        wait_until("a new token", || {
            camera.time.advance(Duration::from_millis(1));
            tokens.count() > made
        });
        run_until(&mut camera, &producer, |stats| stats.connections > connections);
    }
    producer.flush(PATIENCE).unwrap();
    let stats = producer.stats();
    producer.shutdown(PATIENCE).unwrap();
    assert_all_stored(&service, &stats, camera.next);
    assert_eq!((stats.failures, stats.resent, playback(&service).replaced), (0, 0, 0), "{stats:?}");
    assert!(stats.connections >= 6, "{stats:?}");
    let failed = |event: &Event| matches!(event, Event::CredentialsFailed { error } if error.contains("endpoint is down"));
    assert!(heard(&events).iter().any(failed));
}

#[test]
fn a_connection_that_grows_old_is_followed_by_another_without_a_gap() {
    let (clock, time) = Clock::manual();
    let mut limits = backpack_kvs_local::Limits::default();
    limits.connection_lifetime = Duration::from_secs(3600);
    let service = service().clock(clock.clone()).limits(limits).start().expect("a service");
    let age = Duration::from_secs(7);
    let producer =
        producer(&service).clock(clock.clone()).video(video(&clock)).connection_age(age).start().unwrap();
    let mut camera = Camera { time, next: 0 };
    for connections in 2..5 {
        run_until(&mut camera, &producer, |stats| stats.connections == connections);
    }
    producer.flush(PATIENCE).unwrap();
    let stats = producer.stats();
    producer.shutdown(PATIENCE).unwrap();
    assert_all_stored(&service, &stats, camera.next);
    assert_eq!((stats.failures, stats.resent), (0, 0), "{stats:?}");
    assert!(stats.connections >= 4, "{stats:?}");
}

/// Sends so many fragments while fragments get these errors; what is missing in the end must have been set aside.
fn with_errors(faults: Faults, fragments: u32) -> (Vec<Event>, ProducerStats) {
    let service = service().faults(faults).start().expect("a service");
    let backoff = Backoff { initial: Duration::from_millis(1), max: Duration::from_millis(8) };
    let producer = producer(&service).backoff(backoff).video(video(&Clock::system())).start().unwrap();
    let events = producer.events();
    (0..GROUP * fragments).for_each(|number| producer.put(&numbered(number, 100)).unwrap());
    producer.flush(PATIENCE).unwrap();
    let stats = producer.stats();
    producer.shutdown(PATIENCE).unwrap();
    let events = heard(&events);
    assert_accounted(&service, &events, &stats, GROUP * fragments);
    (events, stats)
}

/// Every picture is stored, or in a fragment that was set aside.
fn assert_accounted(service: &LocalKvs, events: &[Event], stats: &ProducerStats, count: u32) {
    let stored: BTreeSet<_> = stored(service).into_iter().collect();
    let missing: BTreeSet<_> =
        (0..count).filter(|number| !stored.contains(number)).map(|number| number / GROUP).collect();
    let set_aside = events.iter().filter(|event| matches!(event, Event::SetAside { .. })).count();
    assert_eq!((missing.len(), stats.fragments.set_aside as usize), (set_aside, set_aside), "{stats:?}");
    assert_eq!((stats.fragments.dropped, stats.backlog_bytes), (0, 0), "{stats:?}");
    assert!(playback(service).replaced <= stats.resent, "{stats:?}");
    assert_order(service);
}

#[test]
fn a_fragment_that_is_refused_again_is_set_aside_and_the_rest_goes_on() {
    // The first two errors are for the same fragment, as it is sent again on its own.
    let error = FragmentError::new(None, ErrorId::InvalidMkv).times(2);
    let (events, stats) = with_errors(faults(|faults| faults.errors = vec![error]), 10);
    assert_eq!(stats.fragments.set_aside, 1);
    let refused =
        |event: &&Event| matches!(event, Event::Refused { error: backpack_kvs::ErrorId::InvalidMkv, .. });
    assert_eq!(events.iter().filter(refused).count(), 2);
}

#[test]
fn a_fragment_that_is_refused_once_is_not_lost() {
    for id in [ErrorId::InvalidMkv, ErrorId::FragmentTimecode, ErrorId::Internal, ErrorId::KmsKeyDisabled] {
        let error = FragmentError::new(2, id).times(1);
        let (_, stats) = with_errors(
            faults(|faults| {
                faults.errors = vec![error];
                faults.ack_form.double_errors = true;
            }),
            10,
        );
        assert_nothing_lost(&stats);
        assert_eq!(stats.failures, 1, "{id:?}");
    }
}

#[test]
fn random_errors_lose_only_what_is_set_aside() {
    for seed in 0..4 {
        let ids = [ErrorId::FragmentTimecode, ErrorId::InvalidMkv, ErrorId::Internal, ErrorId::Archival];
        let random = RandomErrors::new(0.2, ids, seed);
        with_errors(faults(|faults| faults.random_errors = Some(random)), 60);
    }
}

#[test]
fn acknowledgements_may_be_split_and_joined_in_any_way() {
    let forms = (1..130).map(AckChunks::SplitAt).chain([
        AckChunks::Bytes,
        AckChunks::Joined(3),
        AckChunks::Joined(9),
    ]);
    let service = service().start().expect("a service");
    let producer = producer(&service).video(video(&Clock::system())).start().unwrap();
    let mut next = 0;
    for chunks in forms {
        service.update_faults(|faults| {
            faults.ack_form.chunks = chunks;
            faults.ack_form.without_newlines = next % 2 == 0;
        });
        (0..GROUP).for_each(|number| producer.put(&numbered(next + number, 0)).unwrap());
        next += GROUP;
        producer.flush(PATIENCE).unwrap_or_else(|error| panic!("{chunks:?}: {error}"));
    }
    let stats = producer.stats();
    producer.shutdown(PATIENCE).unwrap();
    assert_eq!((stats.failures, stats.resent), (0, 0), "{stats:?}");
    assert_all_stored(&service, &stats, next);
}

#[test]
fn a_service_that_takes_nothing_or_says_nothing_is_left() {
    let cases = [
        faults(|faults| faults.black_hole = true),
        faults(|faults| faults.lost_acks = LostAcks::All),
        faults(|faults| faults.lost_acks = LostAcks::Persisted),
    ];
    for faults in cases {
        let service = service().faults(faults.clone()).start().expect("a service");
        let producer = producer(&service)
            .acknowledgement_timeout(Duration::from_secs(1))
            .video(video(&Clock::system()))
            .start()
            .unwrap();
        (0..GROUP * 3).for_each(|number| producer.put(&numbered(number, 100_000)).unwrap());
        wait_until("the failure", || producer.stats().failures > 0);
        let error = producer.stats().last_error.unwrap();
        assert!(error.contains("did not answer") || error.contains("no answer"), "{error}");
        service.set_faults(Faults::default());
        producer.flush(PATIENCE).unwrap();
        let stats = producer.stats();
        producer.shutdown(PATIENCE).unwrap();
        assert_all_stored(&service, &stats, GROUP * 3);
    }
}

#[test]
fn a_clock_that_is_wrong_is_corrected_by_the_service_s() {
    for offset in [7200, -7200] {
        let service =
            service().faults(faults(|faults| faults.clock_offset = offset)).start().expect("a service");
        let producer = producer(&service).start().unwrap();
        producer.put(&numbered(0, 0)).unwrap();
        producer.flush(PATIENCE).unwrap();
        assert_eq!(producer.stats().failures, 1, "{:?}", producer.stats());
        producer.shutdown(PATIENCE).unwrap();
    }
}

#[test]
fn requests_that_are_refused_are_made_again() {
    let refusals = [
        Refuse::new(Operation::DescribeStream, 429, "ClientLimitExceededException"),
        Refuse::new(Operation::GetDataEndpoint, 500, "InternalFailure"),
        Refuse::new(Operation::PutMedia, 400, "InvalidEndpointException"),
        Refuse::new(Operation::PutMedia, 400, "ConnectionLimitExceededException"),
        Refuse::new(Operation::PutMedia, 401, "NotAuthorizedException"),
        Refuse::new(Operation::PutMedia, 404, "ResourceNotFoundException"),
    ];
    let refusals = refusals.map(|refusal| refusal.times(1)).to_vec();
    let service = service().faults(faults(|faults| faults.refusals = refusals)).start().expect("a service");
    let producer = producer(&service).start().unwrap();
    let events = producer.events();
    producer.put(&numbered(0, 0)).unwrap();
    producer.flush(PATIENCE).unwrap();
    let stats = producer.stats();
    producer.shutdown(PATIENCE).unwrap();
    assert_eq!(stats.failures, 6, "{:?}", heard(&events));
    assert_nothing_lost(&stats);
    let asked =
        |operation| service.requests().iter().filter(|request| request.operation == Some(operation)).count();
    // The address is asked for again after an error that is about it; the stream, after it was missing.
    assert_eq!(asked(Operation::GetDataEndpoint), 1 + 1 + 1 + 1 + 1);
    assert_eq!(asked(Operation::DescribeStream), 1 + 1 + 1);
}

#[test]
fn a_camera_that_pauses_has_its_last_fragment_persisted_and_no_connection_is_held() {
    let (clock, time) = Clock::manual();
    let service = service().clock(clock.clone()).start().expect("a service");
    let producer = producer(&service).clock(clock.clone()).video(video(&clock)).start().unwrap();
    let mut camera = Camera { time, next: 0 };
    camera.run(&producer, 2);
    assert!(service.wait_until(PATIENCE, |service| service.connections(STREAM) == 1));
    camera.time.advance(Duration::from_secs(21));
    wait_until("the last fragment", || producer.stats().fragments.persisted == 2);
    assert!(service.wait_until(PATIENCE, |service| service.connections(STREAM) == 0));
    camera.next += 21 * RATE;
    camera.next = camera.next.next_multiple_of(GROUP);
    let first = camera.next;
    camera.run(&producer, 1);
    producer.flush(PATIENCE).unwrap();
    assert_eq!(stored(&service), (0..50).chain(first..first + 25).collect::<Vec<_>>());
    assert_eq!(producer.stats().failures, 0);
    producer.shutdown(PATIENCE).unwrap();
}

/// Numbers that look random and come again with the seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn random_faults(random: &mut Random) -> Faults {
    faults(|faults| {
        if random.below(2) == 0 {
            let range = 200..200 + random.below(60_000) + 1;
            let at = CutAt::RandomBytes { range, seed: random.below(1 << 30) };
            let how = if random.below(2) == 0 { CutHow::Reset } else { CutHow::Finish };
            faults.cuts.push(Cut::new(at, how).times(1 + random.below(5)));
        }
        if random.below(2) == 0 {
            let ids =
                [ErrorId::FragmentTimecode, ErrorId::InvalidMkv, ErrorId::Internal, ErrorId::StreamRead];
            let probability = random.below(30) as f64 / 100.0;
            faults.random_errors = Some(RandomErrors::new(probability, ids, random.below(1 << 30)));
        }
        if random.below(3) == 0 {
            let names =
                ["ConnectionLimitExceededException", "InternalFailure", "ClientLimitExceededException"];
            let status = [400, 500, 429];
            let which = random.below(3) as usize;
            let operation = [Operation::PutMedia, Operation::GetDataEndpoint][random.below(2) as usize];
            faults
                .refusals
                .push(Refuse::new(operation, status[which], names[which]).times(1 + random.below(3)));
        }
        faults.latency = Duration::from_millis(random.below(20));
        faults.store_delay = Duration::from_millis(random.below(30));
        faults.ack_form.without_newlines = random.below(2) == 0;
        faults.ack_form.double_errors = random.below(2) == 0;
        faults.ack_form.chunks = match random.below(4) {
            0 => AckChunks::Bytes,
            1 => AckChunks::SplitAt(1 + random.below(100) as usize),
            2 => AckChunks::Joined(1 + random.below(6) as usize),
            _ => AckChunks::One,
        };
    })
}

fn randomly_disturbed(seed: u64) {
    let mut random = Random(seed);
    let service = service().tls(random.below(4) == 0).start().expect("a service");
    let backoff = Backoff { initial: Duration::from_millis(1), max: Duration::from_millis(10) };
    let folder = common::folder("random");
    let spool = match random.below(2) {
        0 => Spool::disk(&folder, 1 << 30).memory_limit(1 << 20).sync(false),
        _ => Spool::default(),
    };
    let producer = producer(&service)
        .backoff(backoff)
        .video(video(&Clock::system()))
        .spool(spool)
        .connection_age(Duration::from_secs(1))
        .start()
        .unwrap();
    let events = producer.events();
    let mut next = 0;
    for _ in 0..4 + random.below(4) {
        service.set_faults(random_faults(&mut random));
        let is_away = random.below(4) == 0;
        if is_away {
            service.pause().unwrap();
        }
        for _ in 0..GROUP * (1 + random.below(15) as u32) {
            producer.put(&numbered(next, random.below(4000) as usize)).unwrap();
            next += 1;
        }
        if is_away {
            service.resume().unwrap();
        }
        if random.below(3) == 0 {
            service.disconnect(CutHow::Reset).unwrap();
        }
    }
    service.update_faults(|faults| faults.random_errors = None);
    producer.flush(PATIENCE).unwrap_or_else(|error| panic!("seed {seed}: {error}, {:?}", producer.stats()));
    let stats = producer.stats();
    producer.shutdown(PATIENCE).unwrap();
    let events = heard(&events);
    assert_accounted(&service, &events, &stats, next);
    let left = std::fs::read_dir(&folder).unwrap().filter_map(|entry| {
        let name = entry.ok()?.file_name().into_string().ok()?;
        name.ends_with(".fragment").then_some(name)
    });
    assert_eq!(left.collect::<Vec<_>>(), Vec::<String>::new(), "files of persisted fragments are deleted");
    std::fs::remove_dir_all(&folder).unwrap();
}

/// `BACKPACK_KVS_SECONDS` sets for how long, `BACKPACK_KVS_SEED` from which seed on.
#[test]
fn random_faults_lose_only_what_is_set_aside() {
    let number =
        |name, default| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (seconds, first) = (number("BACKPACK_KVS_SECONDS", 60), number("BACKPACK_KVS_SEED", 1));
    let deadline = SystemTime::now() + Duration::from_secs(seconds);
    let mut seed = first;
    while SystemTime::now() < deadline {
        println!("seed {seed}");
        randomly_disturbed(seed);
        seed += 1;
    }
}
