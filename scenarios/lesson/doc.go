// Package lesson reads the lessons of the classroom, which are files: a folder for each, with
// lesson.toml, and beside it the scenario unless a shipped one is meant. The lessons of a
// set stand in one folder, ordered by the numbers that their names begin with:
//
//	my-lessons/1-holidays/lesson.toml
//	my-lessons/1-holidays/scenario.toml
//	my-lessons/2-after-the-sale/lesson.toml
//
// A lesson has words in one or more languages, a prediction whose right answer the run
// decides, controls that set keys of the scenario, and tasks with goals. Its texts hold places
// for figures, {refused}, that are taken from runs of the scenario and its variants. Whatever
// a lesson says about a run can thus be checked by running it: Check does.
//
// The files of a set:
//
//	lesson.toml    the lesson; see template.toml for its keys
//	moves.json     beside the lessons, may be missing: by lesson and figure, the
//	               parameters that AWS does not publish with which the figure changes
//
// The package leaves out how a lesson is shown, and runs nothing itself: Check is given what
// runs a scenario.
package lesson
