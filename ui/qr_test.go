package ui

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// A reader other than the writer finds the text in what is drawn.
func TestAQRCodeCanBeRead(t *testing.T) {
	for _, text := range []string{
		"otpauth://totp/Atrium:maja%40nordlicht-studio.example?secret=ATRIUMDEMODEMODEMODEMODEMODEMODE&issuer=Atrium",
		"otpauth://totp/" + strings.Repeat("x", 300) + "?secret=ATRIUMDEMODEMODEMODEMODEMODEMODE", "A",
	} {
		path, side, err := qrPath(text)
		if err != nil {
			t.Fatal(err)
		}
		pixels, err := gozxing.NewBinaryBitmapFromImage(pixelsOf(t, path, side))
		if err != nil {
			t.Fatal(err)
		}
		read, err := qrcode.NewQRCodeReader().Decode(pixels, nil)
		if err != nil || read.GetText() != text {
			t.Errorf("read is %v, %v, want %q", read, err, text)
		}
	}
	if _, _, err := qrPath(strings.Repeat("x", 2500)); err == nil {
		t.Error("a text that does not fit is drawn")
	}
}

// pixelsOf fills the runs of a path, eight pixels a module.
func pixelsOf(t *testing.T, path string, side int) image.Image {
	t.Helper()
	const size = 8
	img := image.NewGray(image.Rect(0, 0, side*size, side*size))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	for run := range strings.SplitSeq(strings.Trim(path, "Mz"), "zM") {
		var x, y, long, back int
		if _, err := fmt.Sscanf(run, "%d %dh%dv1h%d", &x, &y, &long, &back); err != nil || back != -long {
			t.Fatalf("the run %q: %v", run, err)
		}
		draw.Draw(img, image.Rect(x*size, y*size, (x+long)*size, (y+1)*size), image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	return img
}

func TestAQRCodeHasANameAndNoStyle(t *testing.T) {
	var b bytes.Buffer
	if err := QR("Scan <me>", "A").Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	svg := b.String()
	for _, want := range []string{`role="img"`, `aria-label="Scan &lt;me&gt;"`, `fill="#fff"`} {
		if !strings.Contains(svg, want) {
			t.Errorf("%s is not in %s", want, svg)
		}
	}
	if strings.Contains(svg, "style") {
		t.Error("the content security policy forbids a style")
	}
}
