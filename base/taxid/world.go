package taxid

import "strings"

func australia(n string) bool {
	return n[0] != '0' && (sum(n, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)-10)%89 == 0
}

// brazil checks a CNPJ, which since 2026 may have letters, or a person's CPF.
func brazil(n string) bool {
	if len(n) == 11 {
		return n != strings.Repeat(n[:1], 11) &&
			sum(n, 10, 9, 8, 7, 6, 5, 4, 3, 2)*10%11%10 == int(n[9]-'0') &&
			sum(n, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)*10%11%10 == int(n[10]-'0')
	}
	return n != strings.Repeat(n[:1], 14) &&
		sum(n, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)*10%11%10 == int(n[12]-'0') &&
		sum(n, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)*10%11%10 == int(n[13]-'0')
}

func canada(n string) bool { return luhn(n[:9]) }

// india checks the last of a GSTIN's characters, which are digits of base 36.
func india(n string) bool {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	s := 0
	for i := range 14 {
		d := strings.IndexByte(digits, n[i]) * (1 + i%2)
		s += d/36 + d%36
	}
	return n[14] == digits[(36-s%36)%36]
}

func japan(n string) bool {
	return 9-sum(n[1:], 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1)%9 == int(n[0]-'0')
}
