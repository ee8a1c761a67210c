package settings

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"image"
	"image/draw"
	"image/png"

	"atrium/base/db"
	"atrium/fault"
)

// What a logo may be at most: bytes as it comes, and pixels.
const (
	MostLogo   = 256 << 10
	MostWidth  = 1000
	MostHeight = 400
	mostStored = 2 * MostLogo // after it was written anew
)

// The names of the logos: for light pages and for dark ones.
const (
	LightLogo = "light"
	DarkLogo  = "dark"
)

// An Image is a logo that was checked.
type Image struct {
	Picture
	png []byte
}

// ReadLogo decodes a PNG and writes it anew: nothing of the file is kept but its
// pixels. What is none, or too large, is Invalid at the field "logo"; no more
// is unpacked than a logo may have pixels.
func ReadLogo(file []byte) (Image, error) {
	bad := func(sentence string, args ...any) (Image, error) {
		return Image{}, fault.FieldErr("logo", "logo", sentence, args...)
	}
	if len(file) == 0 {
		return bad("Choose a PNG file.")
	}
	if len(file) > MostLogo {
		return bad("This file is larger than %d KB.", MostLogo>>10)
	}
	head, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return bad("This file is no PNG picture.")
	}
	if head.Width > MostWidth || head.Height > MostHeight || head.Width < 1 || head.Height < 1 {
		return bad("This picture is %d by %d pixels. A logo may be %d by %d at most.", head.Width, head.Height, MostWidth, MostHeight)
	}
	decoded, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		return bad("This file is damaged: it can't be read to its end.")
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, plain(decoded)); err != nil {
		return Image{}, err
	}
	if b.Len() > mostStored {
		return bad("This picture has too many details for a logo. Make it smaller.")
	}
	sum := sha256.Sum256(b.Bytes())
	return Image{Picture{hex.EncodeToString(sum[:8]), head.Width, head.Height}, b.Bytes()}, nil
}

// plain has eight bits a colour, or a palette.
func plain(i image.Image) image.Image {
	if p, ok := i.(*image.Paletted); ok {
		return p
	}
	at := image.NewNRGBA(i.Bounds())
	draw.Draw(at, at.Bounds(), i, i.Bounds().Min, draw.Src)
	return at
}

// SaveLogo writes a logo, or takes it away when it is the zero Image, like Save.
// name is LightLogo or DarkLogo.
func SaveLogo(ctx context.Context, tx *db.Tx, s *Store, name string, i Image, version int64, by string) (was, is Logos, err error) {
	next, _, err := stored[Logos](ctx, tx, s)
	if err != nil {
		return was, is, err
	}
	if name == DarkLogo {
		next.Dark = i.Picture
	} else {
		next.Light = i.Picture
	}
	if was, is, err = Save(ctx, tx, s, next, version, by); err != nil {
		return was, is, err
	}
	if i.Hash == "" {
		return was, is, deletePNG(ctx, tx, name)
	}
	return was, is, upsertPNG(ctx, tx, name, i.Hash, base64.StdEncoding.EncodeToString(i.png))
}

// Logo is the PNG of a logo that is in force, NotFound if it was replaced.
func (s *Store) Logo(ctx context.Context, name, hash string) ([]byte, error) {
	text, err := findPNG(ctx, s.db.Auto(), name, hash)
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(text)
}
