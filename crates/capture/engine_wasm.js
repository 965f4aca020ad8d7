// Starts the module as WebAssembly; the tag hands it in compiled.
import { imports, run } from "./__PART__.js";

export default async function (compiled) {
  run((await WebAssembly.instantiate(compiled, imports())).exports);
}
