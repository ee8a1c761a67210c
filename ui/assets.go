package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed assets/*
var files embed.FS

// Assets serves the stylesheet, the script and the icon. Their URLs hold a hash
// of their content, so browsers keep them for ever and a new version is seen at
// once.
type Assets struct {
	urls  map[string]string // by name: "atrium.css"
	files map[string]asset  // by path: "/assets/atrium.0f3a….css"
}

type asset struct {
	kind  string
	plain []byte
	gzip  []byte // nil when not smaller
}

// NewAssets reads and compresses the embedded files.
func NewAssets() (*Assets, error) {
	a := &Assets{urls: map[string]string{}, files: map[string]asset{}}
	names, err := fs.Glob(files, "assets/*")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		plain, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("asset %s: %w", name, err)
		}
		if err := a.add(path.Base(name), plain); err != nil {
			return nil, fmt.Errorf("asset %s: %w", name, err)
		}
	}
	return a, nil
}

func (a *Assets) add(name string, plain []byte) error {
	kind, ok := contentType(path.Ext(name))
	if !ok {
		return fmt.Errorf("no content type for %q", path.Ext(name))
	}
	packed, err := compress(plain)
	if err != nil {
		return err
	}
	if len(packed) >= len(plain) {
		packed = nil
	}
	sum := sha256.Sum256(plain)
	ext := path.Ext(name)
	url := "/assets/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	a.urls[name] = url
	a.files[url] = asset{kind: kind, plain: plain, gzip: packed}
	return nil
}

// URL gives the address of an asset, e.g. of "atrium.css". Asking for one that
// is not embedded is a mistake in the program: it panics.
func (a *Assets) URL(name string) string {
	url, ok := a.urls[name]
	if !ok {
		panic("ui: no asset " + name)
	}
	return url
}

// ServeHTTP answers GET and HEAD under /assets/.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	f, ok := a.files[r.URL.Path]
	if !ok {
		h.Set("Cache-Control", "no-store")
		http.Error(w, "Not found", http.StatusNotFound)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "Method not allowed", http.StatusMethodNotAllowed)
		return
	}
	body := f.plain
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if f.gzip != nil {
		h.Set("Vary", "Accept-Encoding")
		if takesGzip(r.Header.Values("Accept-Encoding")) {
			h.Set("Content-Encoding", "gzip")
			body = f.gzip
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		w.Write(body) // the reader went away: nothing to do
	}
}

// takesGzip tells whether an Accept-Encoding header allows gzip.
func takesGzip(headers []string) bool {
	for part := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		name, param, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			q, ok := strings.CutPrefix(strings.ReplaceAll(param, " ", ""), "q=")
			weight, err := strconv.ParseFloat(q, 64)
			return !ok || err == nil && weight > 0
		}
	}
	return false
}

func contentType(ext string) (string, bool) {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8", true
	case ".js":
		return "text/javascript; charset=utf-8", true
	case ".svg":
		return "image/svg+xml", true
	}
	return "", false
}

func compress(plain []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
