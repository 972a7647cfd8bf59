package replicate

import "gonum.org/v1/gonum/stat/distuv"

// studentT returns the bound that the absolute value of a Student's t variable
// with this many degrees of freedom does not exceed with the confidence.
func studentT(confidence float64, freedom int) float64 {
	return distuv.StudentsT{Sigma: 1, Nu: float64(freedom)}.Quantile((1 + confidence) / 2)
}

// normal is the same for the normal distribution.
func normal(confidence float64) float64 { return distuv.UnitNormal.Quantile((1 + confidence) / 2) }

// coinBelow returns the probability that n tosses of a fair coin show fewer
// than d heads.
func coinBelow(n, d int) float64 { return distuv.Binomial{N: float64(n), P: 0.5}.CDF(float64(d - 1)) }
