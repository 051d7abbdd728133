//! Where credentials come from, where they go, and where they do not.
// Helpers of tests may unwrap: a test that cannot go on has failed.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use backpack_kvs::credentials::{
    Credentials, CredentialsError, CredentialsFile, CredentialsFileError, Environment, Iot,
    ProvideCredentials, future,
};
use backpack_kvs::{BuildError, KvsOutput, Producer};
use common::{KEY, PATIENCE, SECRET, STREAM, folder, numbered, producer, service, stored, wait_until};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

const TOKEN: &str = "a-session-token-of-tests";

/// Temporary credentials with a number, of which some cannot be had.
#[derive(Debug, Clone, Default)]
struct Counted {
    count: Arc<AtomicU32>,
    life: Duration,
    /// The second and third attempt fail.
    stutters: bool,
}

impl ProvideCredentials for Counted {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let count = self.count.fetch_add(1, Ordering::SeqCst);
        if self.stutters && (1..3).contains(&count) {
            return future::ProvideCredentials::ready(Err(CredentialsError::provider_error("no network")));
        }
        let expiry = SystemTime::now() + self.life;
        let credentials =
            Credentials::new(KEY, SECRET, Some(format!("{TOKEN}-{count}")), Some(expiry), "test");
        future::ProvideCredentials::ready(Ok(credentials))
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_credentials_file_has_one_line_that_only_its_owner_may_read() {
    let path = folder("file").join("credentials");
    fs::write(&path, "an old one that anybody may read").unwrap();
    let fixed = CredentialsFile::start(&path, Credentials::new(KEY, SECRET, None, None, "test")).unwrap();
    assert_eq!(fs::read_to_string(fixed.path()).unwrap(), format!("CREDENTIALS\t{KEY}\t{SECRET}\n"));
    assert_eq!(mode(&path), 0o600);
    drop(fixed);
    let expiry = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_398_546);
    let keys = Credentials::new(KEY, SECRET, Some(TOKEN.into()), Some(expiry), "test");
    let _file = CredentialsFile::start(&path, keys).unwrap();
    let expected = format!("CREDENTIALS\t{KEY}\t2026-11-23T01:49:06Z\t{SECRET}\t{TOKEN}\n");
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn a_credentials_file_is_refreshed_before_its_token_ends_and_failures_are_tried_again() {
    let path = folder("refresh").join("credentials");
    let provider = Counted { life: Duration::from_secs(2), stutters: true, ..Counted::default() };
    let file = CredentialsFile::start(&path, provider).unwrap();
    assert!(fs::read_to_string(&path).unwrap().ends_with(&format!("{TOKEN}-0\n")));
    wait_until("a failure", || file.problem().is_some_and(|problem| problem.contains("no network")));
    wait_until("a new token", || fs::read_to_string(&path).unwrap().ends_with(&format!("{TOKEN}-3\n")));
    wait_until("no failure", || file.problem().is_none());
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn a_credentials_file_that_cannot_be_kept_is_an_error() {
    let keys = Credentials::new(KEY, SECRET, None, None, "test");
    let error = CredentialsFile::start("/nowhere/at/all/credentials", keys).unwrap_err();
    assert!(
        matches!(&error, CredentialsFileError::Write { path, .. } if path.contains("nowhere")),
        "{error}"
    );
    let provider = Counted { count: Arc::new(AtomicU32::new(1)), stutters: true, ..Counted::default() };
    let error = CredentialsFile::start(folder("none").join("credentials"), provider).unwrap_err();
    assert!(error.to_string().contains("no network"), "{error}");
}

/// A certificate authority, a server's and a device's certificate in PEM files of this folder.
fn certificates(folder: &Path) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    fs::write(folder.join("ca.pem"), ca.pem()).unwrap();
    for (name, usage) in
        [("server", ExtendedKeyUsagePurpose::ServerAuth), ("device", ExtendedKeyUsagePurpose::ClientAuth)]
    {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.extended_key_usages = vec![usage];
        fs::write(folder.join(format!("{name}.pem")), params.signed_by(&key, &ca).unwrap().pem()).unwrap();
        fs::write(folder.join(format!("{name}.key")), key.serialize_pem()).unwrap();
    }
}

/// Answers requests of devices with certificates; keeps the heads of the requests.
fn credentials_endpoint(folder: &Path, answer: String) -> (u16, Arc<Mutex<Vec<String>>>) {
    let read = |name: &str| CertificateDer::from_pem_file(folder.join(name)).unwrap();
    let provider = Arc::new(ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(read("ca.pem")).unwrap();
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(
            vec![read("server.pem")],
            PrivateKeyDer::from_pem_file(folder.join("server.key")).unwrap(),
        )
        .unwrap();
    let (config, heads) = (Arc::new(config), Arc::<Mutex<Vec<String>>>::default());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, kept) = (listener.local_addr().unwrap().port(), Arc::clone(&heads));
    std::thread::spawn(move || {
        for tcp in listener.incoming().flatten() {
            let mut tls = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), tcp);
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") && tls.read(&mut byte).is_ok_and(|count| count == 1) {
                head.push(byte[0]);
            }
            if head.is_empty() {
                continue;
            }
            kept.lock().unwrap().push(String::from_utf8_lossy(&head).into_owned());
            let length = answer.len();
            let _ = write!(tls, "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{answer}");
            let _ = tls.flush();
        }
    });
    (port, heads)
}

