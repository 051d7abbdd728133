use std::io;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use futures_util::stream::try_unfold;
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use super::site::Site;
use crate::outputs::hls::media_type;

/// How much of a file is read at a time.
const PIECE: usize = 64 << 10;

/// Serves a file of an HLS output, and no other file of its directory.
pub(crate) async fn serve(
    State(site): State<Arc<Site>>,
    Path((name, file)): Path<(String, String)>,
) -> Response {
    let found = site.folder(&name).zip(media_type(&file));
    let Some((folder, media)) = found else { return nothing() };
    let Ok((file, length)) = open(&folder.join(file)).await else { return nothing() };
    let headers = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, Body::from_stream(try_unfold(file, read))).into_response()
}

async fn open(path: &std::path::Path) -> io::Result<(File, u64)> {
    let file = File::open(path).await?;
    let length = file.metadata().await?.len();
    Ok((file, length))
}

async fn read(mut file: File) -> io::Result<Option<(Bytes, File)>> {
    let mut piece = BytesMut::with_capacity(PIECE);
    let length = file.read_buf(&mut piece).await?;
    Ok((length > 0).then(|| (piece.freeze(), file)))
}

fn nothing() -> Response {
    (StatusCode::NOT_FOUND, "There is no such file.\n").into_response()
}
