//! A local Kinesis Video Streams as a program.

use std::fs;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use backpack_kvs_local::{Cut, CutAt, CutHow, ErrorId, Faults, Limits, LocalKvs, RandomErrors};
use clap::Parser;

/// What a producer signs with if nothing is said; it opens nothing else.
const KEY: &str = "AKIALOCALLOCALLOCAL0";
const SECRET: &str = "local-secret";

/// A local Kinesis Video Streams, for tests: control plane and PutMedia on 127.0.0.1.
///
/// Producers sign with the keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of this program's environment, or else with keys that it shows.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The port; 0 takes a free one.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Speak HTTP instead of TLS.
    #[arg(long)]
    http: bool,
    /// A stream that is there from the begin; can be given several times.
    #[arg(long = "stream", value_name = "NAME")]
    streams: Vec<String>,
    /// Signatures must be for this region; otherwise any will do.
    #[arg(long)]
    region: Option<String>,
    /// Keep streams and fragments in this folder.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Where to write the certificate that producers have to trust.
    #[arg(long, default_value = "local-kvs-ca.pem", value_name = "FILE")]
    ca_file: PathBuf,
    /// Answer so much later.
    #[arg(long, default_value_t = 0, value_name = "MS")]
    latency_ms: u64,
    /// End connections after so many seconds, as the service does after 2700.
    #[arg(long, default_value_t = 2700, value_name = "S")]
    connection_lifetime_s: u64,
    /// Cut every connection by a reset after a random number of bytes up to this one.
    #[arg(long, value_name = "BYTES")]
    cut_within: Option<u64>,
    /// Give fragments an error with this probability, from 0 to 1.
    #[arg(long, default_value_t = 0.0, value_name = "PROBABILITY")]
    error_probability: f64,
    /// The errors to choose from.
    #[arg(long, value_delimiter = ',', default_values_t = [4004, 4006, 5000], value_name = "IDS")]
    error_ids: Vec<u16>,
    /// Of what happens at random.
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

fn main() -> Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    let (key, secret, is_own) = keys()?;
    let mut builder = LocalKvs::builder()
        .tls(!arguments.http)
        .port(arguments.port)
        .page(true)
        .credentials(&key, secret)
        .faults(faults(&arguments)?)
        .limits(limits(&arguments));
    for stream in &arguments.streams {
        builder = builder.stream(stream);
    }
    if let Some(region) = &arguments.region {
        builder = builder.region(region);
    }
    if let Some(folder) = &arguments.folder {
        builder = builder.folder(folder);
    }
    let kvs = builder.start().context("the local service cannot start")?;
    announce(&kvs, &arguments, &key, is_own)?;

    let (stop, stopped) = mpsc::channel();
    ctrlc::set_handler(move || stop.send(()).unwrap_or_default()).context("signals cannot be handled")?;
    stopped.recv().context("signals cannot be received")?;
    kvs.stop();
    Ok(())
}

/// Key, secret, and whether they are the user's.
fn keys() -> Result<(String, String, bool)> {
    match (std::env::var("AWS_ACCESS_KEY_ID"), std::env::var("AWS_SECRET_ACCESS_KEY")) {
        (Ok(key), Ok(secret)) => Ok((key, secret, true)),
        (Err(_), Err(_)) => Ok((KEY.into(), SECRET.into(), false)),
        _ => bail!("of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY one is set: set both or none"),
    }
}

fn faults(arguments: &Arguments) -> Result<Faults> {
    let probability = arguments.error_probability;
    if !(0.0..=1.0).contains(&probability) {
        bail!("an error probability of {probability}: it must be from 0 to 1");
    }
    let known = |&id: &u16| ErrorId::from_id(id).with_context(|| format!("there is no error {id}"));
    let ids = arguments.error_ids.iter().map(known).collect::<Result<Vec<_>>>()?;
    let mut faults = Faults::default();
    faults.latency = Duration::from_millis(arguments.latency_ms);
    if probability > 0.0 {
        faults.random_errors = Some(RandomErrors::new(probability, ids, arguments.seed));
    }
    if let Some(bytes) = arguments.cut_within {
        let at = CutAt::RandomBytes { range: 0..bytes, seed: arguments.seed };
        faults.cuts.push(Cut::new(at, CutHow::Reset));
    }
    Ok(faults)
}

fn limits(arguments: &Arguments) -> Limits {
    let mut limits = Limits::default();
    limits.connection_lifetime = Duration::from_secs(arguments.connection_lifetime_s);
    limits
}

fn announce(kvs: &LocalKvs, arguments: &Arguments, key: &str, is_own: bool) -> Result<()> {
    println!("endpoint    {}", kvs.endpoint());
    println!("page        {}/", kvs.endpoint());
    if let Some(pem) = kvs.ca_pem() {
        fs::write(&arguments.ca_file, pem).with_context(|| format!("{}", arguments.ca_file.display()))?;
        println!("authority   {}", fs::canonicalize(&arguments.ca_file)?.display());
    }
    for stream in kvs.streams() {
        println!("stream      {}", stream.name);
    }
    println!(
        "\nPoint a producer at it: set its endpoint to the one above, let it trust the authority, and give it"
    );
    println!("  AWS_ACCESS_KEY_ID={key}");
    if is_own {
        println!("  AWS_SECRET_ACCESS_KEY as in this program's environment");
    } else {
        println!("  AWS_SECRET_ACCESS_KEY={SECRET}");
    }
    println!("  AWS_DEFAULT_REGION={}", arguments.region.as_deref().unwrap_or("us-east-1"));
    println!("The AWS command line: aws kinesisvideo list-streams --endpoint-url {}", kvs.endpoint());
    println!("Ctrl-C ends it.");
    Ok(())
}
