package tree

// Under returns a table with all keys of n, and those of another table, base, that n
// lacks; tables that both have are combined in the same way. Problems with the keys of
// base are at the node that names it. The nodes of n are its own.
func Under(n, base, at *Node) *Node {
	t := *n
	t.Table = map[string]*Node{}
	for key, child := range base.Table {
		c := child.Copy()
		c.place(at)
		t.Table[key] = c
	}
	for key, child := range n.Table {
		if below := base.Table[key]; below != nil && below.Kind == Table && child.Kind == Table {
			child = Under(child, below, at)
		}
		t.Table[key] = child
	}
	return &t
}

// place gives a node and all below it the position of another.
func (n *Node) place(at *Node) {
	n.KeyAt, n.ValueAt, n.From = at.KeyAt, at.ValueAt, at.From
	for _, child := range n.Table {
		child.place(at)
	}
	for _, child := range n.List {
		child.place(at)
	}
}
