use std::{
    fs::{self, Permissions},
    os::unix::{fs::PermissionsExt as _, net::UnixListener},
    path::PathBuf,
};

use tempfile::TempDir;
use tokio::net::UnixStream;

use super::{Socket, SocketError};

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kms.sock");
    (folder, path)
}

#[tokio::test]
async fn it_is_its_owners_alone_and_goes_with_the_process() {
    let (folder, path) = folder();
    let socket = Socket::listen(&path).await.unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let (accepted, connected) = tokio::join!(socket.accept(), UnixStream::connect(&path));
    accepted.unwrap();
    connected.unwrap();
    drop(socket);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn what_a_crash_left_is_replaced() {
    let (_folder, path) = folder();
    // The standard library's leaves its file behind.
    drop(UnixListener::bind(&path).unwrap());
    drop(UnixListener::bind(path.with_file_name("kms.sock.new")).unwrap());
    let socket = Socket::listen(&path).await.unwrap();
    UnixStream::connect(&path).await.unwrap();
    drop(socket);
}

#[tokio::test]
async fn who_serves_there_is_left_alone() {
    let (_folder, path) = folder();
    let first = Socket::listen(&path).await.unwrap();
    let second = Socket::listen(&path).await.unwrap_err();
    assert!(matches!(second, SocketError::Served { .. }), "{second}");
    UnixStream::connect(&path).await.unwrap();
    drop(first);
}

#[tokio::test]
async fn a_socket_of_somebody_elses_stays() {
    let (_folder, path) = folder();
    let socket = Socket::listen(&path).await.unwrap();
    fs::remove_file(&path).unwrap();
    let other = UnixListener::bind(&path).unwrap();
    drop(socket);
    assert!(path.exists());
    drop(other);
}

#[tokio::test]
async fn a_file_is_not_written_over() {
    let (_folder, path) = folder();
    fs::write(&path, "precious").unwrap();
    let error = Socket::listen(&path).await.unwrap_err();
    assert!(matches!(error, SocketError::Taken { .. }), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
}

#[tokio::test]
async fn the_folder_has_to_be_there_and_closed_to_others() {
    let (folder, path) = folder();
    let missing = folder.path().join("none/kms.sock");
    let error = Socket::listen(&missing).await.unwrap_err();
    assert!(matches!(error, SocketError::Folder { .. }), "{error}");
    for mode in [0o770, 0o707, 0o1777] {
        fs::set_permissions(folder.path(), Permissions::from_mode(mode)).unwrap();
        let error = Socket::listen(&path).await.unwrap_err();
        assert!(
            matches!(error, SocketError::Open { .. }),
            "{mode:o}: {error}"
        );
    }
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    Socket::listen(&path).await.unwrap();
}
