//! The same over TLS.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use backpack_kvs_local::LocalKvs;
use common::*;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

fn connect(kvs: &LocalKvs, ca_pem: &str, name: &'static str) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_root_certificates(roots).with_no_client_auth());
    let stream = TcpStream::connect(kvs.address()).unwrap();
    stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    StreamOwned::new(ClientConnection::new(config, ServerName::try_from(name).unwrap()).unwrap(), stream)
}

fn read_until(stream: &mut impl Read, text: &mut String, wanted: &str) {
    let mut bytes = [0; 4096];
    while !text.contains(wanted) {
        let count = stream.read(&mut bytes).unwrap();
        assert!(count > 0, "{text}");
        text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
    }
}

#[test]
fn acknowledgements_flow_over_tls_while_the_body_is_sent() {
    let kvs = builder().tls(true).start().unwrap();
    assert!(kvs.endpoint().starts_with("https://127.0.0.1:"));
    for name in ["127.0.0.1", "localhost"] {
        let mut stream = connect(&kvs, kvs.ca_pem().unwrap(), name);
        let mut text = String::new();
        stream.write_all(Client::default().head(&kvs).as_bytes()).unwrap();
        stream.write_all(&chunk(&Media::new().fragment(START, 3).0)).unwrap();
        read_until(&mut stream, &mut text, "BUFFERING");
        assert!(text.starts_with("HTTP/1.1 200 OK"), "{text}");
        stream.write_all(&chunk(&Media::default().end().0)).unwrap();
        read_until(&mut stream, &mut text, "PERSISTED");
        stream.write_all(b"0\r\n\r\n").unwrap();
        read_until(&mut stream, &mut text, "\r\n0\r\n\r\n");
        assert!(kvs.wait_until(TIMEOUT, |kvs| kvs.connections("cam") == 0));
    }
    assert_eq!(kvs.playback("cam").unwrap().replaced, 1);
}

#[test]
fn every_service_has_an_authority_of_its_own() {
    let (one, other) = (builder().tls(true).start().unwrap(), builder().tls(true).start().unwrap());
    let mut stream = connect(&one, other.ca_pem().unwrap(), "127.0.0.1");
    assert!(stream.write_all(b"GET / HTTP/1.1\r\n\r\n").is_err());
    assert_eq!(builder().start().unwrap().ca_pem(), None);
}
