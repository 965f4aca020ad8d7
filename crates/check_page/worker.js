// Runs the checks beside the page. It fetches the module once, when it starts, and nothing afterwards: the page's policy lets
// it reach no other origin, and no line below asks for one.
import start, { file, pasted } from "./check_page.js";

const module = fetch("./__MODULE__", { integrity: "__INTEGRITY__" });
const started = start({ module_or_path: module }).then(
  () => postMessage({ isReady: true }),
  () => postMessage({ isReady: false }),
);

// `{ text }` or `{ file }`, and a number that comes back with the answer: the core's JSON, or none where it failed.
addEventListener("message", async ({ data: { number, text, file: given } }) => {
  await started;
  try {
    const answer = given ? file(new Uint8Array(await given.arrayBuffer()), Date.now()) : pasted(text, Date.now());
    postMessage({ number, answer });
  } catch {
    // A file that went away while it was read, or memory that ran out.
    postMessage({ number });
  }
});
