// When a tool is read.

// Reads, listens, and reads once more, so that what happens in between is not lost. Returns what reads anew.
//
// The window's capturing phase hears events of the window and of the document, bubbling or not. At an event the tool
// is read at once, because a withdrawal must not wait and the page may be reloaded next; and after it once more,
// because some tools fire before they have changed their own state. A choice in another tab changes no object here: only
// the cookie jar tells of it, where the browser has `cookieStore`.
export function follow(read, names) {
  const reread = () => read(true);
  read();
  names.forEach((name) => {
    window.addEventListener(name, (event) => readAround(read, event), true);
  });
  if (window.cookieStore && window.cookieStore.addEventListener) window.cookieStore.addEventListener("change", reread);
  read();
  return reread;
}

// At a tool's word, and in a task of its own after it.
export function readAround(read, event) {
  read(event);
  setTimeout(read);
}

// For tools that announce nothing when they are ready: looks from 50 ms growing to 1 s, about 10 s in all.
export function lookAgain(read, isReady) {
  let pause_ms = 50, waited_ms = 0;
  (function look() {
    read();
    if (waited_ms > 1e4 || isThere(isReady)) return;
    setTimeout(look, pause_ms);
    waited_ms += pause_ms;
    pause_ms = Math.min(pause_ms * 1.5, 1e3);
  })();
}

// A tool that throws while it starts is not ready.
function isThere(isReady) {
  try {
    return isReady();
  } catch (error) {
    return false;
  }
}

// For tools that announce no change: their dialog is part of the page, so a choice is a click.
export function lookAfterClicks(read) {
  window.addEventListener("click", () => setTimeout(read), true);
}
