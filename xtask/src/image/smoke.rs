use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::command::{Run, command};
use crate::image::archive;
use crate::image::options::{Format, Options};
use crate::image::root::{HOME, Root, USER};
use crate::image::sysroot::Sysroot;
use crate::image::target::Target;
use crate::system;

/// How much video the program is to record, in seconds at 30 frames per second.
const SECONDS: u32 = 2;

/// Runs the program out of its image under an emulator and looks at what it did.
pub fn run(folder: &Path, root: &Root, build: &Sysroot, options: &Options) -> Result<()> {
    let unpacked = folder.join("smoke");
    if unpacked.exists() {
        fs::remove_dir_all(&unpacked)?;
    }
    fs::create_dir_all(&unpacked)?;
    match options.format {
        Format::Oci => archive::unpack_image(&options.output(&target_of(folder)), &unpacked, is_root())?,
        _ => command("cp -a").arg(root.folder.join(".")).arg(&unpacked).run()?,
    }
    let machine = Machine::new(unpacked, build, options)?;
    if !options.is_hike() {
        machine.run(&["--version"]).read().context("the program does not start with --version")?;
        println!("         it starts, which --version shows");
        return Ok(());
    }
    records(&machine)?;
    refuses_without_encoder(&machine)
}

fn is_root() -> bool {
    command("id -u").read().is_ok_and(|id| id.trim() == "0")
}

/// The folder of everything that is built, of which an image's folder is two steps below.
fn target_of(folder: &Path) -> PathBuf {
    folder.ancestors().nth(2).unwrap_or(folder).to_owned()
}

fn records(machine: &Machine) -> Result<()> {
    let seconds = SECONDS.to_string();
    let record = machine.below("/data/smoke.mkv");
    let said = machine.run(&["--input", "test", "--seconds", &seconds, "--record", &record]).read()?;
    let recording = machine.root.join(HOME).join("smoke.mkv");
    system::ensure(&["ffmpeg"])?;
    let shown = command(
        "ffprobe -v error -select_streams v:0 -count_frames -of csv=p=0 \
         -show_entries stream=codec_name,width,height,nb_read_frames",
    )
    .arg(&recording)
    .read()?;
    let fields: Vec<&str> = shown.trim().trim_end_matches(',').split(',').collect();
    let [codec, width, height, frames] = fields[..] else { anyhow::bail!("ffprobe says {shown:?}") };
    let frames: u32 = frames.parse().context("ffprobe counts no frames")?;
    ensure!(codec == "h264" && width != "0", "the recording is not as it should be: {shown}\n{said}");
    // An emulator is no match for a camera, so frames may be dropped; what is there must be whole.
    ensure!(frames > SECONDS * 5, "only {frames} frames were recorded\n{said}");
    println!("         under qemu it recorded {frames} frames, {codec} {width}×{height}");
    Ok(())
}

/// That a thing that is missing would be noticed.
fn refuses_without_encoder(machine: &Machine) -> Result<()> {
    for library in fs::read_dir(machine.root.join("usr/lib").join(machine.gnu))?.flatten() {
        let name = library.file_name().to_string_lossy().into_owned();
        if name.starts_with("libx264.so") || name.starts_with("libopenh264.so") {
            fs::remove_file(library.path())?;
        }
    }
    let record = machine.below("/data/without.mkv");
    let is_done = machine.run(&["--input", "test", "--seconds", "1", "--record", &record]).succeeds();
    ensure!(!is_done, "it recorded without any encoder: what was tried was not the image");
    println!("         without its encoders it fails, as it should");
    Ok(())
}

/// Something that runs programs for the target.
struct Machine {
    root: PathBuf,
    program: String,
    qemu: PathBuf,
    gnu: &'static str,
    is_root: bool,
}

impl Machine {
    fn new(root: PathBuf, build: &Sysroot, options: &Options) -> Result<Self> {
        let target: &Target = &options.target;
        let qemu = build.folder.join(format!("usr/bin/qemu-{}-static", target.qemu));
        ensure!(qemu.is_file(), "{} is missing", qemu.display());
        let is_root = is_root();
        if is_root {
            fs::copy(&qemu, root.join("qemu"))?;
        }
        Ok(Self { root, program: format!("/usr/bin/{}", options.bin), qemu, gnu: target.gnu, is_root })
    }

    /// The program in the image: as root with nothing else in reach, else with the image's files first.
    fn run(&self, arguments: &[&str]) -> Command {
        let mut run = if self.is_root {
            let mut run = command(&format!("chroot --userspec={USER}:{USER}"));
            run.arg(&self.root).arg("/qemu").arg(&self.program);
            run
        } else {
            let mut run = Command::new(&self.qemu);
            run.arg("-L").arg(&self.root).arg(self.below(&self.program));
            run
        };
        // The scanner is a program, too, which only a kernel that knows of the emulator could start.
        run.args(arguments).env_clear().envs(self.environment()).env("GST_REGISTRY_FORK", "no");
        run
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("PATH", "/usr/sbin:/usr/bin:/sbin:/bin".into()),
            ("HOME", self.below("/data")),
            ("GST_REGISTRY", self.below("/tmp/registry.bin")),
            ("GST_PLUGIN_SYSTEM_PATH", self.below(&format!("/usr/lib/{}/gstreamer-1.0", self.gnu))),
        ]
    }

    /// Where the program finds a file of the image.
    fn below(&self, path: &str) -> String {
        if self.is_root { path.to_owned() } else { format!("{}{path}", self.root.display()) }
    }
}
