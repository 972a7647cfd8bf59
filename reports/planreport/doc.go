// Package planreport words the answer of a plan: for people, as text that is
// Markdown too, for programs, as JSON, and as a table of all candidates.
//
// All three are views of one value, Plan, which is what the JSON holds. It is
// plain data and depends on its inputs alone.
package planreport
