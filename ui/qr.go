package ui

import (
	"context"
	"fmt"
	"image/color"
	"io"
	"strings"

	"github.com/a-h/templ"
	"github.com/boombuler/barcode/qr"
)

// quiet is how many modules of white a QR code needs around it (ISO/IEC 18004).
const quiet = 4

// QR draws a text as a QR code, to be scanned by a phone: dark on white, in the
// dark too. label names it for those who don't see it. What it says must stand
// beside it as text.
func QR(label, text string) templ.Component {
	path, side, err := qrPath(text)
	if err != nil {
		return templ.ComponentFunc(func(context.Context, io.Writer) error { return err })
	}
	return qrDrawing(label, path, side)
}

// qrPath draws a text as a QR code, a module one unit wide, and gives the length
// of its side, quiet zone included. A text longer than 2331 bytes does not fit.
func qrPath(text string) (path string, side int, err error) {
	code, err := qr.Encode(text, qr.M, qr.Unicode)
	if err != nil {
		return "", 0, err
	}
	var b strings.Builder
	size := code.Bounds().Dx()
	for y := range size {
		for x := 0; x < size; x++ {
			run := x
			for run < size && dark(code.At(run, y)) {
				run++
			}
			if run > x {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run-x, run-x)
				x = run
			}
		}
	}
	return b.String(), size + 2*quiet, nil
}

func dark(c color.Color) bool {
	r, _, _, _ := c.RGBA()
	return r < 0x8000
}
