package taxid

import "strings"

// Each of these tells whether a number of the right shape, without the letters
// of its country, has the right check digits.

func austria(n string) bool {
	s := 4
	for i, d := range of(n[1:8]) {
		d *= 1 + i%2
		s += d/10 + d%10
	}
	return (10-s%10)%10 == last(n)
}

func belgium(n string) bool {
	n = padded(n, 10)
	return n[0] <= '1' && value(n[:8]) > 0 && 97-value(n[:8])%97 == value(n[8:])
}

func bulgaria(n string) bool {
	if len(n) == 9 {
		c := sum(n, 1, 2, 3, 4, 5, 6, 7, 8) % 11
		if c == 10 {
			c = sum(n, 3, 4, 5, 6, 7, 8, 9, 10) % 11 % 10
		}
		return c == last(n)
	}
	citizen := sum(n, 2, 4, 8, 5, 10, 9, 7, 3, 6) % 11 % 10
	foreigner := sum(n, 21, 19, 17, 13, 11, 9, 7, 3, 1) % 10
	other := (11 - sum(n, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11) % 11
	return citizen == last(n) || foreigner == last(n) || other == last(n)
}

func cyprus(n string) bool {
	odd := []int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21}
	s := 0
	for i, d := range of(n[:8]) {
		if i%2 == 0 {
			d = odd[d]
		}
		s += d
	}
	return !strings.HasPrefix(n, "12") && n[8] == byte('A'+s%26)
}

func czechia(n string) bool {
	switch {
	case len(n) == 8: // companies
		return n[0] != '9' && (11-sum(n, 8, 7, 6, 5, 4, 3, 2)%11)%10 == last(n)
	case len(n) == 9 && n[0] == '6': // persons without a birth number
		return (8-(10-sum(n[1:], 8, 7, 6, 5, 4, 3, 2)%11)%11+10)%10 == last(n)
	case len(n) == 9: // birth numbers, of before 1954
		return n[:2] <= "53"
	}
	return value(n)%11 == 0 || value(n[:9])%11%10 == int64(last(n))
}

func germany(n string) bool { return n[0] != '0' && mod11and10(n) }

