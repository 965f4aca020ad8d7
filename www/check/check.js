// Ties the page together: what a person hands in goes to a worker (`worker.js`, made from the core), and its answer is drawn
// (`answer.js`). Nothing is sent anywhere: the worker is a part of this tab.

import { drawFile, drawIds, drawNothing, summaryOfFile, summaryOfIds } from "./answer.js";
import { exampleFile, exampleId } from "./examples.js";

const form = document.getElementById("ask-id");
const pasted = document.getElementById("pasted");
const input = document.getElementById("file");
const drop = document.getElementById("drop");
const trouble = document.getElementById("trouble");
const summary = document.getElementById("summary");
const details = document.getElementById("details");

// As the core has it (`limits.rs`); a file above it is not even read.
const FILE_BYTES_MAX = 64 * 1024 * 1024;
const WITHOUT_MODULE =
  "The checks could not be started: this browser runs no WebAssembly, or a part of this page was not loaded. The command cargo run --package checker says the same.";

// The answers that are still to come, by number.
const waiting = new Map();
let asked = 0;
const worker = startWorker();

function startWorker() {
  try {
    const started = new Worker(new URL("./worker.js", import.meta.url));
    started.addEventListener("message", ({ data }) => {
      if (data.isReady === true) document.documentElement.dataset.ready = "";
      else if (data.isReady === false) say(WITHOUT_MODULE);
      else take(data);
    });
    started.addEventListener("error", () => say(WITHOUT_MODULE));
    return started;
  } catch {
    say(WITHOUT_MODULE);
    return null;
  }
}

function say(words) {
  trouble.textContent = words;
  trouble.hidden = false;
}

// Only the newest question is answered: who asks again has given the older one up.
function ask(question, draw) {
  if (!worker) return;
  const number = (asked += 1);
  waiting.clear();
  waiting.set(number, draw);
  summary.textContent = "Checking …";
  details.replaceChildren();
  worker.postMessage({ ...question, number });
}

function take({ number, answer }) {
  const draw = waiting.get(number);
  if (!draw) return;
  waiting.delete(number);
  if (answer === undefined) {
    summary.textContent = "The file could not be read. It may have been moved, or be too large for this device.";
    return;
  }
  draw(JSON.parse(answer));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask({ text: pasted.value }, (ids) => {
    summary.textContent = summaryOfIds(ids);
    details.replaceChildren(...drawIds(ids));
  });
});

// Enter checks, because an id has one line; with Shift it breaks the line.
pasted.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

document.getElementById("example-id").addEventListener("click", () => {
  pasted.value = exampleId(Date.now());
  form.requestSubmit();
});

function checkFile(file) {
  if (file.size > FILE_BYTES_MAX) {
    waiting.clear();
    summary.textContent = `${file.name} has more than 64 MB, which is the most that is looked at here. Split it.`;
    details.replaceChildren();
    return;
  }
  ask({ file }, (answer) => {
    if (answer.unreadable) {
      summary.textContent = `${file.name} cannot be checked. ${answer.unreadable.advice}`;
      details.replaceChildren(drawNothing(answer.unreadable));
      return;
    }
    summary.textContent = summaryOfFile(file.name, answer.report);
    details.replaceChildren(...drawFile(answer.report));
  });
}

input.addEventListener("change", () => {
  const [file] = input.files;
  if (file) checkFile(file);
  // The same file may be chosen again after it was mended.
  input.value = "";
});

document.getElementById("example-file").addEventListener("click", () => checkFile(exampleFile(Date.now())));

// A file that misses the card must not replace the page.
for (const name of ["dragover", "drop"]) {
  addEventListener(name, (event) => event.preventDefault());
}
addEventListener("dragover", () => (drop.dataset.drop = ""));
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) delete drop.dataset.drop;
});
addEventListener("drop", (event) => {
  delete drop.dataset.drop;
  const [file] = event.dataTransfer?.files ?? [];
  if (file) checkFile(file);
});
