package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// checkFile makes sure that path is a file which this process may write, in a
// folder where it may make files, and creates it, readable by its owner only.
// SQLite itself would only say "unable to open".
//
// A file that is there is not opened: closing it would take away the locks that
// SQLite holds on it in this process.
func checkFile(path string) error {
	folder := filepath.Dir(path)
	if err := unix.Faccessat(unix.AT_FDCWD, folder, unix.W_OK|unix.X_OK, unix.AT_EACCESS); err != nil {
		return explainFile(folder, err) // SQLite keeps its log beside the file
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		return f.Close()
	}
	if !errors.Is(err, fs.ErrExist) {
		return explainFile(path, err)
	}
	if i, err := os.Stat(path); err == nil && !i.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file", path)
	}
	if err := unix.Faccessat(unix.AT_FDCWD, path, unix.R_OK|unix.W_OK, unix.AT_EACCESS); err != nil {
		return explainFile(path, err)
	}
	return nil
}

// explainFile says in a sentence why a file or folder can't be used.
func explainFile(path string, err error) error {
	var e coded
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s does not exist: create it, or give another address of the database", path)
	case errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%s is on a read-only file system", path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s may not be written by user %d, who runs Atrium%s", path, os.Geteuid(), owner(path))
	case errors.As(err, &e) && e.Code() == 26: // SQLITE_NOTADB
		return fmt.Errorf("%s is not a SQLite database", path)
	}
	return fmt.Errorf("%s can't be opened: %w", path, err)
}

// owner tells whose path is, to go on a sentence.
func owner(path string) string {
	i, err := os.Stat(path)
	if err != nil {
		return ""
	}
	if s, ok := i.Sys().(*syscall.Stat_t); ok {
		return fmt.Sprintf(": it belongs to user %d and has the mode %v", s.Uid, i.Mode().Perm())
	}
	return ""
}

// folderLock has one process migrate at a time: whoever has the lock on the
// database's folder. It goes with its process.
type folderLock struct {
	path   string
	folder *os.File
}

// Lock waits for the lock.
func (l *folderLock) Lock(ctx context.Context, _ *sql.DB) error {
	folder, err := os.Open(l.path)
	if err != nil {
		return err
	}
	for {
		err := unix.Flock(int(folder.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			l.folder = folder
			return nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			return errors.Join(err, folder.Close())
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return errors.Join(ctx.Err(), folder.Close())
		}
	}
}

// Unlock gives the lock back.
func (l *folderLock) Unlock(context.Context, *sql.DB) error { return l.folder.Close() }
