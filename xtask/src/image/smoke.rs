use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::command::{Run, command};
use crate::image::options::{Format, Options};
use crate::image::root::{HOME, USER};
use crate::image::sysroot::Sysroot;
use crate::image::target::Target;
use crate::image::{archive, context};
use crate::system;

/// How much video the program is to record, in seconds at 30 frames per second.
const SECONDS: u32 = 2;

/// Runs the program out of its image under an emulator and looks at what it did.
pub fn run(folder: &Path, written: &Path, build: &Sysroot, options: &Options) -> Result<()> {
    let unpacked = folder.join("smoke");
    if unpacked.exists() {
        fs::remove_dir_all(&unpacked)?;
    }
    fs::create_dir_all(&unpacked)?;
    match options.format {
        Format::Oci => archive::unpack_image(written, &unpacked, is_root())?,
        Format::RootFs => archive::unpack_root(written, &unpacked, is_root())?,
        Format::Docker => archive::unpack_root(&written.join(context::ROOT), &unpacked, is_root())?,
    }
    let machine = Machine::new(unpacked, build, options)?;
    if !options.is_hike() {
        return finds_its_libraries(&machine);
    }
    records(&machine)?;
    refuses_without_encoder(&machine)
}

/// All that can be known of a program whose options are not: under the emulator the image's own loader finds what it is linked with.
fn finds_its_libraries(machine: &Machine) -> Result<()> {
    // As an option of the emulator, it is not for the emulator itself.
    let found = machine.run_with(&["-E", "LD_TRACE_LOADED_OBJECTS=1,LD_BIND_NOW=1"], &[]).read()?;
    let (missing, there): (Vec<_>, Vec<_>) = found.lines().partition(|line| line.contains("not found"));
    ensure!(missing.is_empty() && !there.is_empty(), "the program cannot start in the image:\n{found}");
    println!("         under qemu it finds all of its {} libraries", there.len());
    Ok(())
}

fn is_root() -> bool {
    command("id -u").read().is_ok_and(|id| id.trim() == "0")
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

    /// The program in the image.
    fn run(&self, arguments: &[&str]) -> Command {
        self.run_with(&[], arguments)
    }

    /// The program, with options for the emulator: as root with nothing but the image in reach, else with the image's files first.
    fn run_with(&self, options: &[&str], arguments: &[&str]) -> Command {
        let mut run = if self.is_root {
            let mut run = command(&format!("chroot --userspec={USER}:{USER}"));
            run.arg(&self.root).arg("/qemu");
            run
        } else {
            let mut run = Command::new(&self.qemu);
            run.arg("-L").arg(&self.root);
            run
        };
        run.args(options).arg(self.below(&self.program)).args(arguments);
        // The scanner is a program, too, which only a kernel that knows of the emulator could start.
        run.env_clear().envs(self.environment()).env("GST_REGISTRY_FORK", "no");
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
