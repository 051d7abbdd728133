//! Video files: every frame, bit for bit, with its time.

mod support;

use std::fs;
use std::io::Read;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use backpack_camera::{Camera, CameraBuilder, Pace, Source};
use backpack_core::{Colorimetry, Frame, PixelFormat};
use support::{clip, event_log, ffmpeg_file, ffmpeg_raw, file, next_nanos, psnr, tight, within};

fn fastest(name: &str) -> CameraBuilder {
    Camera::builder(clip(name)).pace(Pace::Fastest)
}

#[test]
fn every_frame_of_a_clip_arrives_in_the_decoders_own_memory_as_ffmpeg_decodes_it() {
    let (_ffmpeg, mut expected) = ffmpeg_raw(&clip("vtest.avi"), "-pix_fmt yuv420p");
    let mut camera = fastest("vtest.avi").open().unwrap();
    let info = camera.info();
    assert_eq!((info.width, info.height, info.format), (768, 576, PixelFormat::I420));
    assert_eq!((info.frame_rate, info.live), (Some(10.0), false));
    let mut picture = vec![0; 768 * 576 * 3 / 2];
    for index in 0..795 {
        let frame = camera.next_frame().unwrap().unwrap();
        assert!(frame.is_shared(), "frame {index} was copied");
        assert!(!frame.layout().is_tight(), "the decoder's padding was removed, which takes a copy");
        assert_eq!(frame.timestamp().unwrap().elapsed(), Duration::from_millis(100 * index));
        assert_eq!(frame.colorimetry(), Colorimetry::BT601);
        expected.read_exact(&mut picture).unwrap();
        assert!(tight(&frame) == picture, "frame {index} differs");
    }
    assert!(camera.next_frame().unwrap().is_none());
    assert!(camera.next_frame().unwrap().is_none(), "the end is final");
    let stats = camera.stats();
    assert_eq!((stats.received, stats.delivered, stats.dropped), (795, 795, 0));
    camera.close().unwrap();
}

#[test]
fn frames_come_in_the_format_and_size_that_the_caller_chooses() {
    let cases = [
        (PixelFormat::Bgr8, None, "-pix_fmt bgr24", 40.0),
        (PixelFormat::Rgba8, Some((768, 300)), "-vf scale=768:300 -pix_fmt rgba", 30.0),
        (PixelFormat::Gray8, Some((321, 241)), "-vf scale=321:241,format=yuv420p,extractplanes=y", 30.0),
    ];
    for (format, size, arguments, least) in cases {
        let (_ffmpeg, mut expected) = ffmpeg_raw(&clip("vtest.avi"), arguments);
        let mut builder = fastest("vtest.avi").format(format);
        if let Some((width, height)) = size {
            builder = builder.size(width, height);
        }
        for frame in builder.open().unwrap().take(20) {
            let frame = frame.unwrap();
            assert_eq!(
                (frame.format(), (frame.width(), frame.height())),
                (format, size.unwrap_or((768, 576)))
            );
            let mut picture = vec![0; tight(&frame).len()];
            expected.read_exact(&mut picture).unwrap();
            let psnr = psnr(&tight(&frame), &picture);
            assert!(psnr > least, "{format}: {psnr:.1} dB");
        }
    }
}

#[test]
fn an_mp4_gives_all_its_frames_as_an_iterator() {
    let frames: Vec<Frame> = fastest("bikes.mp4").open().unwrap().map(Result::unwrap).collect();
    assert_eq!(frames.len(), 250, "holding every frame must not stop the decoder");
    let (_ffmpeg, mut expected) = ffmpeg_raw(&clip("bikes.mp4"), "-pix_fmt yuv420p");
    let mut picture = vec![0; 640 * 272 * 3 / 2];
    for (index, frame) in frames.iter().enumerate() {
        assert_eq!(frame.timestamp().unwrap().elapsed(), Duration::from_millis(40 * index as u64));
        expected.read_exact(&mut picture).unwrap();
        assert!(tight(frame) == picture, "frame {index} was overwritten while it was held");
    }
}

#[test]
fn a_loop_goes_on_in_time_by_one_frame() {
    let (log, on_event) = event_log();
    let mut camera = fastest("bikes.mp4").looping(true).on_event(on_event).open().unwrap();
    let stamps: Vec<_> = (0..600).map(|_| next_nanos(&mut camera)).collect();
    for (index, pair) in stamps.windows(2).enumerate() {
        assert_eq!(pair[1] - pair[0], 40_000_000, "after frame {index}");
    }
    assert_eq!(camera.stats().loops, 2);
    assert_eq!(*log.lock().unwrap(), ["connected", "looped 1", "looped 2"]);
}

