// What the fakes of hosted consent tools stand on. A fake is our own code: it has the names, the order and the traps that
// the vendor's documents and consumers tell of, and nothing else. Each puts into `tool` what its visitor can do:
//   choose(isGranted)  presses a button: keeps the answer, changes the tool's object, and announces it
//   keep(isGranted)    what another tab's choice changes here: the device only, the object stays as it was
//   lose()             the kept answer is gone from the device
window.knobs = new URLSearchParams(location.search);
window.tool = {};

function keepCookie(name, text) {
  document.cookie = `${name}=${encodeURIComponent(text)}; Path=/`;
}
function keptCookie(name) {
  const pair = document.cookie.split("; ").find((pair) => pair.startsWith(name + "="));
  return pair ? decodeURIComponent(pair.slice(name.length + 1)) : null;
}
function loseCookie(name) {
  document.cookie = `${name}=; Path=/; Max-Age=0`;
}
function fire(target, name, detail) {
  target.dispatchEvent(new CustomEvent(name, { detail }));
}
