//! Mosaics that show what may come: few sources and many, of all formats and shapes, late, lost and not there yet.

use std::error::Error;
use std::time::Duration;

use backpack_annotate::{
    Annotation, Circle, Color, Driver, FrameDriver, HorizontalAnchor, Label, Path, Rectangle, VerticalAnchor,
};
use backpack_core::{Frame, PixelFormat, PolyLine, Rect};
use backpack_mosaic::{Mosaic, MosaicBuilder};
use backpack_timepiece::{Clock, ManualClock};

type Wall = fn() -> Result<Frame, Box<dyn Error>>;

/// The name of each mosaic, and how to make it.
pub const WALLS: &[(&str, Wall)] = &[
    ("one", || alike(1, (1280, 720))),
    ("two", || alike(2, (1280, 720))),
    ("three", || alike(3, (1280, 720))),
    ("four", four),
    ("five", five),
    ("nine", nine),
    ("nine-small", || alike(9, (640, 360))),
    ("sixteen", || alike(16, (1920, 1080))),
    ("titles", titles),
    ("upright", || alike(3, (720, 1280))),
];

/// Four sources, of which one is late, one lost and one has not begun.
pub fn four() -> Result<Frame, Box<dyn Error>> {
    let (builder, time) = builder((1280, 720));
    let mut mosaic = builder.sources(["yard", "gate", "loading ramp", "roof"]).build()?;
    mosaic.update(0, &scene(1920, 1080, PixelFormat::I420, 0)?)?;
    mosaic.update(1, &scene(640, 480, PixelFormat::Bgr8, 1)?)?;
    mosaic.update(2, &scene(1280, 720, PixelFormat::Nv12, 2)?)?;
    mosaic.source("loading ramp")?.lost("the camera does not answer");
    time.advance(Duration::from_millis(3250));
    mosaic.update(0, &scene(1920, 1080, PixelFormat::I420, 0)?)?;
    Ok(mosaic.compose())
}

fn alike(sources: usize, size: (u32, u32)) -> Result<Frame, Box<dyn Error>> {
    let (builder, _) = builder(size);
    let mut mosaic = builder.sources((1..=sources).map(|id| format!("camera {id}"))).build()?;
    for index in 0..sources {
        mosaic.update(index, &scene(1920, 1080, PixelFormat::ALL[index % 7], index)?)?;
    }
    Ok(mosaic.compose())
}

fn five() -> Result<Frame, Box<dyn Error>> {
    let (builder, _) = builder((1280, 720));
    let mut mosaic = builder.sources(["wide", "tall", "square", "tiny", "nothing"]).build()?;
    let frames = [(2000, 500), (600, 1200), (500, 500), (64, 36)];
    for (index, (width, height)) in frames.into_iter().enumerate() {
        mosaic.update(index, &scene(width, height, PixelFormat::ALL[index + 2], index)?)?;
    }
    mosaic
        .source("nothing")?
        .lost("no route to host 192.168.1.20: is it switched on and on the same network?");
    Ok(mosaic.compose())
}

fn nine() -> Result<Frame, Box<dyn Error>> {
    let (builder, time) = builder((1920, 1080));
    let mut mosaic = builder.sources((1..=9).map(|id| format!("camera {id}"))).build()?;
    for index in [2, 5] {
        mosaic.update(index, &scene(1280, 720, PixelFormat::ALL[index % 7], index)?)?;
    }
    time.advance(Duration::from_secs(3700));
    mosaic.update(3, &scene(1280, 720, PixelFormat::Rgb8, 3)?)?;
    time.advance(Duration::from_secs(75));
    for index in [0, 1, 6, 7] {
        mosaic.update(index, &scene(1280, 960, PixelFormat::ALL[index % 7], index)?)?;
    }
    mosaic.source("camera 6")?.lost("stream ended");
    mosaic.source("camera 8")?.lost("");
    Ok(mosaic.compose())
}

fn titles() -> Result<Frame, Box<dyn Error>> {
    let (builder, _) = builder((1280, 720));
    let names = [
        "Eingang West, Tor 3 (Anlieferung), Kamera oben links über der Laderampe",
        "Погрузочная рампа № 4",
        "Είσοδος",
        "مدخل المستودع",
        "倉庫入口",
        "two\nlines\tand a tab",
    ];
    let mut mosaic = builder.sources(names).build()?;
    for index in 0..5 {
        mosaic.update(index, &scene(704, 576, PixelFormat::I420, index)?)?;
    }
    Ok(mosaic.compose())
}

fn builder((width, height): (u32, u32)) -> (MosaicBuilder, ManualClock) {
    let (clock, time) = Clock::manual();
    (Mosaic::builder().size(width, height).format(PixelFormat::Rgb8).clock(clock), time)
}

/// Something like a camera's picture: a sky, a hill, a sun, pure colours, and a fine border to show that nothing is cut off.
fn scene(width: u32, height: u32, format: PixelFormat, id: usize) -> Result<Frame, Box<dyn Error>> {
    let mut frame = Frame::black(width, height, format)?;
    let filled = |rect: Rect, color: Color| Rectangle::new(rect).color(Color::TRANSPARENT).fill(color);
    let mut scene: Vec<Annotation> = Vec::new();
    for step in 0..48u8 {
        let strip = Rect::from_tlbr(f64::from(step) / 48.0, 0.0, 1.0, 1.0)?;
        scene.push(filled(strip, Color::rgb(40 + step * 3, 90 + step * 2, 200 - step)).into());
    }
    let lean = id as f64 * 0.07;
    let hill = PolyLine::closed([
        (0.0, 0.8 - lean / 2.0),
        (0.35, 0.62),
        (1.0, 0.7 + lean / 3.0),
        (1.0, 1.0),
        (0.0, 1.0),
    ])?;
    scene.push(Path::new(hill).color(Color::rgb(70, 110, 60)).fill(Color::rgb(70, 110, 60)).into());
    scene.push(
        Circle::new((0.75 - lean, 0.25), 0.09)
            .color(Color::rgb(255, 240, 190))
            .fill(Color::rgb(255, 240, 190))
            .into(),
    );
    let pure = [
        Color::WHITE,
        Color::RED,
        Color::LIME,
        Color::BLUE,
        Color::YELLOW,
        Color::rgb(0, 255, 255),
        Color::rgb(255, 0, 255),
    ];
    for (place, color) in (0u8..).zip(pure) {
        scene.push(filled(Rect::from_xywh(0.08 + 0.06 * f64::from(place), 0.82, 0.06, 0.1)?, color).into());
    }
    scene.push(Rectangle::new(Rect::unit()).color(Color::rgb(255, 255, 255)).thickness(0.004).into());
    let label = Label::new((0.05, 0.07), format!("{format} {width}×{height}"));
    scene.push(
        label.anchor(HorizontalAnchor::Left, VerticalAnchor::Top).size(0.09).color(Color::WHITE).into(),
    );
    FrameDriver::new().render(&scene, &mut frame)?;
    Ok(frame)
}
