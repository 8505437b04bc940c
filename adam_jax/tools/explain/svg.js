// How is something drawn?  An SVG element inside another one, and each method's shape.

export function svg(name, attributes, parent) {
  const element = document.createElementNS(parent.namespaceURI, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent.append(element);
  return element;
}

// Paths around a centre, since colours alone do not tell methods apart.
export const SHAPES = {
  sgd: (x, y, r) => `M${x - r},${y}a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0Z`,
  momentum: (x, y, r) => `M${x - r},${y - r}h${2 * r}v${2 * r}h${-2 * r}Z`,
  rmsprop: (x, y, r) => `M${x},${y - 1.3 * r}l${1.3 * r},${2.3 * r}h${-2.6 * r}Z`,
  adam: (x, y, r) => `M${x},${y - 1.4 * r}l${1.4 * r},${1.4 * r}l${-1.4 * r},${1.4 * r}l${-1.4 * r},${-1.4 * r}Z`,
  adamw: (x, y, r) => `M${x},${y + 1.3 * r}l${1.3 * r},${-2.3 * r}h${-2.6 * r}Z`,
};
