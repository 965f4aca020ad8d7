// The value of a cookie as it stands in the jar now, which other tabs and a page restored from the back/forward cache
// share, while a tool's object in the page may be older. `undefined` when there is none.
export function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(name + "="));
  return found && found.slice(name.length + 1);
}
