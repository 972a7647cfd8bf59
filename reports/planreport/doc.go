// Package planreport writes the answer of a plan in three formats: text, which
// is also valid Markdown, JSON, and a CSV table of all candidates.
//
// All three are views of one value, Plan, which has the structure of the JSON.
// It is plain data and depends on its inputs alone.
package planreport
