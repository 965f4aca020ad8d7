// What loader.js calls, and how the module is started. The bundler leaves the rest of the bindings out.
export { default } from "./engine.js";
export { user } from "./user_data.js";
