// Starts the module as plain JavaScript, which binaryen's wasm2js made of the same WebAssembly.
import { imports, run } from "./__PART__.js";
import instantiate from "./module.js";

export default async function () {
  run(instantiate(imports()));
}
