package replicate

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// The last bits of the library's results depend on the processor. Results do not:
// they are rounded, or computed here from them in arithmetic that is the same
// everywhere. Conversions keep multiplications and additions apart, see the Go
// specification, "Floating-point operators".

// studentT returns the bound that the absolute value of a Student's t variable
// with this many degrees of freedom does not exceed with the confidence.
func studentT(confidence float64, freedom int) float64 {
	of := distuv.StudentsT{Sigma: 1, Nu: float64(freedom)}
	t := float64(float32(of.Quantile((1 + confidence) / 2)))
	slope := 2 * float64(float32(of.Prob(t)))
	return t + (confidence-within(t, freedom))/slope // Newton's method: one step from 8 digits to 15

}

// within returns the probability that the absolute value of a Student's t variable
// does not exceed t: a finite sum, see Abramowitz and Stegun, Handbook of
// Mathematical Functions, 26.7.3 and 26.7.4.
func within(t float64, freedom int) float64 {
	n, square := float64(freedom), float64(t*t)
	cos2 := n / (n + square)
	sum, term := 0.0, 1.0
	for k := 2 + freedom%2; k <= freedom; k += 2 {
		sum += term
		term = float64(term * cos2 * float64(k-1) / float64(k))
	}
	sum = float64(sum * t / math.Sqrt(n+square))
	if freedom%2 == 0 {
		return sum
	}
	return 2 / math.Pi * (arctan(t/math.Sqrt(n)) + float64(sum*math.Sqrt(cos2)))
}

// arctan halves the angle until its series converges quickly.
func arctan(x float64) float64 {
	halvings := 0
	for ; math.Abs(x) > 0.1; halvings++ {
		x /= 1 + math.Sqrt(1+float64(x*x))
	}
	square, power, sum := float64(x*x), x, 0.0
	for k := 1; k < 20; k += 2 {
		sum += power / float64(k)
		power = float64(-power * square)
	}
	return math.Ldexp(sum, halvings)
}

// normal is the same for the normal distribution.
func normal(confidence float64) float64 {
	const scale = 1 << 34 // ten digits
	return math.Round(distuv.UnitNormal.Quantile((1+confidence)/2)*scale) / scale
}

// coinBelow returns the probability that n tosses of a fair coin show fewer
// than d heads.
func coinBelow(n, d int) float64 {
	const shift = 500 // keeps the sum of the coefficients within the range of a float64
	sum, term, exponent := 0.0, 1.0, -n
	for i := range d {
		sum += term
		term = term * float64(n-i) / float64(i+1)
		if sum > 1<<shift {
			sum, term, exponent = math.Ldexp(sum, -shift), math.Ldexp(term, -shift), exponent+shift
		}
	}
	return math.Ldexp(sum, exponent)
}