#[test]
fn a_device_gets_credentials_for_its_certificate_and_sends_with_them() {
    let folder = folder("iot");
    certificates(&folder);
    let answer = format!(
        r#"{{"credentials":{{"accessKeyId":"{KEY}","secretAccessKey":"{SECRET}","sessionToken":"{TOKEN}","expiration":"2999-01-01T00:00:00Z"}}}}"#
    );
    let (port, heads) = credentials_endpoint(&folder, answer);
    let iot = || {
        Iot::builder(format!("localhost:{port}"), "camera-role")
            .certificate(folder.join("device.pem"), folder.join("device.key"))
            .authorities(folder.join("ca.pem"))
    };
    let service = service().start().expect("a service");
    let token = backpack_kvs_local::Credentials::new(KEY, SECRET).with_token(TOKEN, None);
    service.set_credentials([token]);
    let producer = producer(&service).credentials(iot().thing("yard-1").build().unwrap()).start().unwrap();
    producer.put(&numbered(0, 0)).unwrap();
    producer.shutdown(PATIENCE).unwrap();
    assert_eq!(stored(&service), [0]);
    let head = heads.lock().unwrap()[0].clone();
    assert!(head.starts_with("GET /role-aliases/camera-role/credentials HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("x-amzn-iot-thingname: yard-1\r\n"), "{head}");

    let error = iot().certificate(folder.join("nothing.pem"), folder.join("device.key")).build().unwrap_err();
    assert!(
        matches!(&error, BuildError::Tls(text) if text.contains("nothing.pem cannot be read")),
        "{error}"
    );
    assert!(Iot::builder("localhost", "a role").build().is_err());
}

#[test]
fn settings_that_mean_nothing_are_refused() {
    let builder = || {
        Producer::builder(STREAM)
            .region("eu-west-1")
            .credentials(Credentials::new(KEY, SECRET, None, None, "test"))
    };
    for name in ["", "a stream", "a/b", &"n".repeat(257)] {
        let error = Producer::builder(name).region("eu-west-1").start().unwrap_err();
        assert!(matches!(error, BuildError::StreamName(_)), "{error}");
    }
    let error = builder().fragment_duration(Duration::from_millis(999)).start().unwrap_err();
    assert_eq!(error.to_string(), "the fragments' duration must be from 1s to 10s");
    let error = builder().linger(Duration::from_millis(1001)).start().unwrap_err();
    assert_eq!(error.to_string(), "the time that pictures are gathered must be from 0ns to 1s");
    assert!(matches!(builder().endpoint("ftp://host").start(), Err(BuildError::Address(_))));
    assert!(
        matches!(builder().endpoint("https://joe:hidden@host").start(), Err(BuildError::Address(text)) if !text.contains("hidden"))
    );
    assert!(matches!(builder().proxy("host:3128").start(), Err(BuildError::Address(_))));
    assert!(matches!(builder().region("EU West").start(), Err(BuildError::Address(_))));
    assert!(matches!(builder().authorities("/nowhere.pem").start(), Err(BuildError::Tls(_))));
    assert!(matches!(
        builder().connection_age(Duration::from_secs(46 * 60)).build().map(|output: KvsOutput| drop(output)),
        Err(BuildError::Duration { .. })
    ));
    // Tests run without credentials in their environment.
    if !Environment::is_set() {
        assert_eq!(
            Producer::builder(STREAM).region("eu-west-1").start().unwrap_err(),
            BuildError::NoCredentials
        );
    }
}

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The only test of this program that logs.
#[test]
fn keys_and_tokens_are_in_no_log_error_or_debug_text() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_env_filter("trace").with_writer(move || writer.clone()).finish();
    tracing::subscriber::set_global_default(subscriber).expect("it is the only one");

    let service = service().start().expect("a service");
    // The service knows another secret and no token, so that it says a lot about the signature.
    service.set_credentials([backpack_kvs_local::Credentials::new(KEY, "another-secret")]);
    let keys = Credentials::new(KEY, SECRET, Some(TOKEN.into()), None, "test");
    let builder = producer(&service).credentials(keys).proxy("http://joe:proxy-password@127.0.0.1:9");
    let mut texts = vec![format!("{builder:?}")];
    let through_proxy = builder.start().unwrap();
    let keys = Credentials::new(KEY, SECRET, Some(TOKEN.into()), None, "test");
    let direct = producer(&service).credentials(keys).start().unwrap();
    for producer in [through_proxy, direct] {
        let events = producer.events();
        producer.put(&numbered(0, 0)).unwrap();
        wait_until("a failure", || producer.stats().failures > 1);
        texts.push(format!("{producer:?} {:?} {:?}", producer.stats(), common::heard(&events)));
        texts.push(format!("{:?}", producer.shutdown(Duration::from_millis(1))));
    }
    texts.push(String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned());
    assert!(texts.last().unwrap().contains("no connection"), "something was logged");
    assert!(texts.iter().any(|text| text.contains("DescribeStream answered 40")), "{texts:?}");
    for (at, text) in texts.iter().enumerate() {
        for secret in [SECRET, TOKEN, "proxy-password", "am9lOnByb3h5"] {
            assert!(!text.contains(secret), "text {at} contains {secret}");
        }
    }
}
