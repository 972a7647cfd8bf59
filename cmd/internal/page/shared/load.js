// Fetching what the server has, and what it says is wrong.

// Problem is an answer that says what is wrong; busy, that too many others ask.
export class Problem extends Error {
  constructor(message, busy = false) {
    super(message);
    this.busy = busy;
  }
}

// load fetches something that never changes.
export async function load(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Problem(path + ": " + response.status);
  return response.json();
}
