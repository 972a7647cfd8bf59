// Package tree reads the text of a TOML file into a tree of nodes that know
// where they are in it, changes values of the tree or of the text, and
// collects the problems that readers of the tree find, by position.
//
// It knows no key of a scenario. A file is read in two steps:
//
//	scan    our own scanner finds keys, tables and where values begin, and
//	        refuses what the TOML library cannot cope with: deep nesting, keys
//	        that cost too much, strings with line breaks
//	decode  the library reads the values into the nodes
//
// # Vocabulary
//
// A key's path is how a problem and --set name it: "account.acme.quota", with
// entities under their names, and "account.acme.request[0].at" where they have
// none; numbers in brackets count from 0. An override replaces the value at a
// path. A node is reported if a problem with it is known and no reader needs
// to look at it again.
package tree
