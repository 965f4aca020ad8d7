// Starts a part that hardly any page loads: as WebAssembly, or the same code as plain JavaScript where the page's policy,
// the browser or the network refuses that. `engine` is the tag's `data-engine`. The probe is the smallest module there
// is: compiling it downloads nothing.
import start, * as part from "./glue.js";

var started;

async function choose(engine) {
  if (engine !== "js") {
    try {
      new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
      await start(
        await WebAssembly.compileStreaming(
          fetch(new URL("__PART_WASM__", import.meta.url), { integrity: "__PART_WASM_INTEGRITY__" }),
        ),
      );
      return part;
    } catch (error) {
      if (engine === "wasm") throw error;
    }
  }
  var fallback = await import("./__PART_FALLBACK__");
  await fallback.default();
  return fallback;
}

// The functions of the part. It is started once.
export default (engine) => (started = started || choose(engine));
