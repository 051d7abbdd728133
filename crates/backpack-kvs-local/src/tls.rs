use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::StartError;

/// An authority made for one server, and what the server shows.
pub(crate) struct Tls {
    pub ca_pem: String,
    pub config: Arc<ServerConfig>,
}

impl Tls {
    pub fn generate() -> Result<Self, StartError> {
        let mut ca = CertificateParams::default();
        ca.distinguished_name.push(DnType::CommonName, "backpack-kvs-local authority");
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let ca_key = KeyPair::generate().map_err(StartError::certificate)?;
        let ca_certificate = ca.self_signed(&ca_key).map_err(StartError::certificate)?;

        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let mut server = CertificateParams::new(names).map_err(StartError::certificate)?;
        server.distinguished_name.push(DnType::CommonName, "backpack-kvs-local");
        server.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().map_err(StartError::certificate)?;
        let issuer = Issuer::from_params(&ca, &ca_key);
        let certificate = server.signed_by(&key, &issuer).map_err(StartError::certificate)?;

        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let private_key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(StartError::certificate)?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private_key)
            .map_err(StartError::certificate)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { ca_pem: ca_certificate.pem(), config: Arc::new(config) })
    }
}
