// What tag.js calls. The bundler leaves the rest of the bindings out.
export {
  default,
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