func denmark(n string) bool { return n[0] != '0' && sum(n, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0 }

func estonia(n string) bool { return sum(n, 3, 7, 1, 3, 7, 1, 3, 7, 1)%10 == 0 }

func greece(n string) bool { return sum(n, 256, 128, 64, 32, 16, 8, 4, 2)%11%10 == last(n) }

func spain(n string) bool {
	const letters, companies = "TRWAGMYFPDXBNJZSQVHLCKE", "JABCDEFGHI"
	first, end := n[0], n[8]
	switch {
	case digit(rune(first)): // citizens
		return end == letters[value(n[:8])%23]
	case strings.IndexByte("XYZ", first) >= 0: // foreigners
		return end == letters[value(string('0'+first-'X')+n[1:8])%23]
	case strings.IndexByte("KLM", first) >= 0: // children, Spaniards abroad, foreigners without a number
		return end == letters[value(n[1:8])%23]
	case strings.IndexByte("ABCDEFGHJNPQRSUVW", first) < 0:
		return false
	}
	c := 0
	for i, d := range of(n[1:8]) {
		d *= 2 - i%2
		c += d/10 + d%10
	}
	c = (10 - c%10) % 10
	return end == byte('0'+c) || end == companies[c]
}

func finland(n string) bool { return sum(n, 7, 9, 10, 5, 8, 4, 2, 1)%11 == 0 }

func france(n string) bool {
	siren := n[2:]
	if !strings.HasPrefix(siren, "000") && !luhn(siren) { // those of Monaco begin with zeros, and are no SIREN
		return false
	}
	const letters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	a, b := int64(strings.IndexByte(letters, n[0])), int64(strings.IndexByte(letters, n[1]))
	switch {
	case a < 0 || b < 0:
		return false
	case a < 10 && b < 10:
		return (12+3*(value(siren)%97))%97 == a*10+b
	case a < 10:
		a = a*24 + b - 10
	default:
		a = a*34 + b - 100
	}
	return (value(siren)+1+a/11)%11 == a%11
}

func hungary(n string) bool { return sum(n, 9, 7, 3, 1, 9, 7, 3, 1)%10 == 0 }

func ireland(n string) bool {
	const letters = "WABCDEFGHIJKLMNOPQRSTUV"
	if letter(rune(n[1])) { // as they were given until 1993
		n = "0" + n[2:7] + n[:1] + n[7:]
	}
	s := sum(n, 8, 7, 6, 5, 4, 3, 2)
	if len(n) == 9 {
		i := strings.IndexByte(letters, n[8])
		if i < 0 {
			return false
		}
		s += 9 * i
	}
	return n[7] == letters[s%23]
}

func italy(n string) bool {
	office := value(n[7:10])
	return luhn(n) && value(n[:7]) > 0 && (office >= 1 && office <= 100 || office == 120 || office == 121 || office == 888 || office == 999)
}

func lithuania(n string) bool {
	if n[len(n)-2] != '1' {
		return false
	}
	weigh := func(from int) (s int) {
		for i, d := range of(n[:len(n)-1]) {
			s += d * (1 + (i+from)%9)
		}
		return s % 11
	}
	c := weigh(0)
	if c == 10 {
		c = weigh(2) % 10
	}
	return c == last(n)
}

func luxembourg(n string) bool { return value(n[:6])%89 == value(n[6:]) }

func latvia(n string) bool {
	switch {
	case n[0] > '3': // companies
		return sum(n, 9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1)%11 == 3
	case strings.HasPrefix(n, "32"): // persons' codes since 2017 have no check digit
		return true
	}
	return (1+sum(n, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9))%11%10 == last(n)
}

func malta(n string) bool { return value(n[:6]) >= 100000 && sum(n, 3, 4, 6, 7, 8, 9, 10, 1)%37 == 0 }

func netherlands(n string) bool {
	if n[10:] == "00" {
		return false
	}
	if sum(n, 9, 8, 7, 6, 5, 4, 3, 2)%11 == int(n[8]-'0') { // companies
		return true
	}
	// Persons since 2020: the letters as numbers, B is 11 and NL 2321.
	r := int64(2321)
	for _, d := range of(n[:9]) {
		r = (r*10 + int64(d)) % 97
	}
	return ((r*100+11)%97*100+value(n[10:]))%97 == 1
}

func poland(n string) bool { return sum(n, 6, 5, 7, 2, 3, 4, 5, 6, 7)%11 == last(n) }

func portugal(n string) bool {
	return n[0] != '0' && (11-sum(n, 9, 8, 7, 6, 5, 4, 3, 2)%11)%11%10 == last(n)
}

func romania(n string) bool {
	return n[0] != '0' && sum(padded(n, 10), 7, 5, 3, 2, 1, 7, 5, 3, 2)*10%11%10 == last(n)
}

func sweden(n string) bool { return luhn(n[:10]) && n[10:] != "00" }

func slovenia(n string) bool {
	c := 11 - sum(n, 8, 7, 6, 5, 4, 3, 2)%11
	return n[0] != '0' && c < 11 && c%10 == last(n)
}

func slovakia(n string) bool {
	return n[0] != '0' && strings.IndexByte("234789", n[2]) >= 0 && value(n)%11 == 0
}

func unitedKingdom(n string) bool {
	switch {
	case strings.HasPrefix(n, "GD"):
		return n[2:] < "500"
	case strings.HasPrefix(n, "HA"):
		return n[2:] >= "500"
	}
	r := sum(n, 8, 7, 6, 5, 4, 3, 2, 10, 1) % 97
	return value(n[:9]) > 0 && (r == 0 || n[0] != '0' && (r == 42 || r == 55))
}

func switzerland(n string) bool {
	return (11-sum(n, 5, 4, 3, 2, 7, 6, 5, 4)%11)%11 == int(n[8]-'0')
}

func norway(n string) bool { return sum(n, 3, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0 }
