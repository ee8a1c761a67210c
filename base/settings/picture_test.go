package settings_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"strings"
	"testing"

	"atrium/base/config"
	"atrium/base/db"
	"atrium/base/settings"
	"atrium/fault"
)

func encoded(t *testing.T, i image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, i); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// chunk is a piece of a PNG file.
func chunk(kind string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, kind...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// sized is the beginning of a PNG that says it has so many pixels.
func sized(w, h uint32) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	return append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(head, 8, 6, 0, 0, 0))...)
}

func TestOnlyPNGsOfALogosSizeAreTaken(t *testing.T) {
	square := encoded(t, image.NewNRGBA(image.Rect(0, 0, 40, 40)))
	var animated bytes.Buffer
	if err := gif.Encode(&animated, image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.Black}), nil); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		file []byte
		says string
	}{
		{"nothing", nil, "Choose a PNG file."},
		{"a text", []byte("<script>alert(1)</script>"), "no PNG"},
		{"an SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "no PNG"},
		{"a GIF", animated.Bytes(), "no PNG"},
		{"a picture with a page behind its first bytes", append([]byte("\x89PNG\r\n\x1a\n"), "<html>"...), "no PNG"},
		{"too many bytes", make([]byte, settings.MostLogo+1), "larger than %d KB"},
		{"a bomb", append(sized(50000, 50000), chunk("IDAT", []byte("x\x9c"))...), "A logo may be"},
		{"too wide", encoded(t, image.NewNRGBA(image.Rect(0, 0, 1001, 10))), "A logo may be"},
		{"too high", encoded(t, image.NewNRGBA(image.Rect(0, 0, 10, 401))), "A logo may be"},
		{"half a picture", square[:len(square)/2], "damaged"},
	} {
		_, err := settings.ReadLogo(tt.file)
		e, ok := fault.As(err)
		if !ok || e.Kind != fault.Invalid || len(e.Fields) != 1 || e.Fields[0].Name != "logo" || !strings.Contains(e.Fields[0].Public, tt.says) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// What a file carries beside its pixels is not kept.
func TestALogoIsWrittenAnew(t *testing.T) {
	i := image.NewNRGBA(image.Rect(0, 0, 30, 20))
	i.Set(3, 4, color.NRGBA{1, 2, 3, 128})
	file := encoded(t, i)
	hidden := chunk("tEXt", []byte("Comment\x00<script>alert(1)</script>"))
	at := 8 + 25
	file = append(append(append([]byte{}, file[:at]...), hidden...), file[at:]...)
	file = append(file, "<?php evil(); ?>"...)
	each(t, func(h house) {
		s := h.process(config.Settings{})
		logo, err := settings.ReadLogo(file)
		h.must(err)
		set := func(i settings.Image, version int64) {
			h.Helper()
			h.must(h.WriteGlobal(h.Context(), db.Lock{}, func(tx *db.Tx) error {
				_, _, err := settings.SaveLogo(h.Context(), tx, s, settings.LightLogo, i, version, "Jonas")
				return err
			}))
			h.must(s.Reload(h.Context()))
		}
		set(logo, 0)
		now := h.now(s).Logos.Light
		if now.Width != 30 || now.Height != 20 || now.Hash == "" {
			h.Errorf("it is %+v", now)
		}
		kept, err := s.Logo(h.Context(), settings.LightLogo, now.Hash)
		h.must(err)
		if bytes.Contains(kept, []byte("script")) || bytes.Contains(kept, []byte("php")) {
			h.Error("what was hidden in the file is kept")
		}
		drawn, err := png.Decode(bytes.NewReader(kept))
		h.must(err)
		if got := color.NRGBAModel.Convert(drawn.At(3, 4)); got != (color.NRGBA{1, 2, 3, 128}) {
			h.Errorf("a pixel became %v", got)
		}
		set(settings.Image{}, 1)
		if now := h.now(s).Logos.Light; now.Hash != "" {
			h.Errorf("removed, it is %+v", now)
		}
		if _, err := s.Logo(h.Context(), settings.LightLogo, now.Hash); !fault.Is(err, fault.NotFound) {
			h.Errorf("removed, its content is %v", err)
		}
	})
}