#[test]
fn what_gives_nothing_the_second_time_is_not_read_for_ever() {
    let source = Source::description("videotestsrc num-buffers=3");
    let camera = Camera::builder(source).pace(Pace::Fastest).looping(true).open().unwrap();
    let results: Vec<_> = within(20, move || camera.collect());
    assert_eq!(results.len(), 4);
    assert_eq!(
        results[3].as_ref().unwrap_err().to_string(),
        "videotestsrc num-buffers=3: cannot begin again"
    );
}

#[test]
fn in_real_time_frames_come_no_earlier_than_they_are_due() {
    let start = Instant::now();
    let mut camera = Camera::builder(clip("bikes.mp4")).open().unwrap();
    let due = (0..51).map(|_| next_nanos(&mut camera)).last().map(Duration::from_nanos);
    assert_eq!(due, Some(Duration::from_secs(2)));
    assert!(start.elapsed() >= Duration::from_secs(2), "2 s of video in {:?}", start.elapsed());
    assert_eq!(camera.stats().dropped, 0);
}

#[test]
fn a_file_waits_for_a_slow_reader_and_loses_nothing() {
    let mut camera = fastest("bikes.mp4").open().unwrap();
    support::wait_until("the decoder is ahead", || camera.stats().received == 4);
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(camera.stats().received, 4, "no more than four frames are decoded ahead");
    let mut count = 0;
    camera
        .run(|_| {
            count += 1;
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!((count, camera.stats().dropped), (250, 0));
}

#[test]
fn running_ends_when_the_callback_breaks() {
    let mut camera = fastest("bikes.mp4").open().unwrap();
    camera.run(|_| ControlFlow::Break(())).unwrap();
    assert_eq!(camera.stats().delivered, 1);
    assert_eq!(next_nanos(&mut camera), 40_000_000, "the stream can be read on");
}

#[test]
fn sound_and_further_streams_hold_nothing_up() {
    let arguments = "-f lavfi -i testsrc=d=3:s=160x120:r=25 -f lavfi -i testsrc2=d=3:s=320x240:r=25 \
                     -f lavfi -i sine=d=60 -map 0:v -map 1:v -map 2:a -map 2:a -c:v mpeg4 -c:a aac";
    let path = ffmpeg_file("sound.mkv", arguments);
    let count = within(20, move || {
        Camera::builder(path).pace(Pace::Fastest).open().unwrap().map(Result::unwrap).count()
    });
    assert_eq!(count, 75);
}

#[test]
fn a_format_that_core_lacks_becomes_i420_with_the_colours_the_stream_declares() {
    let arguments = "-f lavfi -i testsrc=d=0.2:s=160x120 -pix_fmt yuv422p10le -c:v ffv1 -color_range pc \
                     -colorspace bt709 -vf scale=out_range=full:out_color_matrix=bt709";
    let path = ffmpeg_file("yuv422p10.mkv", arguments);
    let frame = Camera::open(path).unwrap().next().unwrap().unwrap();
    assert_eq!(frame.format(), PixelFormat::I420);
    let colorimetry = frame.colorimetry();
    assert_eq!(format!("{:?} {:?}", colorimetry.matrix, colorimetry.range), "Bt709 Full");
}

#[test]
fn a_file_that_breaks_off_gives_the_frames_it_has_and_ends() {
    let whole = fs::read(clip("vtest.avi")).unwrap();
    let path = file("broken-off.avi", &whole[..whole.len() / 2]);
    let (log, on_event) = event_log();
    let count = within(20, move || {
        let camera = Camera::builder(path).pace(Pace::Fastest).on_event(on_event).open().unwrap();
        camera.map(Result::unwrap).count()
    });
    assert!((300..500).contains(&count), "{count} frames in half the file");
    assert_eq!(*log.lock().unwrap(), ["connected", "end"]);
}

#[test]
fn cameras_are_independent_of_each_other() {
    let counts = within(60, || {
        let read = |name: &'static str| {
            std::thread::spawn(move || fastest(name).open().unwrap().map(Result::unwrap).count())
        };
        let readers = ["bikes.mp4", "vtest.avi", "bikes.mp4", "vtest.avi"].map(read);
        readers.map(|reader| reader.join().unwrap())
    });
    assert_eq!(counts, [250, 795, 250, 795]);
}
