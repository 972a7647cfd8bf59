// Asking the server, by the paths that sesim clock, act and calls use as well.

import { Problem } from "../shared/load.js";

const root = new URL("../../", import.meta.url); // of the server's own paths

// ask makes a request and returns the answer. What the server refuses is a
// Problem; a server that has ended, another error.
export async function ask(method, path, body) {
  const response = await fetch(new URL(path, root), {
    method, body: body && JSON.stringify(body), headers: { "Content-Type": "application/json", "Sesim-Admin": "page" },
  });
  const answer = await response.json();
  if (!response.ok) throw new Problem(answer.error);
  return answer;
}
