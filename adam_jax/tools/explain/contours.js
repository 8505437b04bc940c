// Where is the surface equally high?  Marching squares that follow each contour until it closes.

// heights[j][i] of a grid whose outermost ring is Infinity, so that every contour closes inside; paths for SVG, in
// grid units, one a level, each the outline of all that is lower.
export function contours(heights, levels) {
  return levels.map((level) => loops(heights, level).map((loop) => `M${loop.join("L")}Z`).join(""));
}

function loops(heights, level) {
  const width = heights[0].length;
  const next = new Map(); // from the edge where a contour enters a cell to the edge where it leaves
  for (let j = 0; j + 1 < heights.length; j++) {
    for (let i = 0; i + 1 < width; i++) {
      const low = [heights[j][i], heights[j][i + 1], heights[j + 1][i + 1], heights[j + 1][i]].map((h) => h < level);
      if (low.every(Boolean) || !low.some(Boolean)) continue;
      const here = 2 * (j * width + i); // even numbers: edges along i; odd: along j
      const edges = [here, here + 3, here + 2 * width, here + 1];
      for (let k = 0; k < 4; k++) {
        if (!low[k] || low[(k + 1) % 4]) continue;
        let end = (k + 1) % 4;
        while (low[end] || !low[(end + 1) % 4]) end = (end + 1) % 4;
        next.set(edges[k], edges[end]);
      }
    }
  }
  const found = [];
  while (next.size) {
    const loop = [];
    for (let edge = next.keys().next().value; next.has(edge); ) {
      loop.push(crossing(heights, level, edge, width));
      const following = next.get(edge);
      next.delete(edge);
      edge = following;
    }
    found.push(loop);
  }
  return found;
}

function crossing(heights, level, edge, width) {
  const i = (edge >> 1) % width;
  const j = Math.floor((edge >> 1) / width);
  const [di, dj] = edge % 2 ? [0, 1] : [1, 0];
  const [a, b] = [heights[j][i], heights[j + dj][i + di]];
  let share = (level - a) / (b - a);
  if (!Number.isFinite(a)) share = 1;
  if (!Number.isFinite(b)) share = 0;
  return [(i + di * share).toFixed(2), (j + dj * share).toFixed(2)];
}
