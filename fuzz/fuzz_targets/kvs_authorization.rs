#![no_main]

use backpack_kvs_local::Authorization;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(read) = Authorization::parse(text) else { return };
    let Authorization { access_key, day, region, service, signed_headers, signature } = &read;
    let headers = signed_headers.join(";");
    let written = format!(
        "AWS4-HMAC-SHA256 Credential={access_key}/{day}/{region}/{service}/aws4_request, SignedHeaders={headers}, Signature={signature}"
    );
    assert_eq!(Authorization::parse(&written), Ok(read), "what is written is read back");
});
