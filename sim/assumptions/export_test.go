package assumptions

// Conditions are the table, for the tests of another package.
var Conditions = conditions
