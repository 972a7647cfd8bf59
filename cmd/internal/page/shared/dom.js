// Making and finding elements. No text ever becomes markup.

export const $ = (selector, root = document) => root.querySelector(selector);

// el makes an element. Properties that begin with "on" are listeners, "data"
// is a set of data attributes, the others are attributes; false and null leave
// one out.
export function el(tag, properties = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name || "div");
  if (classes.length) node.className = classes.join(" ");
  set(node, properties);
  node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

const svgSpace = "http://www.w3.org/2000/svg";

// svg makes an element of a drawing.
export function svg(tag, properties = {}, ...children) {
  const node = document.createElementNS(svgSpace, tag);
  set(node, properties);
  node.append(...children);
  return node;
}

function set(node, properties) {
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "data") Object.assign(node.dataset, value);
    else if (key === "value") node.value = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
}

// fill replaces the children of a node.
export function fill(node, ...children) {
  node.replaceChildren(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
}
