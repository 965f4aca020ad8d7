// What tag.js calls, and how the module is started. The bundler leaves the rest of the bindings out.
export { default } from "./engine.js";
export {
  start,
  consent_command,
  fields,
  value_for,
  submitting,
  submitted,
  lead,
  forget,
  get,
  explain,
} from "./capture.js";
