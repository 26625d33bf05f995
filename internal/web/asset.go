package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed static/*.css static/*.js static/*.svg static/*.png static/*.webmanifest static/fonts/*.woff2
var static embed.FS

// An asset is a file of static/, served under a name that holds its checksum, so that a browser never asks for it twice.
type asset struct {
	name string // "app.css", "fonts/inter-400.woff2"
	sum  string // first characters of the SHA-256 of what is served
	kind string // media type
	body []byte
	gzip func() []byte // body compressed, once; nil when it does not get smaller
}

func (a *asset) url() string { return "/static/" + a.sum + "/" + a.name }

// sheets are served as one stylesheet, app.css, in this order.
var sheets = []string{"tokens.css", "app.css", "frame.css"}

// assets are read once, at the first request for a page. Those that name others ("/static/icon.svg") name them with
// their checksum.
var assets = sync.OnceValue(func() map[string]*asset {
	all := map[string]*asset{}
	add := func(name string, body []byte) {
		h := sha256.Sum256(body)
		a := &asset{name: name, sum: hex.EncodeToString(h[:5]), body: body, kind: mime.TypeByExtension(path.Ext(name))}
		switch path.Ext(name) { // not what the machine's own tables say
		case ".js":
			a.kind = "text/javascript; charset=utf-8"
		case ".css":
			a.kind = "text/css; charset=utf-8"
		case ".svg":
			a.kind = "image/svg+xml"
		case ".webmanifest":
			a.kind = "application/manifest+json"
		case ".woff2":
			a.kind = "font/woff2"
		}
		if a.kind != "font/woff2" && a.kind != "image/png" {
			a.gzip = sync.OnceValue(func() []byte { return squeeze(body, gzip.BestCompression) })
		}
		all[name] = a
	}
	var names []string
	err := fs.WalkDir(static, "static", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, strings.TrimPrefix(name, "static/"))
		}
		return err
	})
	if err != nil {
		panic(err) // the files are in the binary
	}
	read := func(name string) []byte {
		b, err := static.ReadFile("static/" + name)
		if err != nil {
			panic(err)
		}
		return b
	}
	naming := func(name string) bool { return path.Ext(name) == ".css" || path.Ext(name) == ".webmanifest" }
	var pairs []string
	for _, name := range names {
		if !naming(name) {
			add(name, read(name))
			pairs = append(pairs, "/static/"+name, all[name].url())
		}
	}
	// A longer name first: "/static/icon.svg" is not the beginning of another.
	rename := strings.NewReplacer(pairs...)
	var sheet bytes.Buffer
	for _, name := range sheets {
		sheet.Write(read(name))
		sheet.WriteByte('\n')
	}
	add("app.css", []byte(rename.Replace(sheet.String())))
	for _, name := range names {
		if naming(name) && !slices.Contains(sheets, name) {
			add(name, []byte(rename.Replace(string(read(name)))))
		}
	}
	return all
})

// assetURL returns the address of an asset; a name that does not exist is a defect.
func assetURL(name string) string {
	a := assets()[name]
	if a == nil {
		panic("web: no asset " + name)
	}
	return a.url()
}

func squeeze(b []byte, level int) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, level)
	if err != nil {
		panic(err)
	}
	_, _ = w.Write(b) // to memory
	_ = w.Close()
	return out.Bytes()
}

// serveAsset answers /static/{sum}/{name...}. An old checksum gets today's file, without the promise that it will last.
func serveAsset(w http.ResponseWriter, r *http.Request) {
	a := assets()[r.PathValue("name")]
	if a == nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=300")
	if r.PathValue("sum") == a.sum {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	etag := `"` + a.sum + `"`
	h.Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.body
	if a.gzip != nil {
		h.Set("Vary", "Accept-Encoding")
		if acceptsGzip(r) {
			h.Set("Content-Encoding", "gzip")
			body = a.gzip()
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the browser may have left
	}
}

// acceptsGzip reads Accept-Encoding; "gzip;q=0" is a refusal.
func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if (name == "gzip" || name == "*") && strings.Trim(strings.TrimPrefix(strings.TrimSpace(weight), "q="), "0.") != "" || name == "gzip" && weight == "" {
			return true
		}
	}
	return false
}
