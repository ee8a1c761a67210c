package taxid

// of are the digits of a number.
func of(number string) []int {
	d := make([]int, len(number))
	for i := range number {
		d[i] = int(number[i] - '0')
	}
	return d
}

// value is the number that digits write.
func value(number string) (n int64) {
	for _, d := range of(number) {
		n = n*10 + int64(d)
	}
	return n
}

// sum is the sum of the first digits, each times its weight.
func sum(number string, weights ...int) (s int) {
	for i, w := range weights {
		s += w * int(number[i]-'0')
	}
	return s
}

// last is the last digit of a number.
func last(number string) int { return int(number[len(number)-1] - '0') }

// luhn tells whether a number ends in its Luhn check digit (ISO/IEC 7812).
func luhn(number string) bool {
	s := 0
	for i, d := range of(number) {
		if (len(number)-i)%2 == 0 {
			d *= 2
		}
		s += d/10 + d%10
	}
	return s%10 == 0
}

// mod11and10 tells whether a number ends in its check digit by ISO/IEC 7064,
// MOD 11,10.
func mod11and10(number string) bool {
	p := 10
	for _, d := range of(number[:len(number)-1]) {
		s := (p + d) % 10
		if s == 0 {
			s = 10
		}
		p = s * 2 % 11
	}
	return (p+last(number))%10 == 1
}
